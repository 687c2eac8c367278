import * as confirm from './acts/confirm.ts';
import { goOn } from './acts/go-on.ts';
import * as leave from './acts/leave.ts';
import * as move from './acts/move.ts';
import * as nodes from './acts/nodes.ts';
import * as open from './acts/open.ts';
import * as path from './acts/path.ts';
import * as upgrade from './acts/upgrade.ts';
import { type Binding, leaving, on, unlisted, vital } from './binding.ts';
import { whyNotLook } from './next-look.ts';
import * as can from './when.ts';

const choose = 'enter right';

/** The keys of the steps on the way, and of what lies over them. */
export const wayKeys: readonly Binding[] = [
  leaving(on('start', choose, 'choose', path.chooseStart, 'Begin with this line')),
  leaving(on('distribution', choose, 'choose', path.chooseDistribution, 'Take this distribution')),
  leaving(on('benchmark', choose, 'choose', path.chooseBenchmark, 'Take this benchmark and level')),
  leaving(on('symptom', choose, 'choose', path.chooseSymptom, 'Take what you see, or give a line of a log')),
  on('log-line', 'enter', 'look up', path.takeLogLine, 'Look up what this line points at'),
  leaving(on('sessions', choose, 'open', path.chooseSession, 'Open this session where it was left')),
  vital(leaving(on('export', 'w', 'write', path.exportNow, 'Write the session in this format'))),
  unlisted(on('export', choose, 'write?', path.howToExport, 'Nothing yet; w writes')),

  vital(on('restarts', 'r', 'restart', confirm.askRestart, 'Show what restarts, then ask', can.restart)),
  vital(
    on('restarts', 'R', 'repair', confirm.askRepair, 'Show how to heal a failed start, then ask', can.repair),
  ),
  vital(
    on('restarts', 'space', 'tick', nodes.tick(restartList), 'Restart only the ticked nodes', can.restart),
  ),
  vital(
    leaving(
      on(['nodes', 'connect', 'probe', 'restarts'], `c ${choose}`, 'continue', goOn, 'To the next step'),
    ),
  ),
  vital(leaving(on('summary', `c x ${choose}`, 'export', goOn, 'To the export'))),
  vital(on('nodes', 'e', 'edit', nodes.show('edit-nodes'), 'Type or paste the nodes, one a line', can.idle)),
  on(
    'nodes',
    'i',
    'ssh config',
    nodes.show('import-ssh'),
    'Take hosts from the SSH configuration',
    can.hosts,
  ),
  on('nodes', 'f', 'file', nodes.show('import-inventory'), 'Take the nodes from an inventory file', can.idle),
  on(
    'nodes',
    'r',
    'rancher',
    nodes.show('name-rancher'),
    'Name the Rancher server, to ask it too',
    can.rancher,
  ),
  on('nodes', 'm', 'name', nodes.show('edit-cluster'), 'Give the cluster its name', can.nodes),
  vital(
    on(
      'connect',
      'r',
      'try again',
      path.reconnect,
      'Connect again: this node, or all that failed',
      can.askable,
    ),
  ),
  vital(on('connect', 't', 'take over', nodes.askTakeOver, 'Take the lock of this node', can.takeOver)),
  vital(on('probe', 'r', 'ask again', askAll, 'Ask every control on every node again', can.askable)),

  vital(on('controls', choose, 'open', path.openHighlighted, 'Open this control')),
  vital(leaving(on('controls', 'c', 'continue', goOn, 'To the restarts'))),
  on(
    'controls',
    '/',
    'filter',
    open.startFilter,
    'Only what has these words: number, title, verdict, impact',
  ),
  on(
    ['controls', 'export'],
    'P',
    'plan',
    nodes.show('confirm-plan'),
    'Write all that would be done, for review; it asks first',
    can.plan,
  ),
  on('confirm-plan', 'y', 'yes, write', path.writePlan, 'Write the plan into these files'),
  on('confirm-plan', 'n enter escape', 'no', leave.back, 'Write nothing'),
  leaving(on('confirm-end-lab', 'y', 'yes, end it', path.endPractice, 'End the practice cluster and go on')),
  on('confirm-end-lab', 'n enter escape', 'no', leave.back, 'Keep the practice cluster'),
  on('controls', 'o', 'only open', move.toggleOnlyOpen, 'Only what is open, or all again'),
  on('controls', 'n', 'next open', move.jumpOpen(1), 'To the next control that is open'),
  on('controls', 'p', 'previous open', move.jumpOpen(-1), 'To the open control before this one'),
  on('controls', 'r', 'ask again', askAll, 'Ask every control on every node again', can.askable),

  vital(
    leaving(
      on(
        ['probe', 'controls', 'summary'],
        'l',
        'look for all',
        path.lookForAll,
        'Ask for every cause known here, where the symptom led to none',
        can.because(whyNotLook),
      ),
    ),
  ),
  on(
    ['controls', 'summary'],
    'v',
    'upgrade',
    nodes.show('upgrade-to'),
    'What another version of Kubernetes would no longer take',
    can.askable,
  ),
  on('upgrade-to', 'enter', 'ask', upgrade.foretell, 'Ask the nodes; it changes nothing'),

  on('filter', 'enter', 'keep', open.keepFilter, 'Keep the filter'),
  on('filter', 'escape', 'clear', open.clearFilter, 'Show everything again'),

  on('edit-nodes', 'enter', 'new line', nodes.enterInNodes, 'A new line; on an empty last line, save'),
  vital(on('edit-nodes', 'ctrl-s ctrl-d', 'save', nodes.saveNodes, 'Take these nodes')),
  on('edit-cluster', 'enter', 'save', nodes.saveCluster, 'Take this name'),
  on('name-rancher', 'enter', 'ask it', nodes.nameRancher, 'Ask this server for its token, then in'),
  on('import-inventory', 'enter', 'read', nodes.importInventory, 'Read this file'),
  on('import-ssh', 'enter', 'add', nodes.importHosts, 'Add the ticked hosts, or this one'),
  on('import-ssh', 'space', 'tick', nodes.tick(hostList), 'Tick or untick this host'),
];

function askAll({ actions }: { readonly actions: { readonly probe: () => void } }): void {
  actions.probe();
}

function restartList(): string {
  return 'restarts';
}

function hostList(): string {
  return 'import-ssh';
}
