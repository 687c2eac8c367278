import type { Control } from '../domain/control.ts';
import { verdictOf } from '../domain/session.ts';
import { type AppState, controlById } from './state.ts';

/** What stands in the way of a control at a place: the need that is not met, and what to apply first so that it can be. */
export type Need = { readonly needed: string; readonly first: string };

/** The first need of a control that is not met at a place. A need may itself need something: `first` is the end of that chain. */
export function needAt(
  state: AppState,
  control: Control,
  place: string,
  seen: readonly string[] = [],
): Need | undefined {
  const needed = control.needs.find((id) => !isMet(state, control, id, place));
  if (needed === undefined) return undefined;
  const next = controlById(state, needed);
  if (!next || seen.includes(needed)) return { needed, first: needed };
  const [at = place] = openAt(state, control, needed, place);
  return { needed, first: needAt(state, next, at, [...seen, needed])?.first ?? needed };
}

/** The title of a control for a sentence. */
export function titleOf(state: AppState, control: string): string {
  return `“${controlById(state, control)?.title ?? control}”`;
}

function isMet(state: AppState, control: Control, need: string, place: string): boolean {
  if (!isAcross(state, control, need)) return openAt(state, control, need, place).length === 0;
  const asked = Object.values(state.session.findings).some((f) => f.control === need);
  return asked && openAt(state, control, need, place).length === 0;
}

/** Where a needed control is not closed: on the same node, on whatever speaks for it, or on any node at all. */
function openAt(state: AppState, control: Control, need: string, place: string): readonly string[] {
  if (isAcross(state, control, need)) {
    const found = Object.values(state.session.findings).filter((f) => f.control === need);
    return found.map((f) => f.place).filter((at) => !isClosed(state, need, at));
  }
  const target = controlById(state, need)?.target ?? 'node';
  const at = target === 'node' ? place : target;
  return isClosed(state, need, at) ? [] : [at];
}

/** What is judged node by node is needed on every node by what is not. */
function isAcross(state: AppState, control: Control, need: string): boolean {
  return (controlById(state, need)?.target ?? 'node') === 'node' && control.target !== 'node';
}

function isClosed(state: AppState, control: string, place: string): boolean {
  const kind = verdictOf(state.session, control, place)?.kind;
  return kind === 'pass' || kind === 'not-applicable' || kind === 'pending-restart';
}
