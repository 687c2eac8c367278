import { stepSubject } from '../domain/commands.ts';
import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Finding, Outcome } from '../domain/event.ts';
import { type Failure, ok, type Result } from '../domain/failure.ts';
import type { Answers, DeedReport, Recorder, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import type { Change, Step } from '../domain/step.ts';
import { planControl } from './plan.ts';
import { probe, probeToPlan } from './probe.ts';

/** Deadlines of the engine, in milliseconds. */
export const patience = { ask: 60_000, change: 180_000 } as const;

/** What `applyChange` needs: the plan that was shown and agreed to, and where it goes. */
export type ApplyInput = {
  readonly target: Target;
  readonly place: Place;
  readonly control: Control;
  readonly change: Change;
  readonly commands: readonly string[];
  readonly restarts: boolean;
  readonly units?: readonly string[] | undefined;
  readonly holder: string;
  readonly recorder: Recorder;
  readonly onOutput: (line: string) => void;
};

/**
 * The rhythm of a change: lock, ask again, compare with what was shown, journal the intent, change, journal the outcome,
 * ask again, judge. A failure of the journal stops before anything is sent.
 */
export async function applyChange(input: ApplyInput): Promise<Result<Outcome>> {
  const { target, place, control, change, recorder } = input;
  const locked = await takeLock(target, input.holder, recorder);
  if (locked) return refuse(locked);
  const fresh = await probeToPlan(target, control, place, { deadlineMs: patience.ask });
  const plan = planControl(control, place, fresh.answers);
  if (plan.kind === 'nothing') {
    await recorder.record({ kind: 'found', findings: fresh.findings });
    return refuse({ code: 'refused', message: `${control.title} is already as wanted on ${place.node}.` });
  }
  if (plan.kind === 'refused') return refuse({ code: 'refused', message: plan.reason });
  if (JSON.stringify(plan.steps) !== JSON.stringify(change.steps)) {
    await recorder.record({ kind: 'found', findings: fresh.findings });
    return refuse({ code: 'drifted', node: place.node, path: movedSubject(change.steps, plan.steps) });
  }
  const intent = await recorder.record({
    kind: 'change-intended',
    change,
    commands: input.commands,
    restarts: input.restarts,
    ...(input.units ? { units: input.units } : {}),
  });
  if (!intent.ok) return intent;
  const report = await target.perform(
    { kind: 'change', change },
    { deadlineMs: patience.change, onOutput: input.onOutput },
  );
  const ended = await recorder.record({
    kind: 'change-ended',
    change: change.id,
    outcome: outcomeOf(report),
    output: report.output,
  });
  if (!ended.ok) return ended;
  await recordFindings(target, [control], place, recorder);
  return ok(outcomeOf(report));
}

/** Asks controls again on a place and records what was found. */
export async function recordFindings(
  target: Target,
  controls: readonly Control[],
  place: Place,
  recorder: Recorder,
): Promise<readonly Finding[]> {
  const { findings } = await probe(target, controls, place, { deadlineMs: patience.ask });
  await recorder.record({ kind: 'found', findings });
  return findings;
}

/** The lasting part of a report. */
export function outcomeOf(report: DeedReport): Outcome {
  return report.kind === 'done' ? { kind: 'done' } : { kind: report.kind, failure: report.failure };
}

/** Takes the lock of a node for `holder`; the failure that names who has it, otherwise. Records a lock newly taken. */
export async function takeLock(
  target: Target,
  holder: string,
  recorder: Recorder,
  take = false,
): Promise<Failure | undefined> {
  const from = take ? heldBy(await target.ask([lock], { deadlineMs: patience.ask })) : undefined;
  const report = await target.perform({ kind: 'lock', holder, take }, { deadlineMs: patience.ask });
  if (report.kind !== 'done') return report.failure;
  if (take)
    await recorder.record({ kind: 'lock-taken', node: target.name, holder, ...(from ? { from } : {}) });
  return undefined;
}

const lock: Question = { kind: 'lock' };

/** Who holds the lock of a node, by its answers; undefined when nobody does or it is not known. */
export function heldBy(answers: Answers): string | undefined {
  const answer = answers.get(questionKey(lock));
  return answer?.kind === 'said' ? answer.text.trim() : undefined;
}

/** What the first step is about that would be another now than the one that was shown; a command is no thing that changes. */
function movedSubject(shown: readonly Step[], now: readonly Step[]): string {
  const unlike = (of: readonly Step[]) => (step: Step, index: number) =>
    step.kind !== 'run' && JSON.stringify(step) !== JSON.stringify(of[index]);
  const moved = shown.find(unlike(now)) ?? now.find(unlike(shown));
  return moved ? stepSubject(moved) : 'What would run';
}

function refuse(failure: Failure): Result<Outcome> {
  return ok({ kind: 'refused', failure });
}
