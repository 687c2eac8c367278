import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { type Place, unitAt } from '../domain/distribution.ts';
import { newestTime, readFile, readStat, type Stat } from '../domain/evidence.ts';
import { answerTo } from '../domain/question.ts';
import { commandLine } from '../domain/quote.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { activeSince, activityQuestions, judgeByAge } from './activity.ts';
import { attributeProblems, attributeSteps, attributesAfter, attributeWords } from './attributes.ts';
import { besideMissing, besideQuestions, clusterFileAt, otherVersion } from './cluster-file.ts';
import { flagItems, flagName } from './flags.ts';
import { sameValue, shortValue, type TreeStep, treeSteps, valueAt } from './tree.ts';
import { anyValue, octalMode, oneWord, treePath } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';
import { editYaml } from './yaml-edit.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const schema = z
  .strictObject({
    path: z.string().regex(/^[^\0\n]+$/, 'a path'),
    at: treePath,
    equals: anyValue.optional(),
    oneOf: z.array(anyValue).min(1).readonly().optional(),
    some: z
      .record(z.string(), z.array(anyValue).min(1).readonly())
      .refine((s) => Object.keys(s).length === 1, 'names one key')
      .optional(),
    create: z.string().min(1).optional(),
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    value: anyValue.optional(),
    restarts: z.literal(true).optional(),
    has: oneWord.optional(),
    item: anyValue.optional(),
    atLeast: z.number().optional(),
    absent: z.literal(true).optional(),
    lacks: oneWord.optional(),
    present: z.literal(true).optional(),
    default: anyValue.optional(),
    fixed: z.string().min(1).optional(),
  })
  .refine(
    (w) =>
      [w.equals, w.oneOf, w.some, w.has, w.item, w.atLeast, w.absent, w.lacks, w.present].filter(
        (t) => t !== undefined,
      ).length === 1,
    { message: 'needs exactly one of equals, oneOf, some, has, item, atLeast, absent, lacks, present' },
  );

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly text: string | undefined;
  readonly stat: Stat | undefined;
  /** What stands at the path that is asked for. */
  readonly value: unknown;
  /** Flags among them under a name with underscores, which the component takes for the same flag. */
  readonly others: readonly Other[];
  /** When the node agent started, which reads the file then and not again; asked only where that matters. */
  readonly since: Read<number | undefined> | undefined;
  /** Of the files that go with a cluster's own, the first that is not there. */
  readonly missing: string | undefined;
  /** Why the file of a cluster must not be applied as it is. */
  readonly upgrade: string | undefined;
};

type Other = { readonly name: string; readonly value: unknown };

function questions({ path }: Wanted) {
  return { text: { kind: 'file', path }, stat: { kind: 'stat', path } } as const;
}

/** A value inside a YAML file of the operator's. */
export const yaml: Resource<Wanted, Observed> = {
  type: 'yaml',
  schema,
  ask: (wanted, place) => [
    ...Object.values(questions(wanted)),
    ...besideQuestions(wanted, place),
    ...(wanted.restarts ? activityQuestions(place) : []),
  ],
  read: (wanted, answers, place): Read<Observed> => {
    const asked = questions(wanted);
    const text = readFile(answerTo(answers, asked.text), wanted.path);
    if (!text.known) return text;
    const stat = readStat(answerTo(answers, asked.stat), wanted.path);
    if (!stat.known) return stat;
    const since = wanted.restarts ? activeSince(answers, place) : undefined;
    const missing = besideMissing(wanted, answers, place);
    if (!missing.known) return missing;
    const observed = {
      text: text.value,
      stat: stat.value,
      value: undefined,
      others: [],
      since,
      missing: missing.value,
      upgrade: undefined,
    };
    if (text.value === undefined) return known(observed);
    // What is not set there counts only where something else is.
    if (text.value.trim() === '' && (wanted.absent || wanted.lacks || wanted.default !== undefined))
      return unread(`${wanted.path} is empty`);
    const parsed = parseYaml(text.value, wanted.path);
    const values = parsed.known ? valuesOf(parsed.value, wanted.path) : parsed;
    if (!values.known) return values;
    const whole = clusterFileAt(wanted.path, place);
    const upgrade = whole && otherVersion(whole, values.value, place);
    const value = valueAt(values.value, treeSteps(wanted.at));
    return known({ ...observed, upgrade, value, others: otherSpellings(values.value, treeSteps(wanted.at)) });
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed, place: Place): Verdict {
  const attributes = attributeWords(wanted);
  const aim = `${wanted.at}: ${wish(wanted)}${attributes ? `, ${attributes}` : ''}`;
  if (observed.text === undefined)
    return { kind: 'fail', found: `${wanted.path} does not exist`, wanted: aim };
  const problems = [
    ...(holds(wanted, observed.value) ? [] : [shortValue(observed.value) || 'nothing between the quotes']),
    ...wrongOthers(wanted, observed).map(({ name, value }) => `${name}: ${shortValue(value)}`),
    ...(observed.stat ? attributeProblems(observed.stat, wanted) : []),
  ];
  if (problems.length > 0) return { kind: 'fail', found: problems.join(', '), wanted: aim };
  const right = { found: shortValue(observed.value), wanted: aim };
  if (!observed.since) return { ...right, kind: 'pass' };
  const file = { path: wanted.path, modified: observed.stat && newestTime(observed.stat) };
  return judgeByAge(right, observed.since, file, unitAt(place));
}

function change(wanted: Wanted, observed: Observed, place: Place): Plan {
  const whole = clusterFileAt(wanted.path, place);
  const restarts = wanted.restarts === true || whole !== undefined;
  const fresh = { mode: wanted.mode ?? '0600', owner: wanted.owner ?? 'root', group: wanted.group ?? 'root' };
  if (observed.text === undefined) {
    if (wanted.create === undefined) {
      return refused(`${wanted.path} does not exist`, 'Create it first, or say where it is.');
    }
    const write = writeFile(wanted.path, undefined, wanted.create, undefined, fresh);
    return write.kind === 'refused' ? write : stepsOrNothing([write], restarts);
  }
  const [other] = wrongOthers(wanted, observed);
  if (other)
    return refused(
      `${wanted.path} says ${other.name} too, which is the same flag spelled otherwise`,
      `Take ${other.name} out of ${wanted.path}, then ask again.`,
    );
  const stat = observed.stat && attributesAfter(observed.stat, wanted);
  if (holds(wanted, observed.value)) {
    return stepsOrNothing(observed.stat ? attributeSteps(wanted.path, observed.stat, wanted) : [], restarts);
  }
  if (wanted.fixed !== undefined)
    return refused(`${wanted.at} of ${wanted.path} is not for this program to change`, wanted.fixed);
  if (observed.missing !== undefined)
    return refused(
      `${observed.missing} is not there, and without it the cluster could not be made as it was`,
      `Put ${observed.missing} where ${wanted.path} is, as ${commandLine(whole?.apply ?? [])} left it, then ask again.`,
    );
  if (observed.upgrade !== undefined)
    return refused(
      observed.upgrade,
      'Upgrade first, or name the version that runs; what is right for one version can keep another from starting.',
    );
  const value = target(wanted, observed.value);
  if (value === undefined) {
    return refused(
      `what to write at ${wanted.at} of ${wanted.path} is a decision of yours`,
      `Wanted is ${wish(wanted)}.`,
    );
  }
  // Where a list is there, one item more is written; what stands beside it keeps its comments.
  const list = wanted.item !== undefined && Array.isArray(observed.value) && observed.value.length > 0;
  const [at, written] = list
    ? [[...treeSteps(wanted.at), (observed.value as readonly unknown[]).length], wanted.item]
    : [treeSteps(wanted.at), value];
  const edited = editYaml(observed.text, at, written, wanted.path);
  if (!edited.known) return refused(edited.reason, `Set ${wanted.at} to ${shortValue(value)} by hand.`);
  const write = writeFile(wanted.path, observed.text, edited.value, stat, fresh, whole?.beside);
  if (write.kind === 'refused') return write;
  return stepsOrNothing([write], restarts, whole ? [commandLine(whole.apply)] : undefined);
}

/** The names of flags beside the one that is asked for that mean the same flag. */
function otherSpellings(tree: unknown, steps: readonly TreeStep[]): readonly Other[] {
  const flag = steps.at(-1);
  const beside = steps.at(-2) === 'extra_args' ? valueAt(tree, steps.slice(0, -1)) : undefined;
  if (beside === null || typeof beside !== 'object') return [];
  return Object.entries(beside)
    .filter(([name]) => name !== flag && flagName(name) === flag)
    .map(([name, value]) => ({ name, value }));
}

function wrongOthers(wanted: Wanted, { others }: Observed): readonly Other[] {
  return others.filter(({ value }) => !holds(wanted, value));
}

function target(wanted: Wanted, value: unknown): unknown {
  if (wanted.has !== undefined) return [...new Set([...items(value), ...flagItems(wanted.has)])].join(',');
  if (wanted.item !== undefined) return [...(Array.isArray(value) ? value : []), wanted.item];
  return wanted.value ?? wanted.equals ?? wanted.oneOf?.[0] ?? wanted.atLeast;
}

function items(value: unknown): readonly string[] {
  return typeof value === 'string' ? flagItems(value) : [];
}

function holds(wanted: Wanted, found: unknown): boolean {
  if (wanted.absent) return found === undefined || found === null;
  if (wanted.lacks !== undefined) return !items(found).includes(wanted.lacks);
  const value = found ?? wanted.default;
  if (wanted.present) return value !== undefined && value !== '';
  if (wanted.has !== undefined) return flagItems(wanted.has).every((item) => items(value).includes(item));
  if (wanted.item !== undefined)
    return Array.isArray(value) && value.some((each) => sameValue(each, wanted.item));
  if (wanted.atLeast !== undefined) return typeof value === 'number' && value >= wanted.atLeast;
  if (wanted.equals !== undefined) return sameValue(value, wanted.equals);
  if (wanted.oneOf) return wanted.oneOf.some((one) => sameValue(value, one));
  const [key, allowed] = Object.entries(wanted.some ?? {})[0] ?? [];
  return (
    key !== undefined &&
    Array.isArray(value) &&
    value.some((item) => allowed?.some((one) => sameValue(valueAt(item, [key]), one)))
  );
}

function wish(wanted: Wanted): string {
  if (wanted.absent) return 'not set';
  if (wanted.lacks !== undefined) return `without ${wanted.lacks}`;
  if (wanted.present) return 'set';
  if (wanted.has !== undefined) return `with ${flagItems(wanted.has).join(', ')}`;
  if (wanted.item !== undefined) return `with ${shortValue(wanted.item)}`;
  if (wanted.atLeast !== undefined) return `at least ${wanted.atLeast}`;
  if (wanted.equals !== undefined) return shortValue(wanted.equals);
  if (wanted.oneOf) return wanted.oneOf.map(shortValue).join(' or ');
  const [key, allowed] = Object.entries(wanted.some ?? {})[0] ?? [];
  return `an item whose ${key} is ${allowed?.map(shortValue).join(' or ')}`;
}
