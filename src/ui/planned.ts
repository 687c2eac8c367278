import { type Moved, movedSince, otherPlan, planItemAt, planNodes } from '../domain/review-plan.ts';
import { findingKey, verdictOf } from '../domain/session.ts';
import { clusterOf } from '../domain/waiver.ts';
import type { AppState } from '../store/state.ts';

const words: Readonly<Record<Moved, string>> = {
  same: 'same: as planned, the same would run',
  done: 'done: it is as it should be, or accepted as it is',
  differs:
    'differs: NOT AS PLANNED, something else would run than what was reviewed. Read it before you apply it.',
  new: 'new: NOT IN THE PLAN, nobody reviewed it.',
  unknown: 'unknown: in the plan; whether the same would run is not known yet',
};

/** How a control on a place stands to the plan that was loaded; empty without one, or where there is nothing to say. */
export function planWords(state: AppState, control: string, place: string): string {
  const loaded = state.plan;
  if (!loaded) return '';
  const { distribution = '', benchmark = '', level = 1 } = state.session;
  const nodes = planNodes(state.session);
  const cluster = clusterOf(state.session);
  const other = otherPlan(loaded.plan, { cluster, distribution, benchmark, level, nodes });
  const planned = planItemAt(loaded.plan, control, place);
  const now = state.plans[findingKey(control, place)];
  const none = { commands: [], diffs: [] };
  const moved = movedSince(planned, {
    verdict: verdictOf(state.session, control, place)?.kind,
    // What the wizard refuses may only wait for another control; that alone is no difference.
    item:
      now?.kind === 'ready'
        ? { does: 'steps', commands: now.commands, diffs: now.diffs }
        : now && planned?.does !== 'steps'
          ? { does: planned?.does ?? 'nothing', ...none }
          : undefined,
  });
  return [moved && words[moved], other].filter(Boolean).join(' ');
}
