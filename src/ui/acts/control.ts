import { findingKey, isRepair, verdictOf } from '../../domain/session.ts';
import { isDay } from '../../domain/waiver.ts';
import type { AppState } from '../../store/state.ts';
import type { Overlay } from '../../store/view.ts';
import {
  aimedPlaces,
  isForPerson,
  neededFirst,
  needsPreview,
  openControl,
  pickList,
  planAt,
} from '../appliable.ts';
import { type Press, say } from '../binding.ts';
import { highlighted, openControlPlaces } from '../lists.ts';
import { activeOverlay } from '../location.ts';
import { openControl as openControlAt } from './move.ts';

/** Shows what applying the open control would do and asks; first what it would refuse, where it must be seen. */
export function askApply(press: Press): void {
  const { state, view, now } = press;
  if (needsPreview(state)) {
    openPreview(press);
    return;
  }
  planIfNeeded(press);
  view({ kind: 'open', overlay: { kind: 'confirm-apply', places: aimedPlaces(state) }, now });
}

/** Goes to the control that must be applied before the open one. */
export function goToNeed(press: Press): void {
  const id = neededFirst(press.state, highlighted(press.state));
  if (id === undefined) return;
  if (activeOverlay(press.state)) press.view({ kind: 'close', now: press.now });
  openControlAt(press, id);
}

/** Shows the exact commands, the differences of files, and the way back. */
export function showCommands(press: Press): void {
  planIfNeeded(press);
  press.view({ kind: 'open', overlay: { kind: 'commands' }, now: press.now });
}

/** Shows what the open control would refuse. */
export function openPreview(press: Press): void {
  const control = openControl(press.state);
  if (!control) return;
  const known = press.state.previews[control.id];
  if (!known || known.kind === 'failed') press.actions.preview(control.id);
  press.view({ kind: 'open', overlay: { kind: 'preview' }, now: press.now });
}

/** The operator has read the preview to its end. */
export function acknowledge(press: Press): void {
  const control = openControl(press.state);
  if (!control) return;
  if (!press.sure) {
    say(press, 'Nothing has been noted. Press that key again, by itself.');
    return;
  }
  press.actions.acknowledge(control.id);
  press.view({ kind: 'close', now: press.now });
  say(press, 'Noted in the record. Now a shows what applying runs.');
}

/** Where a skip would be of: what was changed already and waits for its restart is not left as it is. */
export function skippablePlaces(state: AppState): readonly string[] {
  const control = state.view.control ?? '';
  return aimedPlaces(state).filter((p) => verdictOf(state.session, control, p)?.kind !== 'pending-restart');
}

/** Asks for the reason of a skip, then who answers for it and until when. */
export function askSkip(press: Press): void {
  const places = skippablePlaces(press.state);
  press.view({
    kind: 'open',
    overlay: { kind: 'skip', places, asks: 'reason', reason: '', owner: '' },
    now: press.now,
  });
}

/** Takes the line that was typed; after the last, skips or waives. Without an owner it is a skip of this session alone. */
export function skip(press: Press): void {
  const { overlay, field } = press.state.view;
  const control = openControl(press.state);
  if (overlay?.kind !== 'skip' || !control) return;
  const typed = (field?.text ?? '').trim();
  const { places, asks, reason, owner } = overlay;
  if (asks === 'reason') {
    if (typed === '') say(press, 'A skip needs a reason; the report shows it.', 'bad');
    else askNext(press, { ...overlay, reason: typed }, 'owner');
  } else if (asks === 'owner' && typed !== '') askNext(press, { ...overlay, owner: typed }, 'expires');
  else if (asks === 'expires' && typed !== '' && !isDay(typed))
    say(press, `“${typed}” is no day; type it as 2027-03-31, or nothing for no end.`, 'bad');
  else {
    if (asks === 'owner') press.actions.skip(control.id, places, reason);
    else
      press.actions.waive(control.id, places, { reason, owner, ...(typed === '' ? {} : { expires: typed }) });
    for (const _ of asks === 'owner' ? ['reason'] : ['reason', 'owner'])
      press.view({ kind: 'close', now: press.now });
    forget(press, control.id);
  }
}

/** The line that was typed stays beneath the next, for going back. */
function askNext({ view, now }: Press, said: Skip, asks: Skip['asks']): void {
  view({ kind: 'close', now });
  view({ kind: 'open', overlay: said, now });
  view({ kind: 'open', overlay: { ...said, asks }, now });
}

type Skip = Extract<Overlay, { readonly kind: 'skip' }>;

/** Takes back every skip and waiver of the open control. */
export function unskip(press: Press): void {
  const control = openControl(press.state);
  if (control) press.actions.unskip(control.id, skippedPlaces(press.state));
}

/** The places where the open control is skipped or waived. */
export function skippedPlaces(state: AppState): readonly string[] {
  return openControlPlaces(state).filter(
    (p) =>
      state.session.skips[`${state.view.control}@${p}`] !== undefined ||
      verdictOf(state.session, state.view.control ?? '', p)?.kind === 'waived',
  );
}

/**
 * The places that a statement is about: the ticked ones, or those without one, or, to state it anew, all that a person judges. Where
 * a cure is at hand, that is the answer to what was found, and skipping it leaves it as it is.
 */
export function manualPlaces(state: AppState): readonly string[] {
  const control = state.view.control ?? '';
  const { attestations, skips } = state.session;
  const manual = openControlPlaces(state).filter((p) => isForPerson(state, p) && !hasCure(state, p));
  const ticked = manual.filter((p) => state.view.picked[pickList(control)]?.includes(p));
  if (ticked.length > 0) return ticked;
  const open = manual.filter((p) => skips[findingKey(control, p)] === undefined);
  const unsaid = open.filter((p) => attestations[findingKey(control, p)] === undefined);
  return unsaid.length > 0 ? unsaid : open;
}

function hasCure(state: AppState, place: string): boolean {
  return isRepair(state.session) && planAt(state, place)?.kind === 'ready';
}

/** Whether every place that a statement would be about has one already. */
export function isStated(state: AppState): boolean {
  const { attestations } = state.session;
  return manualPlaces(state).every(
    (p) => attestations[findingKey(state.view.control ?? '', p)] !== undefined,
  );
}

/** Asks the operator to state what was found by hand. */
export function askAttest(press: Press): void {
  press.view({ kind: 'picked', list: 'attest', ids: [] });
  press.view({
    kind: 'open',
    overlay: { kind: 'attest', places: manualPlaces(press.state) },
    now: press.now,
  });
}

/** What the statement under way says of the control; nothing until it is chosen. */
export type Stated = 'holds' | 'does not hold';

/** Chooses what the statement says. */
export function chooseStated(as: Stated): (press: Press) => void {
  return (press) => press.view({ kind: 'picked', list: 'attest', ids: [as] });
}

/** Chooses “holds” first, then turns it to “does not hold” and back. */
export function turnAttest(press: Press): void {
  chooseStated(statedAs(press.state) === 'holds' ? 'does not hold' : 'holds')(press);
}

/** What was chosen for the statement under way. */
export function statedAs(of: AppState): Stated | undefined {
  const [as] = of.view.picked.attest ?? [];
  return as === 'holds' || as === 'does not hold' ? as : undefined;
}

/** Records the statement. */
export function attest(press: Press): void {
  const { overlay, field } = press.state.view;
  const as = statedAs(press.state);
  if (as === undefined) {
    say(press, 'Choose first whether it holds: up for “it holds”, down for “it does not hold”.', 'bad');
    return;
  }
  const statement = (field?.text ?? '').trim();
  if (statement === '') {
    say(press, 'Say in a few words what you looked at; the report shows it.', 'bad');
    return;
  }
  const control = openControl(press.state);
  if (overlay?.kind !== 'attest' || !control) return;
  press.actions.attest(control.id, overlay.places, as === 'holds', statement);
  forget(press, control.id);
}

/** Asks the open control again everywhere. */
export function askAgain(press: Press): void {
  const control = openControl(press.state);
  if (control) press.actions.probeControl(control.id);
}

/** Works out what would run, unless that is known and still good. */
export function planIfNeeded(press: Pick<Press, 'state' | 'actions'>): void {
  const control = openControl(press.state);
  if (control && aimedPlaces(press.state).some((p) => planAt(press.state, p)?.kind !== 'ready')) {
    press.actions.plan(control.id);
  }
}

function forget(press: Press, control: string): void {
  press.view({ kind: 'picked', list: pickList(control), ids: [] });
  press.view({ kind: 'close', now: press.now });
}
