import { type ChangeState, standing } from '../domain/session.ts';
import { type AppState, controlById } from '../store/state.ts';
import { age, count, someOf } from './words.ts';

/** Something the undo list offers: a scope, what it holds, and why it cannot be undone now. */
export type UndoItem = {
  readonly id: string;
  readonly label: string;
  readonly scope: string;
  readonly age: string;
  readonly changes: readonly string[];
  readonly blocker?: string;
};

/** What can be undone: the whole session, each node, each change, newest first. */
export function undoItems(state: AppState): readonly UndoItem[] {
  const changes = standing(state.session);
  if (changes.length === 0) return [];
  const nodes = [...new Set(changes.map((c) => c.change.node))];
  return [
    item(state, 'session', 'The whole session', changes),
    ...nodes.map((node) =>
      item(
        state,
        `node ${node}`,
        `Everything on ${node}`,
        changes.filter((c) => c.change.node === node),
      ),
    ),
    ...changes.map((c) =>
      item(
        state,
        c.change.id,
        `${c.change.node}: ${controlById(state, c.change.control)?.title ?? c.change.control}`,
        [c],
      ),
    ),
  ];
}

function item(state: AppState, id: string, label: string, of: readonly ChangeState[]): UndoItem {
  const nodes = [...new Set(of.map((c) => c.change.node))];
  const blocker = blockerOf(state, of);
  return {
    id,
    label,
    scope: of.length === 1 ? steps(of[0]) : `${count(of.length, 'change')} on ${someOf(nodes)}`,
    age: age(of[0]?.at ?? '', Math.max(state.now, Date.parse(state.session.lastAt) || 0)),
    changes: of.map((c) => c.change.id),
    ...(blocker ? { blocker } : {}),
  };
}

function steps(of: ChangeState | undefined): string {
  const all = of?.change.steps ?? [];
  const lasting = all.filter((s) => s.kind !== 'run').length;
  return `${count(all.length, 'step')}${lasting < all.length ? ', some leave nothing to undo' : ''}`;
}

function blockerOf(state: AppState, of: readonly ChangeState[]): string | undefined {
  if (state.session.readOnly) return 'this session is read-only';
  const stuck = of.find((c) => controlById(state, c.change.control)?.impact === 'irreversible');
  if (stuck) {
    const title = controlById(state, stuck.change.control)?.title ?? stuck.change.control;
    return of.length === 1 ? 'it cannot be undone' : `“${title}” cannot be undone`;
  }
  const refused = of.find((c) => c.undo?.outcome?.kind === 'refused');
  if (refused && of.length > 1) return `an undo on ${refused.change.node} was refused; look at it alone`;
  return undefined;
}
