import { width } from '../text.ts';
import { count } from '../words.ts';

/** The steps of a change, one a line; where there are more than lines, the last says what else there is. */
export function runLines(
  steps: readonly string[],
  room: number,
  most = Number.POSITIVE_INFINITY,
): readonly string[] {
  if (steps.length <= most || most < 1) return steps.slice(0, most);
  const last = steps[most - 1] ?? '';
  const rest = steps.slice(most);
  const more = rest.every((step) => step.startsWith('sysctl -w '))
    ? ` and set ${count(rest.length, 'running value')}`
    : ` and ${count(rest.length, 'step')} more; d shows all`;
  // Owner and mode of a file give way before the rest of what happens does.
  const short = width(last + more) > room ? last.replace(/ \([^()]*\)$/, '') : last;
  return [...steps.slice(0, most - 1), `${short}${more}`];
}
