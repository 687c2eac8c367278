import * as z from 'zod';
import { known, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { namesOf } from './object-list.ts';
import { commandWords, getWords } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  ask: z.string().min(1),
  show: z
    .union([z.strictObject({ command: commandWords }), z.strictObject({ object: getWords })])
    .readonly()
    .optional(),
});

type Wanted = z.infer<typeof schema>;

type Show = NonNullable<Wanted['show']>;

function evidenceQuestion(show: Show, place: Place): Question {
  return 'command' in show
    ? { kind: 'command', words: show.command }
    : { kind: 'object', kubectl: kubectlAt(place), get: show.object };
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
    const what = ('command' in show ? show.command : show.object).join(' ');
    const answer = answerTo(answers, evidenceQuestion(show, place));
    if (answer.kind === 'absent') return known({ evidence: `${what}: nothing there` });
    if (answer.kind !== 'said') return unread(whyNot(answer, what));
    const text = ('object' in show ? namesOf(answer.text) : undefined) ?? answer.text.trim();
    if (text === '') return unread(`${what} said nothing`);
    return known({ evidence: text.length > cap ? `${text.slice(0, cap)}…` : text });
  },
  judge: (wanted, { evidence }) => ({
    kind: 'manual',
    found: evidence,
    wanted: wanted.ask,
    reason: 'only a person can judge this',
  }),
  change: (wanted) => refused('this is for you to look at, not for this program to change', wanted.ask),
};
