import { findingKey, unfinished } from '../../domain/session.ts';
import { cureOf } from '../../store/cure.ts';
import { type AppState, restartsInOrder } from '../../store/state.ts';
import { openControl, pickList, readyPlaces } from '../appliable.ts';
import { type Press, say } from '../binding.ts';
import { wordToType } from '../fields.ts';
import { highlighted } from '../lists.ts';
import { activeOverlay, groundOf, locate } from '../location.ts';
import { cut } from '../text.ts';
import { firstUndo, isOfOpenControl, undoItems } from '../undo-items.ts';

/** No: nothing happens, the question goes away. */
export function decline(press: Press): void {
  press.view({ kind: 'close', now: press.now });
}

/** Yes, where `y` is enough. Where a word must be typed, this does nothing. */
export function confirm(press: Press): void {
  if (wordToType(press.state) === undefined) carryOut(press);
}

/** Enter: nothing, unless the word was typed exactly; and the question stays, so that nobody takes it for done. */
export function enterWord(press: Press): void {
  const word = wordToType(press.state);
  const typed = (press.state.view.field?.text ?? '').trim();
  if (word === undefined) return;
  if (typed === '') {
    const reason = whyNotConfirm(press.state);
    say(press, reason === true ? untilTyped(word) : `Not now: ${reason}.`, 'bad');
    return;
  }
  if (typed === word) {
    carryOut(press);
    return;
  }
  press.view({ kind: 'edited', edit: { kind: 'clear' } });
  say(press, `“${cut(typed, 30)}” is not “${word}”, so nothing has happened. Type the name anew.`, 'bad');
}

/** What is said of a key that came before the question had stood, and so was dropped. */
export function tooSoon(state: AppState): string {
  const word = wordToType(state);
  if (word !== undefined) return `Too soon: not taken. ${untilTyped(word)}`;
  return state.view.field
    ? 'Too soon: that was not taken. Type it from its beginning.'
    : 'Too soon: that key was not taken, and nothing has happened. Read, then answer.';
}

function untilTyped(word: string): string {
  return `Nothing is done until “${word}” stands here; esc leaves.`;
}

/** Why the question that stands cannot be answered with yes. */
export function whyNotConfirm(state: AppState): true | string {
  const overlay = activeOverlay(state);
  if (state.session.readOnly) return 'this session is read-only';
  if (overlay?.kind === 'confirm-repair') {
    const cure = cureOf(state, overlay.node);
    const plan = cure && state.plans[findingKey(cure.id, overlay.node)];
    return plan?.kind === 'ready' || 'there is no repair to carry out yet';
  }
  if (overlay?.kind === 'confirm-restart' && overlay.nodes.includes('workstation')) return whyNotMade(state);
  if (overlay?.kind !== 'confirm-apply') return true;
  const ready = readyPlaces(state, overlay.places);
  if (ready === undefined) return 'what would run is still being worked out';
  return ready.length > 0 || 'there is nothing that could be applied';
}

/** Why the cluster cannot be made from its file: whom that touches is not known yet, or is somebody else. */
function whyNotMade({ making }: AppState): true | string {
  if (making?.kind === 'ready') return true;
  return making?.kind === 'refused' ? making.reason : 'whom it would touch is still being read';
}

function carryOut(press: Press): void {
  const { state, actions, view, now } = press;
  if (!press.sure) {
    say(press, 'Nothing has happened. Press that key again, by itself.');
    return;
  }
  const reason = whyNotConfirm(state);
  if (reason !== true) {
    say(press, `Not now: ${reason}.`);
    return;
  }
  const overlay = activeOverlay(state);
  view({ kind: 'close', now });
  switch (overlay?.kind) {
    case 'confirm-apply': {
      const control = openControl(state);
      if (!control) return;
      view({ kind: 'picked', list: pickList(control.id), ids: [] });
      view({ kind: 'open', overlay: { kind: 'running' }, now });
      actions.apply(control.id, readyPlaces(state, overlay.places) ?? []);
      return;
    }
    case 'confirm-undo':
      view({ kind: 'open', overlay: { kind: 'running' }, now });
      actions.undo(overlay.changes, overlay.force);
      return;
    case 'confirm-restart':
      view({ kind: 'picked', list: 'restarts', ids: [] });
      view({ kind: 'open', overlay: { kind: 'running' }, now });
      actions.restart(overlay.nodes);
      return;
    case 'confirm-repair':
      view({ kind: 'open', overlay: { kind: 'running' }, now });
      actions.repair(overlay.node);
      return;
    case 'confirm-take-over':
      actions.takeOver(overlay.node);
      return;
    default:
      return;
  }
}

/** Opens the undo list at what is nearest to the operator, never at more than that. */
export function openUndo(press: Press): void {
  if (locate(press.state) === 'running') {
    press.view({ kind: 'close', now: press.now });
    // What has ended was an undo out of that very list.
    if (press.state.view.beneath.at(-1)?.kind === 'undo') return;
  }
  const first = firstUndo(press.state);
  if (first !== undefined) press.view({ kind: 'highlighted', list: 'undo', id: first });
  press.view({ kind: 'open', overlay: { kind: 'undo' }, now: press.now });
  if (groundOf(press.state) === 'control' && first !== undefined && !isOfOpenControl(press.state, first))
    say(press, 'No change of this control stands; these are of other controls.');
}

/** Asks whether to undo what is highlighted. */
export function askUndo(force: boolean): (press: Press) => void {
  return (press) => {
    const item = undoItems(press.state).find((i) => i.id === highlighted(press.state));
    if (!item) return;
    if (item.blocker) {
      say(press, `Not now: ${item.blocker}.`, 'bad');
      return;
    }
    const overlay = { kind: 'confirm-undo', changes: item.changes, force } as const;
    press.view({ kind: 'open', overlay, now: press.now });
  };
}

/** Asks whether to undo by force: what is highlighted, or the change without a known end. */
export function askForce(press: Press): void {
  const [first] = unfinished(press.state.session);
  if (locate(press.state) !== 'unfinished' || !first) {
    askUndo(true)(press);
    return;
  }
  const overlay = { kind: 'confirm-undo', changes: [first.change.id], force: true } as const;
  press.view({ kind: 'open', overlay, now: press.now });
}

/** Whether that undo was refused because something changed since, so that force may be asked for. */
export function canForce(state: AppState): true | string {
  if (state.clusterGone) return 'the practice cluster of this session is gone';
  const change =
    locate(state) === 'unfinished'
      ? unfinished(state.session)[0]
      : state.session.changes.find((c) => c.change.id === highlighted(state));
  return change?.undo?.outcome?.kind === 'refused' || 'only after an undo was refused';
}

/** Asks for the cluster's name before anything restarts. */
export function askRestart(press: Press): void {
  if (locate(press.state) === 'running') press.view({ kind: 'close', now: press.now });
  const ticked = press.state.view.picked.restarts ?? [];
  const due = restartsInOrder(press.state);
  // A tick from before, on a node that is not due any more, chooses nothing.
  const chosen = due.filter((n) => ticked.includes(n));
  const nodes = chosen.length > 0 ? chosen : due;
  if (nodes.includes('workstation')) press.actions.foreseeMaking();
  press.view({ kind: 'open', overlay: { kind: 'confirm-restart', nodes }, now: press.now });
}

/** Works out how the highlighted node can be healed, shows it, and asks. */
export function askRepair(press: Press): void {
  const node = highlighted(press.state);
  if (node === undefined) return;
  press.actions.planRepair(node);
  press.view({ kind: 'open', overlay: { kind: 'confirm-repair', node }, now: press.now });
}

/** Yes to a host key. */
export function acceptHostKey(press: Press): void {
  if (press.sure) press.actions.answer('yes');
  else say(press, 'Nothing has happened. Press that key again, by itself.');
}

/** The typed answer goes to the connection that waits, and is forgotten here. */
export function answer(press: Press): void {
  const { state, actions, secret } = press;
  if (state.asked?.kind === 'host-key') {
    actions.answer(undefined);
    return;
  }
  const text = state.view.field?.secret ? secret.take() : (state.view.field?.text ?? '');
  if (text === '' && state.asked?.kind !== 'prompt') {
    say(press, 'Nothing was typed. Escape gives up on this node.');
    return;
  }
  actions.answer(text);
}

/** Gives up on the node that asks. */
export function giveUp(press: Press): void {
  press.secret.clear();
  press.actions.answer(undefined);
}

/** What to do about a change without a known end. */
export function chooseUnfinished(press: Press): void {
  const ids = unfinished(press.state.session).map((c) => c.change.id);
  const [first] = ids;
  if (first === undefined) return;
  switch (highlighted(press.state)) {
    case 'ask':
      press.actions.settle(first);
      return;
    case 'undo': {
      const overlay = { kind: 'confirm-undo', changes: [first], force: false } as const;
      press.view({ kind: 'open', overlay, now: press.now });
      return;
    }
    default:
      putOff(press);
      return;
  }
}

/** Later: the change stays open, and its node takes no other. */
export function putOff(press: Press): void {
  const changes = unfinished(press.state.session).map((c) => c.change.id);
  press.view({ kind: 'put-off', changes });
  if (press.state.view.overlay?.kind === 'unfinished') press.view({ kind: 'close', now: press.now });
  if (!press.state.clusterGone)
    say(press, 'Put off. Until it is settled, nothing else is changed on that node.');
}
