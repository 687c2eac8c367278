import type { Control } from '../domain/control.ts';
import { type AppState, walked } from './state.ts';

/** The control whose change heals the last failed start of a node; undefined when none is known to. */
export function cureOf(state: AppState, node: string): Control | undefined {
  const outcome = state.session.restarts.findLast((r) => r.node === node)?.outcome;
  if (outcome?.kind !== 'crash-looping' && outcome?.kind !== 'stuck') return undefined;
  return walked(state).find((control) => control.cures?.some((line) => new RegExp(line).test(outcome.line)));
}
