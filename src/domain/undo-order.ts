import type { Control } from './control.ts';
import { type ChangeState, type Session, standing } from './session.ts';
import { pathsToKeep } from './step.ts';

/**
 * Why a change cannot be undone before others: a later change that stands on the same node wrote the same file, or needs
 * this one's control. What is undone together with it, and so before it, is no reason. Undefined when nothing stands in the way.
 */
export function undoBlocker(
  session: Session,
  state: ChangeState,
  controls: readonly Control[],
  together: readonly string[] = [],
): string | undefined {
  const later = standing(session).filter(
    (s) =>
      s.change.node === state.change.node &&
      // A name may have led to another machine since; the cluster is the same whichever server spoke for it.
      (s.change.node !== s.change.via || s.machine === state.machine) &&
      s.change.id !== state.change.id &&
      !together.includes(s.change.id) &&
      session.changes.indexOf(s) > session.changes.indexOf(state),
  );
  const paths = new Set(state.change.steps.flatMap(pathsOf));
  for (const other of later) {
    const title = controls.find((c) => c.id === other.change.control)?.title ?? other.change.control;
    if (other.change.steps.flatMap(pathsOf).some((path) => paths.has(path)))
      return `undo “${title}” first: it wrote the same file later`;
    if (controls.find((c) => c.id === other.change.control)?.needs.includes(state.change.control)) {
      return `undo “${title}” first: it needs this one`;
    }
  }
  return undefined;
}

function pathsOf(step: ChangeState['change']['steps'][number]): readonly string[] {
  return 'path' in step ? [step.path] : pathsToKeep(step);
}
