import type { WizardStep } from '../../domain/event.ts';
import { blocked, path, previousStep } from '../../domain/wizard.ts';
import type { AppState } from '../../store/state.ts';
import { type Press, say } from '../binding.ts';
import { boardList } from '../board.ts';
import { firstField } from '../fields.ts';
import { activeOverlay, isChanging } from '../location.ts';

/** How long a second ctrl-c counts as an answer to the first. */
const twiceMs = 2_000;

/** Holds the text that escape was pressed on once. */
const droppingList = 'typed-text-to-drop';

/** One thing back: the overlay, then the filter, then the open control, then the step. Never out of the program. */
export function back(press: Press): void {
  const { state, view } = press;
  const overlay = activeOverlay(state);
  if (overlay) {
    view({ kind: 'close', now: press.now });
    return;
  }
  if (state.view.overlay) view({ kind: 'close', now: press.now });
  if (state.session.step === 'controls' && state.view.control !== undefined) {
    view({ kind: 'control-closed' });
  } else if (state.session.step === 'controls' && state.view.filter[boardList]) {
    view({ kind: 'filter-cleared', list: boardList });
  } else if (state.session.step !== 'start') {
    view({ kind: 'leaving', at: press.now });
    press.actions.go(stepBack(state));
  }
}

/** The nearest step before this one that can be entered; a practice session whose cluster is gone may have only its summary to read. */
function stepBack({ session, clusterGone }: AppState): WizardStep {
  if (clusterGone && session.step === 'export') return 'summary';
  const before = previousStep(session.step);
  if (!blocked(session, before)) return before;
  if (clusterGone) return 'start';
  return path.slice(0, path.indexOf(before)).findLast((step) => !blocked(session, step)) ?? 'start';
}

/** Back out of a line or a text being typed; the first time nothing of it is lost, and the way to save is named. */
export function dropTyped(press: Press): void {
  const { state, view } = press;
  const { field, picked } = state.view;
  const typed = field !== undefined && field.text.trim() !== (firstField(state)?.text ?? '').trim();
  if (!field || !typed || picked[droppingList]?.[0] === field.text) {
    view({ kind: 'picked', list: droppingList, ids: [] });
    view({ kind: 'draft-dropped' });
    back(press);
    return;
  }
  view({ kind: 'picked', list: droppingList, ids: [field.text] });
  const save = field.multiline ? 'ctrl-s saves it' : 'enter takes it';
  say(press, `What you typed is not saved: ${save}, esc again drops it.`, 'bad');
}

/** Asks whether to leave; where nothing has begun there is nothing to ask. */
export function askToQuit(press: Press): void {
  if (press.state.session.id === '') press.actions.quit('left');
  else press.view({ kind: 'open', overlay: { kind: 'quit' }, now: press.now });
}

/** ctrl-c: during a change, finish the step and stop; the second time ask; otherwise ask, and the second time leave. */
export function interrupt(press: Press): void {
  const { state, view, now } = press;
  const again = state.view.interruptedAt !== undefined && now - state.view.interruptedAt <= twiceMs;
  const asking = activeOverlay(state)?.kind === 'quit';
  view({ kind: 'interrupted', at: now });
  if (isChanging(state)) {
    if (!state.stopping && !again) {
      press.actions.stopAfterStep();
      say(
        press,
        'The step under way is finished first, then it stops. ctrl-c again asks whether to leave now.',
      );
    } else if (!asking) {
      view({ kind: 'open', overlay: { kind: 'quit' }, now });
    }
    return;
  }
  if (asking && again) press.actions.quit('interrupted');
  else if (!asking) askToQuit(press);
}

/** Leaves; the session stays on disk. */
export function quit(press: Press): void {
  const { state, actions } = press;
  if (isChanging(state)) actions.quit('interrupted');
  else actions.quit(['summary', 'export'].includes(state.session.step) ? 'finished' : 'left');
}

/** Lets a shell take over for a while; never in the middle of a change. */
export function suspend(press: Press): void {
  if (isChanging(press.state)) say(press, 'Not while a node is being changed.');
  else press.suspend();
}
