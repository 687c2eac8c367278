import { kernelPath, stepSubject } from './commands.ts';
import type { Control } from './control.ts';
import { type ChangeState, changeStatus, remaining, type Session } from './session.ts';
import { pathsToKeep, type Step } from './step.ts';

/**
 * Why a change cannot be undone before others: a later change that is, or may be, on the same node changed the same
 * thing, or needs this one's control. What is undone together with it, and so before it, is no reason. Undefined when nothing stands in the way.
 */
export function undoBlocker(
  session: Session,
  state: ChangeState,
  controls: readonly Control[],
  together: readonly string[] = [],
): string | undefined {
  const later = remaining(session).filter(
    (s) =>
      s.change.node === state.change.node &&
      // A name may have led to another machine since; the cluster is the same whichever server spoke for it.
      (s.change.node !== s.change.via || s.machine === state.machine) &&
      s.change.id !== state.change.id &&
      !together.includes(s.change.id) &&
      session.changes.indexOf(s) > session.changes.indexOf(state),
  );
  const things = new Set(state.change.steps.flatMap(thingsOf));
  for (const other of later) {
    const of = controls.find((c) => c.id === other.change.control);
    const title = of?.title ?? other.change.control;
    const first =
      changeStatus(other) === 'unfinished' ? `settle “${title}” first (U shows it)` : `undo “${title}” first`;
    const same = other.change.steps.find((step) => thingsOf(step).some((thing) => things.has(thing)));
    if (same) return `${first}: it ${deedOf(same)} later`;
    if (of?.needs.includes(state.change.control)) return `${first}: it needs this one`;
  }
  return undefined;
}

/** What a step changes, in names that are the same wherever the thing is the same. A command that only ran changes none. */
function thingsOf(step: Step): readonly string[] {
  if (step.kind === 'run') return [];
  if (step.kind === 'set-kernel') return [kernelPath(step.key)];
  if ('path' in step) return [step.path];
  const kept = pathsToKeep(step);
  return kept.length > 0 ? kept : [stepSubject(step)];
}

function deedOf(step: Step): string {
  const file = ('path' in step && step.kind !== 'rancher-object') || pathsToKeep(step).length > 0;
  return file ? 'wrote the same file' : `changed ${stepSubject(step)}`;
}
