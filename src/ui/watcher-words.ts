import { serviceUnit } from '../domain/distribution.ts';
import type { Step } from '../domain/step.ts';
import { type AppState, chosen } from '../store/state.ts';

/** What is written or taken back, with the units that it concerns. */
type Concerned = {
  readonly change: { readonly steps: readonly Step[] };
  readonly units?: readonly string[] | undefined;
};

/** What is to be said of whoever restarts a component by itself, where its arguments change; it follows a sentence. */
export function watcherWords(state: AppState, changes: readonly Concerned[]): string {
  const distribution = chosen(state).profile?.distribution;
  const words = distribution?.argumentFiles?.watcher;
  if (!distribution || words === undefined) return '';
  const isOf = (step: Step, units: readonly string[]): boolean =>
    step.kind === 'write-file' &&
    units.includes(serviceUnit(distribution, step.path.slice(step.path.lastIndexOf('/') + 1)));
  const watched = changes.some(({ change, units = [] }) => change.steps.some((step) => isOf(step, units)));
  return watched ? ` ${words}` : '';
}
