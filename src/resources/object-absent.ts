import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { readItems } from './object-list.ts';
import { getWords } from './values.ts';
import { refused } from './write.ts';

/** One object is not there. */
export const absentSchema = z.strictObject({ absent: getWords });

type Wanted = z.infer<typeof absentSchema>;

function objectQuestion(wanted: Wanted, place: Place): Question {
  return { kind: 'object', kubectl: kubectlAt(place), get: wanted.absent };
}

/** An object that must not be there. Deleting what somebody may rely on is left to a person, who is told how. */
export const objectAbsent: Resource<Wanted, { readonly count: number }> = {
  type: 'object',
  schema: absentSchema,
  ask: (wanted, place) => [objectQuestion(wanted, place)],
  read: (wanted, answers, place) => {
    const answer = answerTo(answers, objectQuestion(wanted, place));
    if (answer.kind === 'absent') return known({ count: 0 });
    const items = readItems(answer, wanted.absent.join(' '));
    return items.known ? known({ count: items.value.length }) : items;
  },
  judge: (wanted, { count }) => ({
    kind: count === 0 ? 'pass' : 'fail',
    found: count === 0 ? `no ${wanted.absent.at(-1)}` : `${wanted.absent.at(-1)} is there`,
    wanted: `no ${wanted.absent.join(' ')}`,
  }),
  change: (wanted, { count }, place) =>
    count === 0
      ? { kind: 'nothing' }
      : refused(
          `${wanted.absent.join(' ')} is there, and the wizard deletes no policy on its own`,
          `When nothing relies on it any more: ${[...kubectlAt(place), 'delete', ...wanted.absent].join(' ')}`,
        ),
};
