import { stepSummary } from './commands.ts';
import type { Step } from './step.ts';

/** So many commands are named; the rest are counted. */
const most = 3;

/** What these steps did and nothing takes back: commands without a way back, in words; undefined where there is none. */
export function whatStays(steps: readonly Step[]): string | undefined {
  const lasting = steps.filter((step) => step.kind === 'run' && (step.undo ?? []).length === 0);
  if (lasting.length === 0) return undefined;
  const more = lasting.length > most ? ` and ${lasting.length - most} more` : '';
  return `${lasting.slice(0, most).map(stepSummary).join(', ')}${more}`;
}

/** That the undo of an earlier change stopped before it touched anything. */
export function notTakenBack(path: string): string {
  return `${path} was changed by somebody since, so that change was not taken back`;
}
