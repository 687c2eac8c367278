import type { WizardStep } from '../../domain/event.ts';
import type { NodeState } from '../../domain/session.ts';
import { faultOf, lookForYourself, troubleOf } from '../../domain/trouble.ts';
import { type AppState, chosen } from '../../store/state.ts';
import { type Press, say } from '../binding.ts';
import { highlighted } from '../lists.ts';
import { activeOverlay } from '../location.ts';
import { isPractice } from '../menu.ts';
import { isConnected } from '../standing.ts';
import { logLineItem, pointedBy } from '../symptom-menu.ts';
import { openControl } from './move.ts';

/** What Enter does on the start screen. */
export function chooseStart(press: Press): void {
  const { view, now, state } = press;
  const id = highlighted(state);
  if (id !== undefined && id !== 'go-on' && isPractice(state))
    view({ kind: 'open', overlay: { kind: 'confirm-end-lab', choice: id }, now });
  else begin(press, id);
}

/** Ends the practice session, once the question was answered, and goes on with what was chosen. */
export function endPractice(press: Press): void {
  const overlay = activeOverlay(press.state);
  press.view({ kind: 'close', now: press.now });
  if (overlay?.kind !== 'confirm-end-lab') return;
  if ('distribution' in overlay) press.actions.chooseDistribution(overlay.distribution);
  else begin(press, overlay.choice);
}

function begin(press: Press, id: string | undefined): void {
  const { actions, view, now } = press;
  switch (id) {
    case 'go-on':
      actions.go(furthest(press.state));
      return;
    case 'harden':
    case 'read-only':
      actions.startSession({ readOnly: id === 'read-only' });
      return;
    case 'repair':
      actions.startSession({ readOnly: false, purpose: 'repair' });
      return;
    case 'resume':
    case 'past':
      view({ kind: 'highlighted', list: 'start', id });
      view({ kind: 'open', overlay: { kind: 'sessions' }, now });
      return;
    case 'lab':
      actions.startLab();
      return;
    default:
      return;
  }
}

/** The last step that the open session has reached. */
function furthest({ session, clusterGone }: AppState): WizardStep {
  if (session.probed) return 'controls';
  if (clusterGone) return 'summary';
  if (session.nodes.some((n) => n.facts)) return 'connect';
  return session.benchmark ? 'nodes' : 'distribution';
}

/** Chooses the highlighted distribution; where that ends a practice cluster that was worked on, asks first. */
export function chooseDistribution(press: Press): void {
  const { state, view, now } = press;
  const id = highlighted(state);
  if (id === undefined) return;
  if (endsWork(state, id))
    view({ kind: 'open', overlay: { kind: 'confirm-end-lab', distribution: id }, now });
  else press.actions.chooseDistribution(id);
}

/** Whether another distribution would end a practice cluster to which something was done. */
function endsWork(state: AppState, id: string): boolean {
  const { distribution, changes, restarts } = state.session;
  return isPractice(state) && id !== distribution && changes.length + restarts.length > 0;
}

/** Chooses the highlighted benchmark and level. */
export function chooseBenchmark(press: Press): void {
  const [id, level] = (highlighted(press.state) ?? '').split(' ');
  if (id) press.actions.chooseBenchmark(id, level === '2' ? 2 : 1);
}

/** Takes the highlighted symptom, or asks for a line of a log. */
export function chooseSymptom(press: Press): void {
  const id = highlighted(press.state);
  if (id === logLineItem) press.view({ kind: 'open', overlay: { kind: 'log-line' }, now: press.now });
  else if (id !== undefined) press.actions.chooseTrouble(id);
}

/** Takes the trouble that the typed line of a log points at; where none does, says so and stays. */
export function takeLogLine(press: Press): void {
  const text = (press.state.view.field?.text ?? '').trim();
  if (text === '') {
    say(press, 'Paste or type a line of a log or of a scanner, or press escape.', 'bad');
    return;
  }
  const found = pointedBy(press.state, text);
  if (!found) {
    say(
      press,
      'No cause that is known here has such a line. Try another line, or press escape and look for yourself.',
      'bad',
    );
    return;
  }
  press.view({ kind: 'close', now: press.now });
  press.actions.chooseTrouble(found.trouble, found.control);
  const { profile } = chosen(press.state);
  const fault = faultOf(profile?.troubles, found.trouble, found.control);
  const title = troubleOf(profile, found.trouble)?.title;
  say(press, `The line points at “${fault}”, under “${title}”. That check comes first.`, 'good');
}

/** Asks for every cause that is known, once the chosen symptom led to none. */
export function lookForAll({ actions }: Press): void {
  actions.chooseTrouble(lookForYourself);
}

/** Opens the highlighted past session. */
export function chooseSession(press: Press): void {
  const id = highlighted(press.state);
  if (id === undefined) return;
  press.view({ kind: 'close', now: press.now });
  if (press.state.view.highlighted.start === 'resume') press.actions.resumeSession(id);
  else press.actions.readSession(id);
}

/** Opens the highlighted control. */
export function openHighlighted(press: Press): void {
  const id = highlighted(press.state);
  if (id !== undefined) openControl(press, id);
}

/** Connects again: the highlighted node when it failed, or all that are not connected. */
export function reconnect(press: Press): void {
  const name = highlighted(press.state);
  const failed = press.state.session.nodes.find((n) => n.name === name)?.failure;
  if (name !== undefined && failed && !isConnected(press.state, name)) press.actions.connect(name);
  else press.actions.connect();
}

/** Enter where a file would be written: says which key does it, and writes none. */
export function howToExport(press: Press): void {
  const { written = [] } = press.state;
  const none = written.length > 0 ? 'Nothing more was written.' : 'Nothing was written.';
  say(press, `${none} w writes the highlighted form to a file.`);
}

/** Writes the session in the highlighted format. */
export function exportNow(press: Press): void {
  const id = highlighted(press.state);
  if (id !== undefined) press.actions.exportAs(id);
}

/** Plans everything that is open and writes it for review, once the question was answered. */
export function writePlan(press: Press): void {
  press.view({ kind: 'close', now: press.now });
  press.actions.writePlan();
}

/** Nodes of the session to which there is no link. */
export function unconnected(state: AppState): readonly NodeState[] {
  return state.session.nodes.filter((n) => !isConnected(state, n.name));
}
