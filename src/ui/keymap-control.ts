import * as confirm from './acts/confirm.ts';
import * as control from './acts/control.ts';
import * as leave from './acts/leave.ts';
import * as move from './acts/move.ts';
import * as nodes from './acts/nodes.ts';
import { pickList, whyNotApply } from './appliable.ts';
import { type Binding, confirming, on, quiet, vital } from './binding.ts';
import type { Location } from './location.ts';
import * as can from './when.ts';

const typed: readonly Location[] = ['confirm-apply', 'confirm-undo', 'confirm-restart', 'confirm-repair'];
const { confirm: yes, decline: no } = confirm;

/** The keys of a control and of every question: what applies, skips, undoes, restarts, accepts or leaves. */
export const controlKeys: readonly Binding[] = [
  vital(
    on(
      'control',
      'a',
      'apply',
      control.askApply,
      'Show exactly what runs, then ask',
      can.because(whyNotApply),
    ),
  ),
  vital(
    on(
      ['control', 'commands'],
      'f',
      'needed',
      control.goToNeed,
      'To the control that must be applied before this one',
      can.needed,
    ),
  ),
  vital(
    on(
      ['control', 'controls', 'restarts', 'summary', 'undo'],
      'U',
      'unfinished',
      nodes.show('unfinished'),
      'The change without a known end: ask how far it came, or undo',
      can.unsettled,
    ),
  ),
  vital(on('control', 'w', 'preview', control.openPreview, 'See what it would refuse', can.refuses)),
  vital(on('control', 'm', 'attest', control.askAttest, 'State what you found by hand', can.attest)),
  vital(
    on(
      'control',
      'm',
      'judge',
      control.askAttest,
      'Say what you found by hand: whether this is the cause',
      can.judge,
    ),
  ),
  vital(
    on(
      ['control', 'controls', 'running'],
      'R',
      'restart',
      confirm.askRestart,
      'In a repair: show what restarts, then ask',
      can.restartCure,
    ),
  ),
  vital(
    on('control', 'm', 'attest anew', control.askAttest, 'State anew what you found by hand', can.attestAnew),
  ),
  on(
    'control',
    's',
    'skip',
    control.askSkip,
    'Leave it as it is, with a reason; with an owner, it is waived',
    can.skip,
  ),
  on('control', 'd', 'commands', control.showCommands, 'The exact commands and the way back'),
  vital(
    on('control', 'e', 'explain', nodes.show('explain'), 'What was found, why, what it breaks, all of it'),
  ),
  vital(
    on(
      ['control', 'controls', 'restarts', 'summary'],
      'u',
      'undo',
      confirm.openUndo,
      'The undo list; it asks before anything is undone',
      can.there,
    ),
  ),
  on('control', 'n', 'next', move.openNeighbour(1), 'The next control'),
  on('control', 'p', 'previous', move.openNeighbour(-1), 'The control before'),
  vital(on('control', 'b', 'bring back', control.unskip, 'Take the skip or waiver back', can.unskip)),
  vital(
    on(
      'control',
      'space',
      'tick',
      nodes.tick(tickedHere),
      'Aim only at the ticked places',
      can.severalPlaces,
    ),
  ),
  on('control', 'r', 'ask again', control.askAgain, 'Ask this control again on every node', can.askable),
  confirming(
    on('preview', 'i', 'I have read it', control.acknowledge, 'Record that you saw it', can.acknowledge),
  ),
  on('skip', 'enter', 'go on', control.skip, 'Take this line; after the last, skip or waive'),
  on('attest', 'enter', 'record', control.attest, 'Record this statement'),
  vital(on('attest', 'up', 'it holds', control.chooseStated('holds'), 'Choose “it holds”')),
  vital(
    on('attest', 'down', 'it does not', control.chooseStated('does not hold'), 'Choose “it does not hold”'),
  ),
  quiet(on('attest', 'tab', 'holds or not', control.turnAttest, 'Choose, and turn the choice')),

  on('undo', 'enter right', 'undo this', confirm.askUndo(false), 'Show how it is undone, then ask', can.undo),
  on(
    ['undo', 'unfinished'],
    'F',
    'by force',
    confirm.askForce,
    'Undo although the file changed since',
    confirm.canForce,
  ),
  on('unfinished', 'enter right', 'choose', confirm.chooseUnfinished, 'Do this about the unfinished change'),
  on('unfinished', 'escape left', 'later', confirm.putOff, 'Look at it later'),

  confirming(on('confirm-apply', 'y', 'yes, apply', yes, 'Apply what is shown', can.plainYes)),
  confirming(on('confirm-undo', 'y', 'yes, undo', yes, 'Undo what is shown', can.plainYes)),
  confirming(on('confirm-take-over', 'y', 'yes, take over', yes, 'Take the lock', can.plainYes)),
  confirming(
    on(
      typed,
      'enter',
      'yes, after the name',
      confirm.enterWord,
      'Yes, once the exact name stands there',
      can.named,
    ),
  ),
  on(
    ['confirm-apply', 'confirm-undo', 'confirm-take-over'],
    'n enter escape',
    'no',
    no,
    'Leave it as it is',
    can.plain,
  ),
  on(typed, 'escape', 'no', no, 'Leave everything as it is', can.named),

  confirming(
    on('asked', 'y', 'yes, it is the key', confirm.acceptHostKey, 'Accept this host key', can.hostKey),
  ),
  on('asked', 'enter', 'send', confirm.answer, 'Send what was typed', can.typedAnswer),
  on('asked', 'n enter escape', 'no', confirm.giveUp, 'Do not connect to this node', can.hostKey),
  on(
    'asked',
    'escape',
    'give up on this node',
    confirm.giveUp,
    'Do not connect to this node',
    can.typedAnswer,
  ),
  on('quit', 'y', 'leave', leave.quit, 'Leave; the session stays and can be resumed'),
  on('quit', 'n enter escape', 'stay', leave.back, 'Stay'),
  on('running', 'enter escape left', 'close', leave.back, 'Back to where you were', can.still),
  vital(
    on(
      'running',
      'u',
      'undo',
      confirm.openUndo,
      'The undo list; it asks before anything is undone',
      can.there,
    ),
  ),
];

function tickedHere(press: Parameters<Binding['act']>[0]): string | undefined {
  const id = press.state.view.control;
  return id === undefined ? undefined : pickList(id);
}
