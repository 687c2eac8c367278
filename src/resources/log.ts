import * as z from 'zod';
import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { readOnlyCommand, refusedInProfile } from '../domain/read-only.ts';
import type { Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { commandWords } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  /** Commands that print logs; none of them having anything to say is no fault. */
  from: z
    .array(
      commandWords.superRefine((words, context) => {
        const reads = readOnlyCommand(words);
        if (reads !== true) context.addIssue({ code: 'custom', message: refusedInProfile(reads) });
      }),
    )
    .min(1)
    .readonly(),
  /** The line that is looked for, as a regular expression. */
  pattern: z.string().min(1),
  /** A line after which what came before counts no longer: the service came up. */
  until: z.string().min(1).optional(),
  /** What to do where it is found. */
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

/** The last line that counts; undefined when there is none. */
type Observed = { readonly line: string | undefined; readonly times: number };

function questions({ from }: Wanted): readonly Question[] {
  return from.map((words) => ({ kind: 'command', words }));
}

/** A line of a log that tells of a trouble by itself. Old lines count no longer once the service has come up after them. */
export const log: Resource<Wanted, Observed> = {
  type: 'log',
  schema,
  ask: questions,
  read: (wanted, answers): Read<Observed> => {
    const lines: string[] = [];
    for (const question of questions(wanted)) {
      const answer = answerTo(answers, question);
      if (saysNothing(answer)) continue;
      if (answer.kind !== 'said')
        return unread(
          whyNot(answer, `the log (${question.kind === 'command' ? question.words.join(' ') : ''})`),
        );
      lines.push(...answer.text.split('\n'));
    }
    const up =
      wanted.until === undefined
        ? -1
        : lines.findLastIndex((line) => new RegExp(wanted.until ?? '').test(line));
    const hits = lines.slice(up + 1).filter((line) => new RegExp(wanted.pattern).test(line));
    return known({ line: hits.at(-1)?.trim(), times: hits.length });
  },
  judge,
  change: (wanted, observed) =>
    observed.line === undefined
      ? { kind: 'nothing' }
      : refused('a line of a log is a sign, and nothing that could be changed', wanted.instead),
};

/** grep without a match, and find without the folder, fail: both say that there is no such line. */
function saysNothing(answer: Answer): boolean {
  return (
    answer.kind === 'failed' &&
    answer.exit === 1 &&
    /^$|: No such file or directory$/.test(answer.message.trim())
  );
}

function judge(_: Wanted, { line, times }: Observed): Verdict {
  const wanted = 'no such line since the last good start';
  if (line === undefined) return { kind: 'pass', found: 'no such line', wanted };
  return { kind: 'fail', found: times > 1 ? `${line} (${times} times)` : line, wanted };
}
