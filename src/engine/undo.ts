import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Outcome } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { Recorder, Target } from '../domain/ports.ts';
import type { ChangeState } from '../domain/session.ts';
import { undoByHand, undoScreen } from '../domain/undo.ts';
import { outcomeOf, patience, recordFindings, takeLock } from './apply.ts';

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
