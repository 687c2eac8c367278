import { isRepair, standing, unfinished } from '../domain/session.ts';
import { cureOf } from '../store/cure.ts';
import { type AppState, walked } from '../store/state.ts';
import { whyNotConfirm } from './acts/confirm.ts';
import { isStated, manualPlaces, skippablePlaces, skippedPlaces } from './acts/control.ts';
import { unconnected } from './acts/path.ts';
import { aimedPlaces, goneWords, neededFirst, openControl } from './appliable.ts';
import type { When } from './binding.ts';
import { wordToType } from './fields.ts';
import { highlighted, openControlPlaces } from './lists.ts';
import { isChanging } from './location.ts';
import { lookOf } from './look.ts';
import { extentOf } from './page.ts';
import { preview } from './screens/preview.ts';
import { isConnected } from './standing.ts';
import { undoItems } from './undo-items.ts';

/** The condition that there is no reason against it. */
export function because(reason: (state: AppState) => string | undefined): When {
  return (state) => reason(state) ?? true;
}

/** There are hosts to take, and the list is not at work. */
export function hosts(state: AppState): true | string {
  return state.sshHosts.length > 0 ? idle(state) : 'the SSH configuration names no host';
}

/** There is a node, and the list is not at work. */
export function nodes(state: AppState): true | string {
  return state.session.nodes.length > 0 ? idle(state) : 'there is no node yet';
}

/** The benchmark asks something of a Rancher server. */
export function rancher(state: AppState): true | string {
  if (!walked(state).some((control) => control.target === 'rancher'))
    return 'this benchmark asks nothing of a Rancher server';
  return idle(state);
}

/** The machines of this session are still there. */
export function there(state: AppState): true | string {
  return !state.clusterGone || goneWords;
}

/** They are, and nothing is being asked or changed. */
export function askable(state: AppState): true | string {
  return state.clusterGone ? goneWords : idle(state);
}

/** Nothing is being asked or changed. */
export function idle(state: AppState): true | string {
  return state.work.length === 0 || 'other work is under way';
}

/** Some node has no connection, and none is being made. */
export function connect(state: AppState): true | string {
  if (state.clusterGone) return goneWords;
  if (unconnected(state).length === 0) return 'every node is connected';
  return idle(state);
}

/** Somebody else holds the lock of the highlighted node, and it is connected. */
export function takeOver(state: AppState): true | string {
  if (state.session.readOnly) return 'this session is read-only';
  const node = highlighted(state) ?? '';
  if (!isConnected(state, node)) return 'that node is not connected';
  return state.progress[node]?.failure?.code === 'locked' || 'nobody else holds the lock of that node';
}

/** Something else must be applied before the open control. */
export function needed(state: AppState): true | string {
  return neededFirst(state, highlighted(state)) !== undefined || 'nothing else is needed first';
}

/** A change has no known end. */
export function unsettled(state: AppState): true | string {
  return unfinished(state.session).length > 0 || 'every change has a known end';
}

/** There is something to choose between. */
export function severalPlaces(state: AppState): true | string {
  return openControlPlaces(state).length > 1 || 'there is only one place';
}

/** Something here is for a person to judge, in a session that hardens. */
export function attest(state: AppState): true | string {
  if (isRepair(state.session)) return noJudgement;
  if (manualPlaces(state).length === 0) return 'this is not a manual control';
  return !isStated(state) || 'it is stated already; state it anew instead';
}

const noJudgement = 'nothing here is left for a person to judge; a shows a cure where there is one';

/** A possible cause is for a person to judge, and no cure of it is at hand that would be the answer. */
export function judge(state: AppState): true | string {
  if (!isRepair(state.session)) return 'only in a repair';
  return manualPlaces(state).length > 0 || noJudgement;
}

/** It was judged by a person already, who may have erred. */
export function attestAnew(state: AppState): true | string {
  if (isRepair(state.session)) return noJudgement;
  if (manualPlaces(state).length === 0) return 'this is not a manual control';
  return isStated(state) || 'nothing is stated yet';
}

/** The control refuses things, which can be seen first. */
export function refuses(state: AppState): true | string {
  return openControl(state)?.preview !== undefined || 'this control refuses nothing by itself';
}

/** Something is open here that was not changed yet. */
export function skip(state: AppState): true | string {
  if (aimedPlaces(state).length === 0) return 'nothing is open here';
  return skippablePlaces(state).length > 0 || 'it is done and waits for its restart; u takes it back';
}

/** A skip can be taken back. */
export function unskip(state: AppState): true | string {
  return skippedPlaces(state).length > 0 || 'nothing is skipped or waived here';
}

/** The preview has been read to its end; the viewport says so by its scroll. */
export function acknowledge(state: AppState): true | string {
  const known = state.previews[state.view.control ?? ''];
  if (!known || known.kind === 'asking') return 'the answers are not there yet';
  return seenToEnd(state) || 'read it to its end first';
}

/** Something stands that can be undone. */
export function undo(state: AppState): true | string {
  if (state.clusterGone) return goneWords;
  if (standing(state.session).length === 0)
    return unfinished(state.session).length > 0
      ? 'what was changed has no known end, and U shows it'
      : 'nothing has been changed';
  return undoItems(state).find((i) => i.id === highlighted(state))?.blocker ?? true;
}

/** A restart is due and may be made. */
export function restart(state: AppState): true | string {
  if (state.clusterGone) return goneWords;
  if (state.session.readOnly) return 'this session is read-only';
  return state.session.restartsDue.length > 0 || 'no restart is due';
}

/** A restart that a cure waits for, from where the cure was made; in a session that hardens, restarts are a step of their own. */
export function restartCure(state: AppState): true | string {
  if (!isRepair(state.session)) return 'restarts come after the controls, as a step of their own';
  if (isChanging(state)) return 'wait for the step under way';
  return restart(state);
}

/** A control is known to heal the last failed start of the highlighted node. */
export function repair(state: AppState): true | string {
  if (state.clusterGone) return goneWords;
  if (state.session.readOnly) return 'this session is read-only';
  return cureOf(state, highlighted(state) ?? '') !== undefined || 'no repair is known for this node';
}

/** No name has to be typed. */
export function plain(state: AppState): true | string {
  return wordToType(state) === undefined || 'type the name instead';
}

/** A name has to be typed. */
export function named(state: AppState): true | string {
  return wordToType(state) !== undefined || 'no name is needed';
}

/** `y` is enough to say yes, and there is something to say yes to. */
export function plainYes(state: AppState): true | string {
  if (wordToType(state) !== undefined) return 'type the name instead';
  return whyNotConfirm(state);
}

/** The question is about a host key. */
export function hostKey(state: AppState): true | string {
  return state.asked?.kind === 'host-key' || 'that is not the question';
}

/** The question wants words. */
export function typedAnswer(state: AppState): true | string {
  return state.asked?.kind !== 'host-key' || 'that is not the question';
}

/** Nothing is being changed any more. */
export function still(state: AppState): true | string {
  return !isChanging(state) || 'wait for the step under way, or press ctrl-c to stop after it';
}

function seenToEnd(state: AppState): boolean {
  const look = lookOf(state.view, { ascii: false, color: false, plain: false });
  const { lines, height } = extentOf(preview(state, look), look);
  return (state.view.scroll.preview ?? 0) + height >= lines;
}

/** Something can be planned: nodes are connected, and the session hardens. */
export function plan(state: AppState): true | string {
  if (isRepair(state.session)) return 'a repair has no plan; its cures are shown one by one';
  return (
    state.session.nodes.some((node) => isConnected(state, node.name)) ||
    'no node is connected; C connects them'
  );
}
