import { blocked, nextStep } from '../../domain/wizard.ts';
import type { AppState } from '../../store/state.ts';
import { type Press, say } from '../binding.ts';
import * as can from '../when.ts';

/** On to the next step; on the way, what that step is there for begins by itself when it changes nothing. */
export function goOn(press: Press): void {
  const { state, actions } = press;
  const next = nextStep(state.session.step);
  const reason = blocked(state.session, next);
  if (reason) {
    say(press, `Not yet: ${reason}.`);
    return;
  }
  actions.go(next);
  if (next === 'connect' && can.connect(state) === true) actions.connect();
  if (next === 'probe' && needsProbe(state)) actions.probe();
}

function needsProbe(state: AppState): boolean {
  if (!state.session.probed) return true;
  const asked = new Set(Object.values(state.session.findings).map((f) => f.place));
  return state.session.nodes.some((n) => n.facts && !asked.has(n.name));
}
