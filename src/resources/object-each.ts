import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { foundList, type Item, itemName, readItems } from './object-list.ts';
import { nested, sameValue, shortValue, treeSteps, valueAt } from './tree.ts';
import { anyValue, getWords, oneWord, treePath } from './values.ts';
import { refused, stepsOrNothing } from './write.ts';

/** Every object of a list that is meant has this value. */
export const eachSchema = z.strictObject({
  each: getWords,
  named: oneWord.optional(),
  where: z.record(z.string(), anyValue).readonly().optional(),
  at: treePath,
  equals: anyValue,
  ignoreNamespaces: z.array(oneWord).readonly().optional(),
  /** Judged and never changed; the sentence says what to do instead. */
  fixed: z.string().min(1).optional(),
});

type Wanted = z.infer<typeof eachSchema>;

type Observed = { readonly total: number; readonly meant: readonly Item[] };

function listQuestion(wanted: Wanted, place: Place): Question {
  return { kind: 'object', kubectl: kubectlAt(place), get: wanted.each };
}

/** Objects of one type, each of which must have a value at a path. */
export const objectEach: Resource<Wanted, Observed> = {
  type: 'object',
  schema: eachSchema,
  ask: (wanted, place) => [listQuestion(wanted, place)],
  read: (wanted, answers, place) => {
    const items = readItems(answerTo(answers, listQuestion(wanted, place)), wanted.each.join(' '));
    if (!items.known) return items;
    const meant = items.value.filter((item) => isMeant(wanted, item));
    return known({ total: items.value.length, meant: meant.toSorted(byName) });
  },
  judge,
  change,
};

function judge(wanted: Wanted, { total, meant }: Observed): Verdict {
  const aim = `${wanted.at}: ${shortValue(wanted.equals)}`;
  const what = wanted.each[0] ?? '';
  if (meant.length === 0) {
    if (total > 0 && wanted.named === undefined) return notApplicable(`none of ${total} ${what} is meant`);
    const name = wanted.named === undefined ? '' : ` named ${wanted.named}`;
    return {
      kind: 'unknown',
      found: `no ${what}${name}`,
      wanted: aim,
      reason: `no ${what}${name} came back`,
    };
  }
  const bad = failing(wanted, meant);
  return bad.length === 0
    ? { kind: 'pass', found: `all ${meant.length}`, wanted: aim }
    : {
        kind: 'fail',
        found: `${bad.length} of ${meant.length}: ${foundList(bad.map(itemName))}`,
        wanted: aim,
      };
}

function change(wanted: Wanted, { meant }: Observed, place: Place): Plan {
  const path = treeSteps(wanted.at);
  const bad = failing(wanted, meant);
  if (bad.length > 0 && wanted.fixed !== undefined)
    return refused(`these ${wanted.each[0]} are not for this program to change`, wanted.fixed);
  if (bad.length > 0 && path.some((step) => typeof step === 'number')) {
    return refused(
      `${wanted.at} lies inside a list, which a merge patch replaces as a whole`,
      'Edit the objects by hand.',
    );
  }
  const steps = bad.map((item): Step => {
    const before = valueAt(item.tree, path);
    return {
      kind: 'patch-object',
      kubectl: kubectlAt(place),
      object: [
        wanted.each[0] ?? '',
        item.name,
        ...(item.namespace === undefined ? [] : ['-n', item.namespace]),
      ],
      patch: patchOf(path, wanted.equals),
      back: patchOf(path, before === undefined ? null : before),
    };
  });
  return stepsOrNothing(steps, false);
}

function isMeant(wanted: Wanted, item: Item): boolean {
  if (wanted.named !== undefined && item.name !== wanted.named) return false;
  if (item.namespace !== undefined && wanted.ignoreNamespaces?.includes(item.namespace)) return false;
  return Object.entries(wanted.where ?? {}).every(([at, value]) =>
    sameValue(valueAt(item.tree, treeSteps(at)), value),
  );
}

function failing(wanted: Wanted, meant: readonly Item[]): readonly Item[] {
  const path = treeSteps(wanted.at);
  return meant.filter((item) => !sameValue(valueAt(item.tree, path), wanted.equals));
}

function patchOf(path: readonly (string | number)[], value: unknown): string {
  return JSON.stringify(nested(path, value));
}

function byName(a: Item, b: Item): number {
  return itemName(a) < itemName(b) ? -1 : 1;
}
