import type { Control } from '../domain/control.ts';
import { remember } from '../domain/remember.ts';
import { type Cell, cellAt, changedKeys } from '../domain/scope.ts';
import { isOpenAt, type NodeState, type Session, unfinished } from '../domain/session.ts';
import { stateOf } from '../domain/tally.ts';
import { type Status, worstFirst } from '../domain/verdict.ts';
import type { AppState } from '../store/state.ts';

const changed = remember(changedKeys);

/** Where a control is asked: every node, or the one place that speaks for the cluster or the workstation. */
export function placesOf(session: Session, control: Control): readonly string[] {
  return control.target === 'node' ? nodeNames(session.nodes) : [control.target];
}

const nodeNames = remember((nodes: readonly NodeState[]): readonly string[] => nodes.map((n) => n.name));

/** What is to be said of a control on a place. */
export function statusAt(session: Session, control: string, place: string): Status {
  return statusOf(cellAt(session, control, place, changed(session)));
}

/** The same of a cell that is known already. */
export function statusOf(cell: Cell): Status {
  const state = stateOf(cell);
  return state === 'open' ? (cell.after?.kind ?? 'not-asked') : state;
}

/** The worst of several statuses. */
export function worst(statuses: readonly Status[]): Status {
  return worstFirst.find((s) => statuses.includes(s)) ?? 'not-asked';
}

/** The places of a control where something is left to do. */
export function openPlaces(session: Session, control: Control): readonly string[] {
  return placesOf(session, control).filter((place) => isOpenAt(session, control.id, place));
}

/** Whether a status leaves work. */
export function isToDo(status: Status): boolean {
  return !['pass', 'fixed', 'gone', 'skipped', 'waived', 'not-applicable'].includes(status);
}

/** Whether a change on this node has no known end, so that nothing else may be changed there. */
export function isUncertain(session: Session, node: string): boolean {
  return unfinished(session).some((c) => c.change.node === node);
}

/** `2 of 3 fail` and the like: how many of the places that count have the status. */
export function tally(
  statuses: readonly Status[],
  status: Status,
): { readonly n: number; readonly of: number } {
  const counting = statuses.filter((s) => s !== 'not-applicable');
  return { n: statuses.filter((s) => s === status).length, of: counting.length };
}

/** Whether there is a link to the node now. */
export function isConnected({ progress }: AppState, node: string): boolean {
  const phase = progress[node]?.phase;
  return phase === 'done' || phase === 'asking';
}
