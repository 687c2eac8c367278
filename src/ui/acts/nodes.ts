import type { NodeAddress } from '../../domain/event.ts';
import type { OverlayKind } from '../../store/view.ts';
import { type Press, say } from '../binding.ts';
import { highlighted } from '../lists.ts';
import { readNodeLines } from '../node-lines.ts';

/** Opens an overlay that needs nothing but its name. */
export function show(
  kind: Exclude<
    OverlayKind,
    | 'confirm-apply'
    | 'confirm-undo'
    | 'confirm-restart'
    | 'confirm-take-over'
    | 'confirm-end-lab'
    | 'confirm-repair'
    | 'skip'
    | 'attest'
    | 'asked'
    | 'running'
  >,
): (press: Press) => void {
  return (press) => press.view({ kind: 'open', overlay: { kind }, now: press.now });
}

/** Takes the typed node lines, unless one of them is bad. */
export function saveNodes(press: Press): void {
  const { state, actions, view, now } = press;
  if (state.work.length > 0) {
    say(press, 'Not yet: other work is under way. What you typed stays here.');
    return;
  }
  const read = readNodeLines(state);
  if (!read.ok) {
    say(press, read.sentence, 'bad');
    return;
  }
  if (read.nodes.length === 0) {
    say(press, 'There is no node yet. Type one, or press escape.', 'bad');
    return;
  }
  actions.setNodes(state.session.cluster || 'cluster', read.nodes);
  view({ kind: 'draft-dropped' });
  view({ kind: 'close', now });
}

/** Enter in the node lines: on an empty last line it saves, anywhere else it begins a new line. */
export function enterInNodes(press: Press): void {
  const field = press.state.view.field;
  const atEnd = field !== undefined && field.caret === field.text.length;
  if (field && atEnd && (field.text === '' || field.text.endsWith('\n'))) saveNodes(press);
  else press.view({ kind: 'edited', edit: { kind: 'insert', text: '\n' } });
}

/** Takes the typed name of the cluster. */
export function saveCluster(press: Press): void {
  const name = (press.state.view.field?.text ?? '').trim();
  if (name === '') {
    say(press, 'The cluster needs a name; it is what you type to confirm a restart.', 'bad');
    return;
  }
  press.actions.setNodes(name, press.state.session.nodes.map(addressOf));
  press.view({ kind: 'close', now: press.now });
}

/** Adds the ticked hosts of the SSH configuration, or the highlighted one. */
export function importHosts(press: Press): void {
  const { state, actions, view, now } = press;
  const ticked = state.view.picked['import-ssh'] ?? [];
  const names = ticked.length > 0 ? ticked : [highlighted(state) ?? ''];
  const have = state.session.nodes.map(addressOf);
  const added = state.sshHosts.filter((h) => names.includes(h.name) && !have.some((n) => n.name === h.name));
  view({ kind: 'picked', list: 'import-ssh', ids: [] });
  view({ kind: 'close', now });
  if (added.length > 0) actions.setNodes(state.session.cluster || 'cluster', [...have, ...added]);
  else say(press, 'Those hosts are in the list already.');
}

/** Ticks or unticks the highlighted item of a list. */
export function tick(list: (press: Press) => string | undefined): (press: Press) => void {
  return (press) => {
    const id = list(press);
    const item = highlighted(press.state);
    if (id === undefined || item === undefined) return;
    const ticked = press.state.view.picked[id] ?? [];
    const ids = ticked.includes(item) ? ticked.filter((t) => t !== item) : [...ticked, item];
    press.view({ kind: 'picked', list: id, ids });
  };
}

/** Reads the inventory file that was named. */
export function importInventory(press: Press): void {
  const path = (press.state.view.field?.text ?? '').trim();
  if (path === '') {
    say(press, 'Type the path of the file, or press escape.', 'bad');
    return;
  }
  press.view({ kind: 'close', now: press.now });
  press.actions.importInventory(path);
}

/** Takes the typed address of the Rancher server. */
export function nameRancher(press: Press): void {
  const address = (press.state.view.field?.text ?? '').trim();
  if (address === '') {
    say(press, 'Type the address of the server, or press escape.', 'bad');
    return;
  }
  press.view({ kind: 'close', now: press.now });
  press.actions.nameRancher(address);
}

/** Asks whether to take the lock of the highlighted node. */
export function askTakeOver(press: Press): void {
  const node = highlighted(press.state);
  if (node === undefined) return;
  press.view({ kind: 'open', overlay: { kind: 'confirm-take-over', node }, now: press.now });
}

function addressOf(node: NodeAddress): NodeAddress {
  const { name, host, port, user, role } = node;
  return { name, host, port, user, ...(role ? { role } : {}) };
}
