import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Target } from '../domain/ports.ts';
import { patience } from './apply.ts';
import { probe } from './probe.ts';

/** What is so now, or will be with the next start. */
const inForce: readonly string[] = ['pass', 'pending-restart', 'configured-not-active'];

/** Which of some controls are in force on a place or will be with its next start, whoever made them so. */
export async function standingOf(
  controls: readonly Control[],
  target: Target,
  place: Place,
): Promise<readonly Control[]> {
  if (controls.length === 0) return [];
  const { findings } = await probe(target, controls, place, { deadlineMs: patience.ask });
  return controls.filter((_, i) => inForce.includes(findings[i]?.verdict.kind ?? ''));
}
