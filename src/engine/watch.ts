import { fillWords, type Place } from '../domain/distribution.ts';
import { readUnit } from '../domain/evidence.ts';
import type { Failure } from '../domain/failure.ts';
import type { Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { patience } from './apply.ts';
import { textOf } from './place.ts';

/** What a unit is, and what it logged, at one moment. */
export type Look = {
  readonly active: string;
  readonly sub: string;
  readonly restarts: number;
  readonly pid: string;
  /** The node's own clock, seconds since 1970. */
  readonly now: number;
  /** Where the journal of the unit ended; undefined when it was empty. */
  readonly cursor?: string;
  /** What was logged after the earlier look. */
  readonly lines: readonly string[];
};

/** Looks at a unit; with an `earlier` look, also at everything that was logged since then, in its journal and elsewhere. */
export async function look(
  target: Target,
  place: Place,
  unit: string,
  earlier?: Look,
): Promise<Look | Failure> {
  const machine: Question = { kind: 'machine' };
  const state: Question = { kind: 'unit', name: unit };
  const log = journal(unit, earlier);
  const others = earlier ? otherLogs(place, earlier.now) : [];
  const answers = await target.ask([machine, state, log, ...others], { deadlineMs: patience.ask });
  const text = (question: Question): string => textOf(answers.get(questionKey(question))) ?? '';
  const read = readUnit(answers.get(questionKey(state)) ?? { kind: 'lost', reason: 'no answer' }, unit);
  if (!read.known) return { code: 'link-lost', node: place.node, message: read.reason };
  const now = Number(/^now=(\d+)/m.exec(text(machine))?.[1]);
  if (!Number.isFinite(now))
    return { code: 'link-lost', node: place.node, message: 'the node did not say its time' };
  const cursor = /^-- cursor: (\S+)/m.exec(text(log))?.[1];
  return {
    active: read.value.get('ActiveState') ?? '',
    sub: read.value.get('SubState') ?? '',
    restarts: Number(read.value.get('NRestarts') ?? 0),
    pid: read.value.get('MainPID') ?? '',
    now,
    ...(cursor ? { cursor } : {}),
    lines: [log, ...others]
      .flatMap((question) => text(question).split('\n'))
      .filter((line) => line.trim() !== '' && !line.startsWith('-- ') && !isOlder(line, earlier?.now ?? 0)),
  };
}

/** Before a restart, only where the journal ends is asked; after it, what follows that place, or that time. */
function journal(unit: string, earlier: Look | undefined): Question {
  const shape = ['-o', 'cat', '--no-pager'];
  if (!earlier)
    return { kind: 'command', words: ['journalctl', '-u', unit, '-n', '0', '--show-cursor', ...shape] };
  const from = earlier.cursor ? ['--after-cursor', earlier.cursor] : ['--since', `@${earlier.now}`];
  return { kind: 'command', words: ['journalctl', '-u', unit, ...from, '-n', '200', ...shape] };
}

function otherLogs(place: Place, since: number): readonly Question[] {
  return place.distribution.health.logs.map((words) => ({
    kind: 'command',
    words: fillWords(words, place.words).map((word) => word.replaceAll('%since%', String(since))),
  }));
}

/** Whether a line of a container's log, which begins with its time, was written before `since`. */
function isOlder(line: string, since: number): boolean {
  const time = /^(\d{4}-\d\d-\d\dT\S+) (?:stdout|stderr) [FP] /.exec(line)?.[1];
  return time !== undefined && Date.parse(time) / 1000 < since;
}
