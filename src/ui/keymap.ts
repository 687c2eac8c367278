import * as leave from './acts/leave.ts';
import * as move from './acts/move.ts';
import * as open from './acts/open.ts';
import { type Binding, on, quiet, vital } from './binding.ts';
import { controlKeys } from './keymap-control.ts';
import { wayKeys } from './keymap-way.ts';
import type { Location } from './location.ts';
import * as can from './when.ts';

/** Where the arrow keys move a highlight or scroll a text; in a field they move the caret instead. */
const moving: readonly Location[] = [
  'filter',
  ...([
    'start',
    'distribution',
    'benchmark',
    'symptom',
    'nodes',
    'connect',
    'probe',
    'controls',
    'control',
  ] as const),
  ...(['restarts', 'summary', 'export', 'sessions', 'undo', 'import-ssh', 'unfinished'] as const),
  ...(['help', 'explain', 'commands', 'preview', 'upgrade', 'running'] as const),
  ...(['confirm-apply', 'confirm-undo', 'confirm-restart', 'confirm-repair'] as const),
];
const leavable: readonly Location[] = [
  ...(['distribution', 'benchmark', 'symptom', 'nodes', 'connect', 'probe', 'controls', 'control'] as const),
  ...(['restarts', 'summary', 'export', 'sessions', 'undo', 'import-ssh'] as const),
  ...(['help', 'explain', 'commands', 'preview', 'upgrade'] as const),
];
const reading: readonly Location[] = ['help', 'explain', 'commands', 'preview', 'upgrade'];
const fields: readonly Location[] = [
  ...([
    'edit-nodes',
    'edit-cluster',
    'import-inventory',
    'upgrade-to',
    'name-rancher',
    'log-line',
    'skip',
    'attest',
  ] as const),
];
const reach: readonly Location[] = [
  'export',
  'controls',
  'control',
  'restarts',
  'undo',
  'unfinished',
  'summary',
];

/** Every key of the program. The footer and the help screen are readings of this table. */
export const keymap: readonly Binding[] = [
  ...wayKeys,
  ...controlKeys,
  vital(
    on(
      reach,
      'C',
      'connect',
      ({ actions }) => actions.connect(),
      'Connect to the nodes that are not',
      can.connect,
    ),
  ),

  quiet(on(moving, 'up k', 'up', move.moveBy(-1), 'One up')),
  quiet(on(moving, 'down j', 'down', move.moveBy(1), 'One down')),
  quiet(on(moving, 'pageup ctrl-u', 'page up', move.moveBy('-page'), 'One page up')),
  quiet(on(moving, 'pagedown ctrl-d', 'page down', move.moveBy('page'), 'One page down')),
  quiet(on(moving, 'home g', 'first', move.moveHome, 'To the beginning')),
  quiet(on(moving, 'end G', 'last', move.moveEnd, 'To the end')),

  on(leavable, 'escape left', 'back', leave.back, 'Back; it changes nothing'),
  on(fields, 'escape', 'cancel', leave.dropTyped, 'Back without saving; asks once where something was typed'),
  quiet(on(reading.slice(0, 3), 'enter', 'close', leave.back, 'Back to where you were')),
  on('anywhere', 'q', 'quit', leave.askToQuit, 'Leave, after a question'),
  quiet(
    on(
      'anywhere',
      'ctrl-c',
      'stop',
      leave.interrupt,
      'Stop after the step under way, or leave after a question',
    ),
  ),
  quiet(on('anywhere', 'ctrl-z', 'suspend', leave.suspend, 'Back to the shell for a while; fg returns')),
  quiet(on('anywhere', 'ctrl-l', 'redraw', (press) => press.redraw(), 'Draw the screen anew')),
  on('anywhere', '?', 'help', open.openHelp, 'The keys that work here'),
];
