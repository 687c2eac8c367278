import type { Control } from '../domain/control.ts';
import { verdictOf } from '../domain/session.ts';
import type { VerdictKind } from '../domain/verdict.ts';
import { workstationSite } from './places.ts';
import { type AppState, controlById } from './state.ts';

/**
 * What stands in the way of a control at a place: the need that is not met, or the control that brings it, and what to apply
 * first so that it can be.
 */
export type Need = { readonly needed: string; readonly first: string; readonly brings: boolean };

/** The first need of a control that is not met at a place. A need may itself need something: `first` is the end of that chain. */
export function needAt(
  state: AppState,
  control: Control,
  place: string,
  seen: readonly string[] = [],
): Need | undefined {
  const unmet = control.needs.find((id) => !isMet(state, control, id, place));
  const needed =
    unmet ?? control.broughtBy?.find((id) => bringerPlaces(state, control, id, place, isOpen).length > 0);
  if (needed === undefined) return undefined;
  const brings = unmet === undefined;
  const next = controlById(state, needed);
  if (!next || seen.includes(needed)) return { needed, first: needed, brings };
  const [at = place] = brings
    ? bringerPlaces(state, control, needed, place, isOpen)
    : openAt(state, control, needed, place);
  return { needed, first: needAt(state, next, at, [...seen, needed])?.first ?? needed, brings };
}

/**
 * The control that brings this one as soon as these nodes restart, or the cluster is made anew from its file; undefined where none
 * is waited for.
 */
export function awaited(
  state: AppState,
  control: Control,
  place: string,
): { readonly brings: string; readonly nodes: readonly string[] } | undefined {
  for (const brings of control.broughtBy ?? []) {
    const nodes = bringerPlaces(
      state,
      control,
      brings,
      place,
      (kind, at) =>
        kind === 'pending-restart' ||
        (kind === 'pass' && at === workstationSite && state.session.restartsDue.includes(at)),
    );
    if (nodes.length > 0) return { brings, nodes };
  }
  return undefined;
}

/** Where the bringer of a control was asked and stands so: on the same node, or anywhere if one of the two is of the whole cluster. */
function bringerPlaces(
  state: AppState,
  control: Control,
  bringer: string,
  place: string,
  stands: (kind: VerdictKind, at: string) => boolean,
): readonly string[] {
  const own = control.target === 'node' && (controlById(state, bringer)?.target ?? 'node') === 'node';
  const places = Object.values(state.session.findings)
    .filter((f) => f.control === bringer)
    .map((f) => f.place);
  return places.filter((at) => {
    const kind = verdictOf(state.session, bringer, at)?.kind;
    return (!own || at === place) && kind !== undefined && stands(kind, at);
  });
}

function isOpen(kind: VerdictKind): boolean {
  return kind !== 'pass' && kind !== 'not-applicable' && kind !== 'pending-restart';
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
  return kind !== undefined && !isOpen(kind);
}
