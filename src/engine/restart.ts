import type { Answer } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import type { RestartOutcome } from '../domain/event.ts';
import { readUnit } from '../domain/evidence.ts';
import { type Failure, ok, type Result } from '../domain/failure.ts';
import type { Answers, Recorder, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { outcomeOf, patience } from './apply.ts';
import { readiness } from './health.ts';
import { textOf, unitAt } from './place.ts';

/** Time as the engine sees it, so that tests need not wait. */
export type Clock = { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };

/** What a restart of one node needs. `api` is where kubectl answers: another server if there is one, else the node itself. */
export type RestartInput = {
  readonly target: Target;
  readonly place: Place;
  readonly api: { readonly target: Target; readonly place: Place } | undefined;
  readonly hostname: string;
  /** The configuration asks for hardening, so a start without it is not a good start. */
  readonly hardened: boolean;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly onOutput: (line: string) => void;
};

const pollMs = 1000;

/**
 * Restarts the node agent without blocking and watches it until it is healthy (active, and the node Ready again),
 * crash-looping (with the first fatal line), stuck, or running unhardened.
 */
export async function restartNode(input: RestartInput): Promise<Result<RestartOutcome>> {
  const unit = unitAt(input.place);
  const intent = await input.recorder.record({ kind: 'restart-intended', node: input.place.node, unit });
  if (!intent.ok) return intent;
  const outcome = await restartAndWatch(input, unit);
  const ended = await input.recorder.record({ kind: 'restart-ended', node: input.place.node, unit, outcome });
  return ended.ok ? ok(outcome) : ended;
}

async function restartAndWatch(input: RestartInput, unit: string): Promise<RestartOutcome> {
  const { target, clock } = input;
  const before = await look(input, unit, 0);
  if ('code' in before) return { kind: 'unknown', failure: before };
  const report = await target.perform(
    { kind: 'restart', unit },
    { deadlineMs: patience.ask, onOutput: input.onOutput },
  );
  const asked = outcomeOf(report);
  if (asked.kind !== 'done') return { kind: 'unknown', failure: asked.failure };
  const started = clock.now();
  const limit = input.place.distribution.health.seconds;
  for (;;) {
    await clock.sleep(pollMs);
    const seconds = Math.round((clock.now() - started) / 1000);
    const state = await look(input, unit, before.nodeNow);
    if ('code' in state) return { kind: 'unknown', failure: state };
    const line = state.lines.at(-1) ?? '';
    input.onOutput(
      `${unit} on ${input.place.node}: ${state.active}/${state.sub}, ${seconds} s${line ? ` · ${line}` : ''}`,
    );
    const fatal = firstMatch(state.lines, input.place.distribution.health.fatal);
    if (fatal !== undefined || state.active === 'failed' || state.restarts > before.restarts + 1) {
      return { kind: 'crash-looping', line: fatal ?? line };
    }
    if (state.active === 'active' && state.pid !== before.pid) {
      const waiting = await readiness(input);
      const bare = input.hardened
        ? firstMatch(state.lines, input.place.distribution.health.unhardened)
        : undefined;
      if (waiting === undefined)
        return bare === undefined ? { kind: 'healthy', seconds } : { kind: 'unhardened', line: bare };
      input.onOutput(waiting);
      if (seconds >= limit) return { kind: 'stuck', line: waiting, seconds };
    }
    if (seconds >= limit) return { kind: 'stuck', line, seconds };
  }
}

type Look = {
  readonly active: string;
  readonly sub: string;
  readonly restarts: number;
  readonly pid: string;
  readonly nodeNow: number;
  readonly lines: readonly string[];
};

/** One look at the unit and at what it logged since `since` (seconds by the node's own clock). */
async function look(input: RestartInput, unit: string, since: number): Promise<Look | Failure> {
  const machine: Question = { kind: 'machine' };
  const state: Question = { kind: 'unit', name: unit };
  const log: Question = {
    kind: 'command',
    words: ['journalctl', '-u', unit, '--since', `@${since}`, '-n', '200', '-o', 'cat', '--no-pager'],
  };
  const questions = since === 0 ? [machine, state] : [machine, state, log];
  const answers = await input.target.ask(questions, { deadlineMs: patience.ask });
  const read = readUnit(get(answers, state), unit);
  const now = Number(/^now=(\d+)/m.exec(textOf(get(answers, machine)) ?? '')?.[1]);
  if (!read.known) return { code: 'link-lost', node: input.place.node, message: read.reason };
  if (!Number.isFinite(now))
    return { code: 'link-lost', node: input.place.node, message: 'the node did not say its time' };
  return {
    active: read.value.get('ActiveState') ?? '',
    sub: read.value.get('SubState') ?? '',
    restarts: Number(read.value.get('NRestarts') ?? 0),
    pid: read.value.get('MainPID') ?? '',
    nodeNow: now,
    lines: (textOf(answers.get(questionKey(log))) ?? '').split('\n').filter((line) => line.trim() !== ''),
  };
}

function get(answers: Answers, question: Question): Answer {
  return answers.get(questionKey(question)) ?? { kind: 'lost', reason: 'no answer' };
}

/** The first line that matches one of the patterns; the telling part only, for one line on the screen. */
function firstMatch(lines: readonly string[], patterns: readonly string[]): string | undefined {
  return lines.find((line) => patterns.some((pattern) => new RegExp(pattern).test(line)));
}
