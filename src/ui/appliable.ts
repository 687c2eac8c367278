import type { Control } from '../domain/control.ts';
import { findingKey, isOpenAt, verdictOf } from '../domain/session.ts';
import { titleOf } from '../store/need-words.ts';
import { needAt } from '../store/needs.ts';
import { type AppState, controlById, type PlannedChange } from '../store/state.ts';
import { isUncertain, openPlaces, placesOf } from './standing.ts';
import { stopped } from './words.ts';

/** The control that is open. */
export function openControl(state: AppState): Control | undefined {
  return controlById(state, state.view.control ?? '');
}

/** The places that a key on the open control is about: the ticked ones, or all that are open. */
export function aimedPlaces(state: AppState): readonly string[] {
  const control = openControl(state);
  if (!control) return [];
  const open = openPlaces(state.session, control);
  const ticked = (state.view.picked[pickList(control.id)] ?? []).filter((p) =>
    placesOf(state.session, control).includes(p),
  );
  return ticked.length > 0 ? ticked : open;
}

/** The list under which the ticked places of a control are kept. */
export function pickList(control: string): string {
  return `places of ${control}`;
}

/** Why nothing can be asked of a practice cluster, or done to it, once its program has ended. */
export const goneWords = 'this was practice, and its cluster is gone; it can be read and exported';

/** Why nothing of the open control may be applied now; undefined when it may. */
export function whyNotApply(state: AppState): string | undefined {
  const control = openControl(state);
  if (!control) return 'no control is open';
  if (state.clusterGone) return goneWords;
  if (state.session.readOnly) return 'this session is read-only';
  const places = aimedPlaces(state);
  if (places.length === 0) return 'nothing is open here';
  const reasons = places.map((place) => whyNotAt(state, control, place));
  if (reasons.includes(undefined)) return undefined;
  // What can be done about it is said before what is done already.
  return reasons.find((reason) => reason !== doneWords) ?? doneWords;
}

const doneWords = 'it is done; a restart is due';

/** Why nothing of a control may be applied on a place now; undefined when it may, or when that is not known yet. */
function whyNotAt(state: AppState, control: Control, place: string): string | undefined {
  const plan = planAt(state, place);
  if (isForPerson(state, place) && plan?.kind !== 'ready')
    return 'only a person can judge this; m records what you found';
  if (verdictOf(state.session, control.id, place)?.kind === 'pending-restart') return doneWords;
  if (isUncertain(state.session, place)) return 'a change there has no known end; U shows it';
  const first = needAt(state, control, place)?.first;
  if (first !== undefined) return `it needs ${titleOf(state, first)} first; f goes there`;
  // What is only unseen is looked at next; a refusal for another reason comes before any reading.
  if (plan?.kind === 'refused' && !plan.unseen) return refusalWords(plan).replace(/\.$/, '');
  if (plan?.kind !== 'ready' && !isOpenAt(state.session, control.id, place))
    return `nothing is open on ${place}`;
  return undefined;
}

/** A refusal with its way out. */
export function refusalWords({
  reason,
  instead,
}: {
  readonly reason: string;
  readonly instead: string;
}): string {
  return `${stopped(reason)} ${instead}`.trim();
}

/** Whether only a person can judge the open control on a place. */
export function isForPerson(state: AppState, place: string): boolean {
  return state.session.findings[findingKey(state.view.control ?? '', place)]?.verdict.kind === 'manual';
}

/** What is to be applied before the open control can be: on the highlighted place, or else on the first where anything is. */
export function neededFirst(state: AppState, highlighted: string | undefined): string | undefined {
  const control = openControl(state);
  if (!control) return undefined;
  const open = openPlaces(state.session, control);
  const places = open.filter((p) => p === highlighted).concat(aimedPlaces(state), open);
  return places.map((p) => needAt(state, control, p)?.first).find((f) => f !== undefined);
}

/** Whether the operator still has to see what the open control would refuse. */
export function needsPreview(state: AppState): boolean {
  const control = openControl(state);
  return control?.preview !== undefined && state.session.acknowledged[control.id] === undefined;
}

/** The plan of the open control on a place, once it is worked out. */
export function planAt(state: AppState, place: string): PlannedChange | undefined {
  return state.plans[findingKey(state.view.control ?? '', place)];
}

/** The same for a question: where no plan will come any more, it says why. */
export function settledPlan(state: AppState, place: string): PlannedChange | undefined {
  const plan = planAt(state, place);
  if (plan || state.work.length > 0) return plan;
  return {
    kind: 'refused',
    control: state.view.control ?? '',
    place,
    reason: 'what would run is not known.',
    instead: 'Connect to the node (C), ask again (r), then come back.',
  };
}

/** The places of a confirmation on which something would be done, once all of them are worked out. */
export function readyPlaces(state: AppState, places: readonly string[]): readonly string[] | undefined {
  const plans = places.map((place) => settledPlan(state, place));
  if (plans.some((p) => p === undefined)) return undefined;
  return places.filter((place) => planAt(state, place)?.kind === 'ready');
}
