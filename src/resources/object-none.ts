import * as z from 'zod';
import { known, unread } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { foundList, type Item, itemName, readItems, shortList } from './object-list.ts';
import { sameValue, shortValue, treeSteps, valueAt } from './tree.ts';
import { anyValue, getWords, treePath } from './values.ts';
import { refused } from './write.ts';

/** No object of a list is like this. */
export const noneSchema = z.strictObject({
  none: getWords,
  where: z.record(z.string(), anyValue).readonly().optional(),
  /** Of those, only what says this; it is also what is shown. */
  says: z
    .strictObject({ at: treePath, pattern: z.string().min(1) })
    .readonly()
    .optional(),
  /** Only what was seen within so many minutes, by the clock of the machine that is asked: events stay for an hour. */
  within: z.number().int().positive().optional(),
  /** What they are, for people. */
  what: z.string().min(1),
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof noneSchema>;

type Observed = { readonly found: readonly string[]; readonly text: string | undefined };

const machineQuestion: Question = { kind: 'machine' };

function listQuestion({ none }: Wanted, place: Place): Question {
  return { kind: 'object', kubectl: kubectlAt(place), get: none };
}

/** Objects that tell of a trouble by being there, such as events. They are shown and left alone. */
export const objectNone: Resource<Wanted, Observed> = {
  type: 'object',
  schema: noneSchema,
  ask: (wanted, place) => [
    listQuestion(wanted, place),
    ...(wanted.within === undefined ? [] : [machineQuestion]),
  ],
  read: (wanted, answers, place) => {
    const answer = answerTo(answers, listQuestion(wanted, place));
    // One object that was asked for by its name.
    if (answer.kind === 'absent') return known({ found: [], text: undefined });
    const items = readItems(answer, wanted.none.join(' '));
    if (!items.known) return items;
    const all = items.value.filter((item) => isMeant(wanted, item));
    const oldest = oldestOf(wanted, answers);
    if (oldest === undefined && all.length > 0)
      return unread(
        `what the time is there could not be read, so these may be old: ${shortList(all.map(about))}`,
      );
    const meant = all.filter((item) => !(seenAt(item) < (oldest ?? 0)));
    return known({ found: [...new Set(meant.map(about))].toSorted(), text: sayingOf(wanted, meant.at(-1)) });
  },
  judge: ({ what }, { found, text }) =>
    found.length === 0
      ? { kind: 'pass', found: `no ${what}`, wanted: `no ${what}` }
      : {
          kind: 'fail',
          found: `${foundList(found)}${text === undefined ? '' : `: ${text}`}`,
          wanted: `no ${what}`,
        },
  change: ({ instead }, { found }) =>
    found.length === 0
      ? { kind: 'nothing' }
      : refused('it is a sign of what is wrong, and nothing that this program changes', instead),
};

function isMeant({ where = {}, says }: Wanted, { tree }: Item): boolean {
  const fits = Object.entries(where).every(([at, value]) => sameValue(valueAt(tree, treeSteps(at)), value));
  return fits && (!says || new RegExp(says.pattern).test(textAt(tree, says.at)));
}

/** Before which moment nothing counts, in milliseconds since 1970; undefined where the clock is not known. */
function oldestOf({ within }: Wanted, answers: Answers): number | undefined {
  if (within === undefined) return 0;
  const machine = answerTo(answers, machineQuestion);
  const now = machine.kind === 'said' ? /^now=(\d+)$/m.exec(machine.text)?.[1] : undefined;
  return now === undefined ? undefined : (Number(now) - within * 60) * 1000;
}

/** When an event was last seen; NaN where it does not say, and then it counts. */
function seenAt({ tree }: Item): number {
  const times = ['series.lastObservedTime', 'lastTimestamp', 'eventTime', 'metadata.creationTimestamp'];
  return Date.parse(times.map((at) => textAt(tree, at)).find((time) => !['', 'null'].includes(time)) ?? '');
}

/** An event by the object that it is about; anything else by its own name. */
function about(item: Item): string {
  const name = textAt(item.tree, 'involvedObject.name');
  return itemName(name === '' ? item : { ...item, name });
}

function sayingOf({ says }: Wanted, item: Item | undefined): string | undefined {
  return says && item && shortValue(textAt(item.tree, says.at));
}

function textAt(tree: unknown, at: string): string {
  const value = valueAt(tree, treeSteps(at));
  return typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
}
