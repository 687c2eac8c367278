import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Outcome } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { Recorder, Target } from '../domain/ports.ts';
import { type ChangeState, type Session, standing } from '../domain/session.ts';
import { pathsToKeep } from '../domain/step.ts';
import { undoByHand, undoScreen } from '../domain/undo.ts';
import { outcomeOf, patience, recordFindings, takeLock } from './apply.ts';

/**
 * Why a change cannot be undone before others: a later change that stands on the same node wrote the same file, or needs
 * this one's control. Undefined when nothing stands in the way.
 */
export function undoBlocker(
  session: Session,
  state: ChangeState,
  controls: readonly Control[],
): string | undefined {
  const later = standing(session).filter(
    (s) =>
      s.change.node === state.change.node &&
      // A name may have led to another machine since; the cluster is the same whichever server spoke for it.
      (s.change.node !== s.change.via || s.machine === state.machine) &&
      s.change.id !== state.change.id &&
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

/** Why nothing of a change may be asked or undone on a machine: it was made on another that had the name before. */
export function otherMachine({ change, machine }: ChangeState, now: string): string | undefined {
  if (machine === undefined || machine === now) return undefined;
  return `${change.via} is not the machine on which this was changed. Give ${change.via} its old address again on the Nodes screen, or run there by hand: ${undoByHand(change)}`;
}

/** Undoes one change on its node, journalled like any other change, and asks the control again. */
export async function undoChange(input: {
  readonly target: Target;
  readonly place: Place;
  readonly state: ChangeState;
  readonly control: Control | undefined;
  readonly force: boolean;
  readonly holder: string;
  readonly recorder: Recorder;
  readonly redact: (text: string) => string;
  readonly onOutput: (line: string) => void;
}): Promise<Result<Outcome>> {
  const { target, state, recorder } = input;
  const locked = await takeLock(target, input.holder, recorder);
  if (locked) return ok({ kind: 'refused', failure: locked });
  const intent = await recorder.record({
    kind: 'undo-intended',
    change: state.change.id,
    commands: undoScreen(state.change).map(input.redact),
    force: input.force,
  });
  if (!intent.ok) return intent;
  const report = await target.perform(
    { kind: 'undo', change: state.change, force: input.force },
    { deadlineMs: patience.change, onOutput: input.onOutput },
  );
  const outcome = sinceChange(outcomeOf(report));
  const ended = await recorder.record({
    kind: 'undo-ended',
    change: state.change.id,
    outcome,
    output: report.output,
  });
  if (!ended.ok) return ended;
  if (input.control) await recordFindings(target, [input.control], input.place, recorder);
  return ok(outcome);
}

/** What drifted was seen right before a change, but since the change when it is taken back. */
function sinceChange(outcome: Outcome): Outcome {
  return outcome.kind === 'refused' && outcome.failure.code === 'drifted'
    ? { ...outcome, failure: { ...outcome.failure, since: 'change' } }
    : outcome;
}

function pathsOf(step: ChangeState['change']['steps'][number]): readonly string[] {
  return 'path' in step ? [step.path] : pathsToKeep(step);
}
