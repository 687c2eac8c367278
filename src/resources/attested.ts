import * as z from 'zod';
import { known, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { columnsOption, flagLines, rowLines } from './evidence-lines.ts';
import { mark } from './fingerprint.ts';
import { namesOf } from './object-list.ts';
import { commandWords, getWords, oneWord } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  ask: z.string().min(1),
  show: z
    .union([
      z.strictObject({ command: commandWords }),
      z.strictObject({
        object: getWords,
      }),
      z.strictObject({
        table: getWords,
        /** Values of each object by the name of their column, as paths of kubectl's custom columns. */
        columns: z.record(z.string().regex(/^[a-z-]+$/), z.string().regex(/^[\w.[\]*/-]+$/)),
        /** Of which objects the row is shown, by what some of these columns have, by what all lack, or by one that is set. */
        rows: z
          .strictObject({
            columns: z.array(oneWord).min(1).readonly(),
            has: z.array(z.string().min(1)).min(1).readonly().optional(),
            lacks: z.array(z.string().min(1)).min(1).readonly().optional(),
            set: z.literal(true).optional(),
          })
          .readonly(),
      }),
      z.strictObject({ process: oneWord, flags: z.array(oneWord).min(1).readonly() }),
    ])
    .readonly()
    .optional(),
});

type Wanted = z.infer<typeof schema>;

type Show = NonNullable<Wanted['show']>;

function evidenceQuestion(show: Show, place: Place): Question {
  if ('command' in show) return { kind: 'command', words: show.command };
  return 'process' in show
    ? { kind: 'process', name: show.process }
    : 'table' in show
      ? {
          kind: 'command',
          words: [...kubectlAt(place), 'get', ...show.table, '-o', columnsOption(show.columns)],
        }
      : { kind: 'object', kubectl: kubectlAt(place), get: show.object };
}

function nameOf(show: Show): string {
  if ('process' in show) return `process ${show.process}`;
  if ('table' in show) return `get ${show.table.join(' ')}`;
  return ('command' in show ? show.command : show.object).join(' ');
}

function textOf(show: Show, text: string): string {
  if ('object' in show) return namesOf(text) ?? text.trim();
  if ('table' in show) return rowLines(text, show.rows);
  return 'process' in show ? flagLines(text, show.process, show.flags) : text.trim();
}

/** So much evidence fits a screen and a report. */
const cap = 2000;

/** Something that only a person can judge; the evidence is shown to them. */
export const attested: Resource<Wanted, { readonly evidence: string }> = {
  type: 'attested',
  schema,
  ask: ({ show }, place) => (show ? [evidenceQuestion(show, place)] : []),
  read: ({ show }, answers, place) => {
    if (!show) return known({ evidence: '' });
    const what = nameOf(show);
    const answer = answerTo(answers, evidenceQuestion(show, place));
    if (answer.kind === 'absent') {
      // A process that does not run shows nothing of its flags.
      return 'process' in show
        ? unread(`${show.process} is not running, so its arguments cannot be seen`)
        : known({ evidence: `${what}: nothing there` });
    }
    if (answer.kind !== 'said') return unread(whyNot(answer, what));
    const text = textOf(show, answer.text);
    if (text === '') return unread(`${what} said nothing`);
    return known({ evidence: text.length > cap ? `${text.slice(0, cap)}… (${mark(text)})` : text });
  },
  judge: (wanted, { evidence }) => ({
    kind: 'manual',
    found: evidence,
    wanted: wanted.ask,
    reason: 'only a person can judge this',
  }),
  change: (wanted) => refused('this is for you to look at, not for this program to change', wanted.ask),
};
