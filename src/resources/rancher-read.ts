import * as z from 'zod';
import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan } from '../domain/resource.ts';
import { visible } from '../domain/unseen.ts';
import type { Verdict } from '../domain/verdict.ts';
import { sameValue, shortValue, valueAt } from './tree.ts';
import { scalar } from './values.ts';
import { refused } from './write.ts';

/** Fields that an object must have, each with the value or one of several. */
export const fieldsSchema = z.record(z.string().min(1), z.union([scalar, z.array(scalar).min(1).readonly()]));

type Fields = z.infer<typeof fieldsSchema>;

/** An object of the Rancher server's API. */
export type RancherObject = { readonly id: string; readonly tree: unknown };

/** The question for a path of the API. */
export function rancherQuestion(path: string): Question {
  return { kind: 'rancher', path };
}

/** The JSON at a path; undefined when the server says that it is not there. */
export function readRancher(answers: Answers, path: string): Read<unknown> {
  const answer: Answer = answerTo(answers, rancherQuestion(path));
  if (answer.kind === 'absent') return known(undefined);
  if (answer.kind !== 'said') return unread(whyNot(answer, path));
  try {
    const tree: unknown = JSON.parse(answer.text);
    if (tree !== null && typeof tree === 'object') return known(tree);
  } catch {
    // The sentence below says it.
  }
  return unread(`${path} was not answered with JSON`);
}

/** The objects of a list, all of them. A list that is not there, or not whole, is no answer. */
export function readRancherList(answers: Answers, path: string): Read<readonly RancherObject[]> {
  const read = readRancher(answers, path);
  if (!read.known) return read;
  const data = valueAt(read.value, ['data']);
  if (!Array.isArray(data)) return unread(`${path} is not a list on this server`);
  const objects = data.map((tree: unknown) => ({ id: textAt(tree, 'id') ?? '', tree }));
  return objects.every((each) => each.id !== '')
    ? known(objects)
    : unread(`${path} holds something without an id`);
}

/** A text of an object; undefined when there is none. */
export function textAt(tree: unknown, field: string): string | undefined {
  const value = valueAt(tree, [field]);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether an object has all these fields. */
export function hasFields({ tree }: RancherObject, fields: Fields): boolean {
  return Object.entries(fields).every(([field, wanted]) =>
    [wanted].flat().some((one) => sameValue(valueAt(tree, [field]), one)),
  );
}

/** Why it cannot be told of one of these objects whether it has the fields: one of them is of another kind than it is compared with. */
export function oddField(objects: readonly RancherObject[], fields: Fields): string | undefined {
  for (const { id, tree } of objects)
    for (const [field, wanted] of Object.entries(fields)) {
      const value = valueAt(tree, [field]);
      if (value === undefined || value === null) continue;
      if (![wanted].flat().some((one) => typeof one === typeof value))
        return visible(`${id} says of ${field} ${shortValue(value)}, which cannot be judged`);
    }
  return undefined;
}

/** What only a person can tell, with the question put to them. */
export function forAPerson(ask: string, reason: string, found = ''): Verdict {
  return { kind: 'manual', found, wanted: ask, reason };
}

/** The refusal of a change that is the operator's own to make. */
export function notOurs(what: string, instead: string): Plan {
  return refused(`${what} is not for this program to change`, instead);
}
