import { sentences } from '../domain/failure.ts';
import type { PlanItem } from '../domain/review-plan.ts';
import { count } from './clean.ts';
import { controlName } from './open-lines.ts';

const notYet = 'NOT TO BE CARRIED OUT YET';

/** What has to come before an item of a plan, each in one sentence, by the numbers and titles of what comes first. */
export function beforeItem(item: PlanItem, all: readonly PlanItem[]): readonly string[] {
  return item.needs.flatMap((need) => {
    const wanted = neededItems(item, need, all);
    if (wanted.length === 0)
      return [
        `${notYet}: a control that it builds on (${need}) does not pass or was not asked, and this plan does not change it.`,
      ];
    return wanted.map((first) => {
      const name = `${controlName(first)} on ${first.place}`;
      if (!isHeldUp(first, all)) return `Not before ${name}, which this plan changes too.`;
      if (first.does === 'steps') return `${notYet}: ${name} must pass first, and waits itself.`;
      const why = [first.reason, first.instead].filter(Boolean).join('; ');
      return sentences(`${notYet}: ${name} must pass first, and this plan does not change it: ${why}`);
    });
  });
}

/** Whether an item cannot be carried out by its plan alone: the plan does not do it, or not what it builds on. */
export function isHeldUp(item: PlanItem, all: readonly PlanItem[]): boolean {
  return (
    item.does !== 'steps' ||
    item.needs.some((need) => {
      const wanted = neededItems(item, need, all);
      return wanted.length === 0 || wanted.some((first) => isHeldUp(first, all));
    })
  );
}

/** What is needed on the same place, or where it was not asked there, on every place. */
function neededItems({ place }: PlanItem, need: string, all: readonly PlanItem[]): readonly PlanItem[] {
  const wanted = all.filter((item) => item.control === need);
  const here = wanted.filter((item) => item.place === place);
  return here.length > 0 ? here : wanted;
}

/** The files that several items of a plan change, each in one sentence. */
export function sharedFiles(items: readonly PlanItem[]): readonly string[] {
  const files = new Map<string, number>();
  for (const item of items)
    for (const path of pathsOf(item)) {
      const key = `${path} on ${item.place}`;
      files.set(key, (files.get(key) ?? 0) + 1);
    }
  return [...files]
    .filter(([, changes]) => changes > 1)
    .map(
      ([file, changes]) =>
        `${file} is changed by ${changes} items. Each shows it as it would be from today's state, without the others.`,
    );
}

/** What holds of the changes of an item to files that others change too, in one sentence each. */
export function sharedBy(item: PlanItem, all: readonly PlanItem[]): readonly string[] {
  return pathsOf(item).flatMap((path) => {
    const others = all.filter(
      (other) => other !== item && other.place === item.place && pathsOf(other).includes(path),
    ).length;
    const change = others === 1 ? 'changes' : 'change';
    return others === 0
      ? []
      : [
          `${count(others, 'other item')} of this plan ${change} ${path} on ${item.place} too. This one starts from the file as it is today; the program makes it anew from the file as it is then.`,
        ];
  });
}

function pathsOf({ diffs }: PlanItem): readonly string[] {
  return [...new Set(diffs.map((diff) => diff.path))];
}
