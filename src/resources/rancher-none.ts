import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import type { Answers } from '../domain/ports.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { visible } from '../domain/unseen.ts';
import { notApplicable } from '../domain/verdict.ts';
import { compareVersions, parseVersion } from '../domain/version.ts';
import { foundList, shortList } from './object-list.ts';
import { type Name, type People, peopleLists, readPeople } from './rancher-people.ts';
import {
  fieldsSchema,
  forAPerson,
  hasFields,
  notOurs,
  oddField,
  type RancherObject,
  rancherQuestion,
  readRancher,
  readRancherList,
  textAt,
} from './rancher-read.ts';
import { planRemoval, stepDeactivate } from './rancher-steps.ts';
import { refused, stepsOrNothing } from './write.ts';

/** No object of a list, but those that are allowed. */
export const noneSchema = z.strictObject({
  none: z.enum(['clusters', 'globalRoleBindings', 'nodeDrivers', 'users']),
  /** What they are, for people. */
  what: z.string().min(1),
  where: fieldsSchema.default({}),
  unless: fieldsSchema.optional(),
  except: z.array(z.string().min(1)).readonly().default([]),
  /** Where these are used; one that is, is not changed. */
  usedBy: z.strictObject({ list: z.literal('nodeTemplates'), field: z.string().min(1) }).optional(),
  /** The version of Rancher from which it is no longer asked, with the reason. */
  until: z
    .string()
    .regex(/^\d+\.\d+$/, 'a version such as "2.5"')
    .optional(),
  afterwards: z.string().min(1).optional(),
  /** They are shown to a person, not refused. */
  review: z.literal(true).optional(),
  change: z.enum(['deactivate', 'remove']).optional(),
  instead: z.string().min(1),
  ask: z.string().min(1),
});

type Wanted = z.infer<typeof noneSchema>;

type Observed = {
  /** Those that match, and of them those that are not allowed. */
  readonly all: readonly Named[];
  readonly left: readonly Named[];
  /** The names of those in use, and by what. */
  readonly used: ReadonlyMap<string, string>;
  readonly people: People;
  /** The version, where it is one from which this is no longer asked. */
  readonly later: string | undefined;
};

/** An object with its name for people. */
export type Named = RancherObject & Name;

const versionPath = '/v3/settings/server-version';

function paths({ none, usedBy, until }: Wanted): readonly string[] {
  const lists = [`/v3/${none}`, ...peopleLists, ...(usedBy ? [`/v3/${usedBy.list}`] : [])];
  return [...new Set([...lists, ...(until ? [versionPath] : [])])];
}

/** The version of the server where it is `until` or newer. */
function readLater(until: string | undefined, answers: Answers): Read<string | undefined> {
  if (until === undefined) return known(undefined);
  const read = readRancher(answers, versionPath);
  if (!read.known) return read;
  const text = textAt(read.value, 'value') ?? textAt(read.value, 'default') ?? '';
  const [version, bound] = [parseVersion(text), parseVersion(until)];
  if (!version || !bound)
    return unread(`the version of the Rancher server could not be read: ${text || 'it says none'}`);
  return known(compareVersions(version, bound) < 0 ? undefined : text);
}

/** A list in which nothing may stand that is not allowed. */
export const rancherNone: Resource<Wanted, Observed> = {
  type: 'rancher',
  schema: noneSchema,
  ask: (wanted) => paths(wanted).map(rancherQuestion),
  read: (wanted, answers) => {
    const later = readLater(wanted.until, answers);
    if (!later.known) return later;
    const people = readPeople(answers);
    if (!people.known) return people;
    const list = readRancherList(answers, `/v3/${wanted.none}`);
    if (!list.known) return list;
    const used = wanted.usedBy ? readRancherList(answers, `/v3/${wanted.usedBy.list}`) : known([]);
    if (!used.known) return used;
    const odd = oddField(list.value, wanted.where) ?? oddField(list.value, wanted.unless ?? {});
    if (odd !== undefined) return unread(odd);
    const field = wanted.usedBy?.field ?? '';
    const { unless } = wanted;
    const all = list.value
      .filter((each) => hasFields(each, wanted.where) && !(unless && hasFields(each, unless)))
      .map((each) => ({ ...each, ...people.value.nameOf(each) }));
    return known({
      all,
      left: all.filter((each) => !wanted.except.includes(each.name)),
      used: new Map(
        used.value.map(({ id, tree }) => [textAt(tree, field) ?? '', visible(textAt(tree, 'name') ?? id)]),
      ),
      people: people.value,
      later: later.value,
    });
  },
  judge: (wanted, { all, left, later }) => {
    if (later !== undefined)
      return notApplicable(`${wanted.afterwards ?? wanted.instead} This server is ${later}.`);
    const allowed = wanted.except.length > 0 ? ` but ${wanted.except.join(', ')}` : '';
    const words = {
      found: all.length === 0 ? 'none' : foundList((left.length > 0 ? left : all).map((each) => each.label)),
      wanted: `no ${wanted.what}${allowed}`,
    };
    if (left.length === 0) return { kind: 'pass', ...words };
    if (wanted.review) return forAPerson(wanted.ask, 'only a person can judge these', words.found);
    return { kind: 'fail', ...words };
  },
  change: (wanted, observed) => {
    const { left, later } = observed;
    if (later !== undefined || left.length === 0 || wanted.review) return { kind: 'nothing' };
    if (wanted.change === undefined)
      return notOurs(shortList(left.map((each) => each.label)), wanted.instead);
    const busy = left.find((each) => observed.used.has(each.name));
    if (busy)
      return refused(
        `${busy.label} is used by the node template ${observed.used.get(busy.name)}`,
        `Remove that template first, or allow ${busy.label} in your own profile. ${wanted.instead}`,
      );
    return planOf(wanted.change, observed);
  },
};

function planOf(change: 'deactivate' | 'remove', { all, left, people }: Observed): Plan {
  return change === 'remove'
    ? planRemoval(all, left, people)
    : stepsOrNothing(left.map(stepDeactivate), false);
}
