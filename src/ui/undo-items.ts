import { type ChangeState, isRepair, standing } from '../domain/session.ts';
import { isHere, reachOf } from '../domain/undo.ts';
import { undoBlocker } from '../domain/undo-order.ts';
import { type AppState, controlById, walked } from '../store/state.ts';
import { changeName } from './cause-name.ts';
import { isConnected } from './standing.ts';
import { age, count, someOf } from './words.ts';

/** Something the undo list offers: a scope, what it holds, and why it cannot be undone now. */
export type UndoItem = {
  readonly id: string;
  readonly label: string;
  /** How much it is, in two words. */
  readonly size: string;
  /** The same as a sentence. */
  readonly scope: string;
  readonly age: string;
  readonly changes: readonly string[];
  readonly blocker?: string;
};

/**
 * What can be undone, the smallest first: the changes of the open control from the newest and all of them, then every other
 * change from the newest, everything on a node, the whole session.
 */
export function undoItems(state: AppState): readonly UndoItem[] {
  const changes = standing(state.session);
  if (changes.length === 0) return [];
  const nodes = [...new Set(changes.map((c) => c.change.node))];
  const own = ofOpenControl(state, changes);
  const title = titleOf(state, own[0]);
  const single = (c: ChangeState): UndoItem =>
    item(state, c.change.id, `${c.change.node}: ${titleOf(state, c)}`, [c]);
  return [
    ...own.map(single),
    ...(own.length > 1
      ? [
          item(
            state,
            ownId,
            `${isRepair(state.session) ? 'Everywhere' : 'This control everywhere'}: ${title}`,
            own,
            isRepair(state.session) ? `every ${title}: ` : `all of “${title}”: `,
          ),
        ]
      : []),
    ...changes.filter((c) => !own.includes(c)).map(single),
    ...nodes.map((node) =>
      item(
        state,
        `node ${node}`,
        `Everything on ${node}`,
        changes.filter((c) => c.change.node === node),
        `everything this session did on ${node}: `,
      ),
    ),
    item(state, 'session', 'The whole session', changes, 'the whole session: '),
  ];
}

/** Where the highlight begins: the newest change of the open control, else the newest of all. Never more than one change. */
export function firstUndo(state: AppState): string | undefined {
  const changes = standing(state.session);
  return (ofOpenControl(state, changes)[0] ?? changes[0])?.change.id;
}

/** Whether an item of the list is about the open control and nothing else. */
export function isOfOpenControl(state: AppState, id: string): boolean {
  return id === ownId || ofOpenControl(state, standing(state.session)).some((c) => c.change.id === id);
}

/** What undoing these changes takes back, as a sentence without its stop. */
export function undoScope(state: AppState, ids: readonly string[]): string {
  const same = undoItems(state).find(
    (i) => i.changes.length === ids.length && i.changes.every((id) => ids.includes(id)),
  );
  const changes = state.session.changes.filter((c) => ids.includes(c.change.id));
  return same?.scope ?? scopeOf(state, changes, '');
}

const ownId = 'this control';

function ofOpenControl(state: AppState, changes: readonly ChangeState[]): readonly ChangeState[] {
  const { control } = state.view;
  return state.session.step === 'controls' ? changes.filter((c) => c.change.control === control) : [];
}

function item(state: AppState, id: string, label: string, of: readonly ChangeState[], lead = ''): UndoItem {
  const blocker = blockerOf(state, of);
  return {
    id,
    label,
    size: id === of[0]?.change.id ? steps(of[0]) : count(of.length, 'change'),
    scope: scopeOf(state, of, lead),
    age: age(of[0]?.at ?? '', Math.max(state.now, state.view.shownAt, Date.parse(state.session.lastAt) || 0)),
    changes: of.map((c) => c.change.id),
    ...(blocker ? { blocker } : {}),
  };
}

function scopeOf(state: AppState, of: readonly ChangeState[], lead: string): string {
  const nodes = [...new Set(of.map((c) => c.change.node))];
  const also = of.some((c) => reachOf(c.change).length > 0)
    ? ', and what came of it in the whole cluster'
    : '';
  const [only] = of;
  if (of.length === 1 && lead === '') {
    const all = only?.change.steps ?? [];
    const lasting = all.filter((s) => s.kind !== 'run' || (s.undo ?? []).length > 0).length;
    const runs = lasting < all.length ? `, ${lasting} of which leave something to undo` : '';
    const title = titleOf(state, only);
    return `only ${isRepair(state.session) ? `the ${title}` : `“${title}”`} on ${nodes[0]}: ${steps(only)}${runs}${also}`;
  }
  return `${lead}${count(of.length, 'change')} on ${someOf(nodes, 6)}${also}`;
}

function titleOf(state: AppState, of: ChangeState | undefined): string {
  return of ? changeName(state, of.change.control) : '';
}

function steps(of: ChangeState | undefined): string {
  return count(of?.change.steps.length ?? 0, 'step');
}

function blockerOf(state: AppState, of: readonly ChangeState[]): string | undefined {
  if (state.session.readOnly) return 'this session is read-only';
  const stuck = of.find((c) => controlById(state, c.change.control)?.impact === 'irreversible');
  if (stuck) return of.length === 1 ? 'it cannot be undone' : `“${titleOf(state, stuck)}” cannot be undone`;
  const ids = of.map((c) => c.change.id);
  const [first] = of.flatMap((c) => undoBlocker(state.session, c, walked(state), ids) ?? []);
  if (first !== undefined) return first;
  const away = of.find((c) => !isHere(c.change) && !isConnected(state, c.change.via));
  if (away) return awayWords(state, away.change.via);
  const refused = of.find((c) => c.undo?.outcome?.kind === 'refused');
  if (refused && of.length > 1) return `an undo on ${refused.change.node} was refused; look at it alone`;
  return undefined;
}

function awayWords(state: AppState, node: string): string {
  return state.session.nodes.some((n) => n.name === node)
    ? `${node} is not connected; C connects`
    : `${node} is no longer in the list; add it again under this name on the Nodes screen`;
}
