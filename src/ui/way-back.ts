import { type Session, standing } from '../domain/session.ts';
import type { Change, Step } from '../domain/step.ts';

/** The services that a change stops by itself, and leaves for the restart to start again. */
export function stopsNow({ steps }: Pick<Change, 'steps'>): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'run' && step.words[0] === 'systemctl' && step.words[1] === 'stop'
      ? step.words.slice(2)
      : [],
  );
}

/** Of these nodes, those on which a change has stopped the service and nothing has started it since. */
export function stoppedNodes(session: Session, nodes: readonly string[]): readonly string[] {
  const stopped = standing(session).filter(
    ({ change, at }) =>
      stopsNow(change).length > 0 && !session.restarts.some((r) => r.node === change.node && r.at > at),
  );
  return nodes.filter((node) => stopped.some(({ change }) => change.node === node));
}

/** What undo promises of these changes: no more than their steps can take back. */
export function undoPromise(changes: readonly Pick<Change, 'steps'>[]): string {
  const steps = changes.flatMap((change) => change.steps);
  const lasting = steps.filter(hasWayBack);
  if (steps.length > 0 && lasting.length === 0) return 'Nothing of it can be undone.';
  return lasting.length < steps.length ? 'u undoes what has a way back, and no more.' : 'u undoes.';
}

function hasWayBack(step: Step): boolean {
  return step.kind !== 'run' || (step.undo ?? []).length > 0;
}
