import * as z from 'zod';
import { known, type Read } from '../domain/answer.ts';
import { readOnlyCommand, refusedInProfile } from '../domain/read-only.ts';
import type { Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { logQuestions, logText } from './log-source.ts';
import { commandWords } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  /** Commands that print logs; none of them having anything to say is no fault. */
  from: z
    .array(
      commandWords.superRefine((words, context) => {
        // Words that stand for paths are filled in later, and looked at again then.
        const reads = readOnlyCommand(words.map((word) => word.replaceAll(/\{\{[a-z0-9-]+\}\}/g, '/word')));
        if (reads !== true) context.addIssue({ code: 'custom', message: refusedInProfile(reads) });
      }),
    )
    .min(1)
    .readonly(),
  /** The line that is looked for, as a regular expression. */
  pattern: z.string().min(1),
  /** A line after which what came before counts no longer: the service came up. */
  until: z.string().min(1).optional(),
  /** What is so where there is no such line, in a few words; for commands that print something else than a log. */
  wanted: z.string().min(1).optional(),
  /** Only what matches is shown, for the rest of the line is a program's own and may hold anything. */
  partly: z.literal(true).optional(),
  /** What to do where it is found. */
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

/** The last line that counts; undefined when there is none. */
type Observed = { readonly line: string | undefined; readonly times: number };

/** A line of a log that tells of a trouble by itself. Old lines count no longer once the service has come up after them. */
export const log: Resource<Wanted, Observed> = {
  type: 'log',
  schema,
  ask: ({ from }) => logQuestions(from),
  read: (wanted, answers): Read<Observed> => {
    const lines: Line[] = [];
    for (const [source, words] of wanted.from.entries()) {
      const text = logText(words, answers);
      if (!text.known) return text;
      lines.push(...dated(inOrder(text.value.split('\n')), source));
    }
    const { until } = wanted;
    const ups = until === undefined ? [] : lines.filter((line) => new RegExp(until).test(line.text));
    const hits = lines
      .filter((line) => !ups.some((up) => isBefore(line, up, wanted.wanted !== undefined)))
      .flatMap(({ text }) => {
        const hit = new RegExp(wanted.pattern).exec(text)?.[0];
        return hit === undefined ? [] : [wanted.partly ? hit : text];
      });
    return known({ line: hits.at(-1)?.trim(), times: hits.length });
  },
  judge,
  change: (wanted, observed) =>
    observed.line === undefined
      ? { kind: 'nothing' }
      : refused(
          wanted.wanted === undefined
            ? 'a line of a log is a sign, and nothing that could be changed'
            : 'it is a sign of what is wrong, and nothing that this program changes',
          wanted.instead,
        ),
};

/** A line with the log it stands in, its place there, and its time where one is known: that of the line itself, or of one above it. */
type Line = { readonly text: string; readonly source: number; readonly index: number; readonly at: number };

function dated(lines: readonly string[], source: number): readonly Line[] {
  let at = Number.NaN;
  return lines.map((text, index) => {
    const stamp = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/.exec(
      text.slice(0, 60),
    )?.[0];
    const own = stamp === undefined ? Number.NaN : Date.parse(zoned(stamp));
    at = Number.isNaN(own) ? at : own;
    return { text, source, index, at };
  });
}

/** Without a zone of its own a time is taken for that of the others. */
function zoned(stamp: string): string {
  const plain = stamp.replace(' ', 'T').replace(/[.,]\d+/, '');
  return /(Z|[+-]\d\d:?\d\d)$/.test(plain) ? plain : `${plain}Z`;
}

/**
 * Whether a line was said before another: by its place in the same log, by its time in another, and never where that is not known.
 * What is no log has no times; there the commands are in order.
 */
function isBefore(line: Line, up: Line, ordered: boolean): boolean {
  if (line.source === up.source) return line.index < up.index;
  return ordered ? line.source < up.source : line.at <= up.at;
}

/** Lines of several files one after the other; where each begins with its time, as in the logs of pods, in order of time. */
function inOrder(lines: readonly string[]): readonly string[] {
  const said = lines.filter((line) => line.trim() !== '');
  return said.every((line) => /^\d{4}-\d\d-\d\dT\d\d:/.test(line))
    ? said.toSorted((a, b) =>
        a.slice(0, 23) < b.slice(0, 23) ? -1 : a.slice(0, 23) > b.slice(0, 23) ? 1 : 0,
      )
    : lines;
}

function judge({ wanted: aim, until }: Wanted, { line, times }: Observed): Verdict {
  const since = until === undefined ? 'no such line' : 'no such line since the last good start';
  const wanted = aim ?? since;
  if (line === undefined) return { kind: 'pass', found: aim ?? 'no such line', wanted };
  return { kind: 'fail', found: times > 1 ? `${line} (${times} times)` : line, wanted };
}
