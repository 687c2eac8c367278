import * as z from 'zod';
import { known, unread, whyNot } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { rancherLoginWord } from '../domain/rancher.ts';
import type { Resource } from '../domain/resource.ts';
import { forAPerson, notOurs } from './rancher-read.ts';

/** A login that must be refused. */
export const loginSchema = z.strictObject({
  refusesLogin: z.string().regex(/^[\w.-]+$/, 'the name of a local account'),
  /** The password that everybody knows. */
  known: z.string().min(1),
  instead: z.string().min(1),
  ask: z.string().min(1),
});

type Wanted = z.infer<typeof loginSchema>;

function question({ refusesLogin, known: tried }: Wanted): Question {
  return { kind: 'rancher-login', account: refusesLogin, known: tried };
}

function mayTry(place: Place): boolean {
  return place.words[rancherLoginWord] !== undefined;
}

/** A local account that must not be let in with a password that everybody knows; tried only with the operator's consent. */
export const rancherLogin: Resource<Wanted, { readonly letIn: boolean | undefined }> = {
  type: 'rancher',
  schema: loginSchema,
  ask: (wanted, place) => (mayTry(place) ? [question(wanted)] : []),
  read: (wanted, answers, place) => {
    if (!mayTry(place)) return known({ letIn: undefined });
    const answer = answerTo(answers, question(wanted));
    if (answer.kind !== 'said') return unread(whyNot(answer, 'the login attempt'));
    if (answer.text !== 'yes' && answer.text !== 'no')
      return unread('the login attempt was answered with neither yes nor no');
    return known({ letIn: answer.text === 'yes' });
  },
  judge: ({ refusesLogin, ask }, { letIn }) =>
    letIn === undefined
      ? forAPerson(
          ask,
          'a login leaves a trace on the server, so it is only tried where you agree: start with --rancher-try-login',
        )
      : {
          kind: letIn ? 'fail' : 'pass',
          found: letIn ? `${refusesLogin} was let in` : `${refusesLogin} was refused`,
          wanted: `${refusesLogin} is refused with the first password`,
        },
  change: ({ refusesLogin, instead }, { letIn }) =>
    letIn === true ? notOurs(`the password of ${refusesLogin}`, instead) : { kind: 'nothing' },
};
