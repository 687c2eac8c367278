import { type Control, selectControls } from '../domain/control.ts';
import { type AppState, chosen } from './state.ts';

/** The control whose change heals the last failed start of a node, as the screens offer it; undefined when none is known to. */
export function shownCure(state: AppState, node: string): Control | undefined {
  const outcome = state.session.restarts.findLast((r) => r.node === node)?.outcome;
  if (outcome?.kind !== 'crash-looping' && outcome?.kind !== 'stuck') return undefined;
  const { profile, benchmark } = chosen(state);
  if (!profile || !benchmark) return undefined;
  const controls = selectControls(profile, benchmark, state.session.level ?? 1);
  return controls.find((control) => control.cures?.some((line) => new RegExp(line).test(outcome.line)));
}
