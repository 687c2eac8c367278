import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Target } from '../domain/ports.ts';
import { patience } from './apply.ts';
import { probe } from './probe.ts';

/** What is so now, or will be with the next start. */
const inForce: readonly string[] = ['pass', 'pending-restart', 'configured-not-active'];

/** What some controls are on a place: those in force or so with its next start, whoever made them so, and those it cannot be told of. */
export type Standing = {
  readonly inForce: readonly Control[];
  readonly unsure: readonly { readonly control: Control; readonly reason: string }[];
};

/** Which of some controls are in force on a place or will be with its next start, and of which that is not known. */
export async function standingOf(
  controls: readonly Control[],
  target: Target,
  place: Place,
): Promise<Standing> {
  if (controls.length === 0) return { inForce: [], unsure: [] };
  const { findings } = await probe(target, controls, place, { deadlineMs: patience.ask });
  const verdicts = controls.map((control, i) => ({ control, verdict: findings[i]?.verdict }));
  return {
    inForce: verdicts.flatMap(({ control, verdict }) =>
      inForce.includes(verdict?.kind ?? '') ? [control] : [],
    ),
    unsure: verdicts.flatMap(({ control, verdict }) =>
      verdict === undefined || verdict.kind === 'unknown'
        ? [{ control, reason: verdict?.reason || 'no answer came' }]
        : [],
    ),
  };
}
