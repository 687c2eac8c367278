import type { RestartOutcome } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { DeedReport, Recorder, Target } from '../domain/ports.ts';
import { commandLine } from '../domain/quote.ts';

/** Long enough for a large cluster; the command itself is never ended half-way. */
const patienceMs = 4 * 3_600_000;

/** What making a cluster as its file says needs. */
export type MakeClusterInput = {
  readonly target: Target;
  readonly words: readonly string[];
  readonly recorder: Recorder;
  readonly now: () => number;
  readonly onOutput: (line: string) => void;
};

/** Runs the command that makes a cluster as its file says, with its intent on record before and its end after. */
export async function makeCluster(input: MakeClusterInput): Promise<Result<RestartOutcome>> {
  const { target, words, recorder } = input;
  const at = { node: target.name, unit: commandLine(words) };
  const intent = await recorder.record({ kind: 'restart-intended', ...at });
  if (!intent.ok) return intent;
  const started = input.now();
  const report = await target.perform(
    { kind: 'make-cluster', words },
    { deadlineMs: patienceMs, onOutput: input.onOutput },
  );
  const outcome = outcomeOf(report, Math.round((input.now() - started) / 1000));
  const ended = await recorder.record({ kind: 'restart-ended', ...at, outcome });
  return ended.ok ? ok(outcome) : ended;
}

function outcomeOf(report: DeedReport, seconds: number): RestartOutcome {
  if (report.kind === 'done') return { kind: 'healthy', seconds };
  const { failure } = report;
  return failure.code === 'change-failed'
    ? { kind: 'failed', line: failure.message }
    : { kind: 'unknown', failure };
}
