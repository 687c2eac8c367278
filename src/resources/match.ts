import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { absolutePath } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  path: absolutePath,
  /** An extended regular expression as grep takes it; it must not match what is secret, for what matches is shown. */
  pattern: z.string().min(1),
  /** What the first match must be. */
  first: z.array(z.string().min(1)).min(1).readonly(),
  /** The way to it, in one sentence. */
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

function matchQuestion({ path, pattern }: Wanted): Question {
  return { kind: 'command', words: ['grep', '-o', '-E', '-e', pattern, path] };
}

/** What matches first in a file that holds secrets: the node searches it, so that nothing else of it leaves the node. */
export const match: Resource<Wanted, { readonly first: string | undefined }> = {
  type: 'match',
  schema,
  ask: (wanted) => [matchQuestion(wanted)],
  read: (wanted, answers): Read<{ readonly first: string | undefined }> => {
    const answer = answerTo(answers, matchQuestion(wanted));
    // grep ends with 1 and without a word when it found nothing.
    if (answer.kind === 'failed' && answer.exit === 1 && answer.message === '')
      return known({ first: undefined });
    if (answer.kind !== 'said') return unread(whyNot(answer, wanted.path));
    const [first = ''] = answer.text.split('\n');
    return first === '' ? unread(`the search in ${wanted.path} said nothing`) : known({ first });
  },
  judge: (wanted, { first }) => ({
    kind: first !== undefined && wanted.first.includes(first) ? 'pass' : 'fail',
    found: first ?? 'nothing of the kind',
    wanted: wanted.first.join(' or '),
  }),
  change: (wanted, { first }) =>
    first !== undefined && wanted.first.includes(first)
      ? { kind: 'nothing' }
      : refused(
          `${wanted.path} is the distribution's own, and an edit by hand can make Secrets unreadable`,
          wanted.instead,
        ),
};
