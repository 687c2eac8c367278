import { type Place, unitAt } from '../domain/distribution.ts';
import type { RestartOutcome } from '../domain/event.ts';
import { readUnit } from '../domain/evidence.ts';
import { ok, type Result, word } from '../domain/failure.ts';
import type { Recorder, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { outcomeOf, patience } from './apply.ts';
import { readiness } from './health.ts';
import { look } from './watch.ts';

/** Time as the engine sees it, so that tests need not wait. */
export type Clock = { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };

/** What a restart of one node needs. `api` is where kubectl answers: another server if there is one, else the node itself. */
export type RestartInput = {
  readonly target: Target;
  readonly place: Place;
  /** What restarts, where that is not the node agent. */
  readonly unit?: string;
  readonly api: { readonly target: Target; readonly place: Place } | undefined;
  /** What the cluster calls the node. */
  readonly nodeName: string;
  /** The configuration asks for hardening, so a start without it is not a good start. */
  readonly hardened: boolean;
  /** How long it must stay healthy, in seconds. */
  readonly settle: number;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly onOutput: (line: string) => void;
};

const pollMs = 1000;

/** How many looks in a row may stay without an answer: the link and the API stutter while a server restarts. */
const lostLooks = 5;

/** Stops the node agent, once that is in the record, and waits until it is down; why it is not, otherwise. */
export async function stopNode(
  input: Pick<RestartInput, 'target' | 'place' | 'recorder' | 'clock' | 'onOutput'>,
): Promise<string | undefined> {
  const unit = unitAt(input.place);
  const intent = await input.recorder.record({ kind: 'stop-intended', node: input.place.node, unit });
  if (!intent.ok) return word(intent.failure).sentence;
  const report = await input.target.perform(
    { kind: 'stop', unit },
    { deadlineMs: patience.ask, onOutput: input.onOutput },
  );
  if (report.kind !== 'done') return word(report.failure).sentence;
  const question: Question = { kind: 'unit', name: unit };
  const until = input.clock.now() + patience.change;
  for (let left = patience.change; left > 0; left = until - input.clock.now()) {
    const answers = await input.target.ask([question], { deadlineMs: Math.min(patience.ask, left) });
    const read = readUnit(answers.get(questionKey(question)) ?? { kind: 'lost', reason: 'no answer' }, unit);
    const state = read.known ? (read.value.get('ActiveState') ?? '') : '';
    input.onOutput(`${unit} on ${input.place.node}: ${read.known ? state : read.reason}`);
    if (state === 'inactive' || state === 'failed') return undefined;
    await input.clock.sleep(pollMs);
  }
  return `${unit} on ${input.place.node} did not stop.`;
}

/**
 * Restarts the node agent without blocking and watches it until it is healthy (active, and the node Ready again),
 * crash-looping (with the first fatal line), stuck, or running unhardened.
 */
export async function restartNode(input: RestartInput): Promise<Result<RestartOutcome>> {
  const unit = input.unit ?? unitAt(input.place);
  const intent = await input.recorder.record({ kind: 'restart-intended', node: input.place.node, unit });
  if (!intent.ok) return intent;
  const outcome = await restartAndWatch(input, unit);
  const ended = await input.recorder.record({ kind: 'restart-ended', node: input.place.node, unit, outcome });
  return ended.ok ? ok(outcome) : ended;
}

async function restartAndWatch(input: RestartInput, unit: string): Promise<RestartOutcome> {
  const { target, clock } = input;
  const before = await look(input.target, input.place, unit);
  if ('code' in before) return { kind: 'unknown', failure: before };
  const report = await target.perform(
    { kind: 'restart', unit },
    { deadlineMs: patience.ask, onOutput: input.onOutput },
  );
  const asked = outcomeOf(report);
  if (asked.kind !== 'done') return { kind: 'unknown', failure: asked.failure };
  const started = clock.now();
  const limit = input.place.distribution.health.seconds;
  let healthySince: number | undefined;
  let lost = 0;
  let said = { line: '', sub: '', at: 0 };
  for (;;) {
    await clock.sleep(pollMs);
    const seconds = Math.round((clock.now() - started) / 1000);
    const state = await look(input.target, input.place, unit, before);
    if ('code' in state) {
      if (++lost > lostLooks) return { kind: 'unknown', failure: state };
      input.onOutput(`${unit} on ${input.place.node}: no answer, asked again (${lost} of ${lostLooks})`);
      healthySince = undefined;
      continue;
    }
    lost = 0;
    const line = state.lines.at(-1) ?? '';
    if (line !== said.line || state.sub !== said.sub || seconds - said.at >= 5) {
      const words = line === '' ? '' : ` · ${line}`;
      input.onOutput(`${unit} on ${input.place.node}: ${state.active}/${state.sub}, ${seconds} s${words}`);
      said = { line, sub: state.sub, at: seconds };
    }
    const fatal = firstMatch(state.lines, input.place.distribution.health.fatal);
    if (fatal !== undefined || state.active === 'failed' || state.restarts > before.restarts + 1) {
      return { kind: 'crash-looping', line: fatal ?? line };
    }
    if (state.active === 'active' && state.pid !== before.pid) {
      const waiting = await readiness(input);
      const bare = input.hardened
        ? firstMatch(state.lines, input.place.distribution.health.unhardened)
        : undefined;
      if (bare !== undefined) return { kind: 'unhardened', line: bare };
      if (waiting === undefined) {
        healthySince ??= seconds;
        if (seconds - healthySince >= input.settle) return { kind: 'healthy', seconds: healthySince };
        continue;
      }
      healthySince = undefined;
      input.onOutput(waiting);
      if (seconds >= limit) return { kind: 'stuck', line: waiting, seconds };
    }
    if (seconds >= limit) return { kind: 'stuck', line, seconds };
  }
}

/** The first line that matches one of the patterns. */
function firstMatch(lines: readonly string[], patterns: readonly string[]): string | undefined {
  return lines.find((line) => patterns.some((pattern) => new RegExp(pattern).test(line)));
}
