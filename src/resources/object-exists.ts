import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { readManifest } from './manifest.ts';
import { readItems } from './object-list.ts';
import { getWords } from './values.ts';
import { refused, stepsOrNothing } from './write.ts';

/** One object is there. */
export const existsSchema = z.strictObject({
  exists: getWords,
  create: z
    .string()
    .refine((text) => readManifest(text) !== undefined, {
      message: 'needs to be the manifest of one object with metadata.name',
    })
    .optional(),
  /** The way to it, in one sentence, where it is for a person to bring. */
  instead: z.string().min(1).optional(),
});

type Wanted = z.infer<typeof existsSchema>;

function objectQuestion(wanted: Wanted, place: Place): Question {
  return { kind: 'object', kubectl: kubectlAt(place), get: wanted.exists };
}

/** An object that must be there. */
export const objectExists: Resource<Wanted, { readonly count: number }> = {
  type: 'object',
  schema: existsSchema,
  ask: (wanted, place) => [objectQuestion(wanted, place)],
  read: (wanted, answers, place) => {
    const answer = answerTo(answers, objectQuestion(wanted, place));
    if (answer.kind === 'absent') return known({ count: 0 });
    const items = readItems(answer, wanted.exists.join(' '));
    return items.known ? known({ count: items.value.length }) : items;
  },
  judge: (wanted, { count }) => ({
    kind: count > 0 ? 'pass' : 'fail',
    found: count > 0 ? 'there' : 'not there',
    wanted: wanted.exists.join(' '),
  }),
  change: (wanted, { count }, place) => {
    if (count > 0) return { kind: 'nothing' };
    const manifest = wanted.create === undefined ? undefined : readManifest(wanted.create);
    if (!manifest) {
      return wanted.instead === undefined
        ? refused(
            `${wanted.exists.join(' ')} is made by the distribution, not by hand`,
            'See which control brings it.',
          )
        : refused(`${wanted.exists.join(' ')} is not there, and is yours to bring`, wanted.instead);
    }
    return stepsOrNothing(
      [
        {
          kind: 'create-object',
          kubectl: kubectlAt(place),
          object: manifest.object,
          manifest: manifest.text,
        },
      ],
      false,
    );
  },
};
