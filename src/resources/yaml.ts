import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { type Place, unitAt } from '../domain/distribution.ts';
import { newestTime, readFile, readStat, type Stat } from '../domain/evidence.ts';
import { answerTo } from '../domain/question.ts';
import { commandLine } from '../domain/quote.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { activeSince, activityQuestions, judgeByAge } from './activity.ts';
import { attributeProblems, attributeSteps, attributesAfter, attributeWords } from './attributes.ts';
import { besideMissing, besideQuestions, clusterFileAt, whyNotApplied } from './cluster-file.ts';
import { isArgument, placeOfItem, placeSet } from './extra-argument.ts';
import { shortValue, treeSteps, valueAt, whyNoWay } from './tree.ts';
import { anyValue, octalMode, oneWord, treePath } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';
import { argumentOr, type Other, otherSpellings } from './yaml-argument.ts';
import { editYaml } from './yaml-edit.ts';
import { type ValueTest, valueHolds, valueTarget, valueWish } from './yaml-test.ts';
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
    not: z.array(z.string()).min(1).readonly().optional(),
    /** The default counts only while nothing stands there. */
    defaultWithout: treePath.optional(),
    /** Places of the same file that count instead of this one where they are set, and what to do then. */
    overruled: z
      .strictObject({ by: z.array(treePath).min(1).readonly(), instead: z.string().min(1) })
      .optional(),
    /** An item that must not be in another argument of the same file: there it takes back what this value sets. */
    disabledBy: z.strictObject({ at: treePath, item: oneWord }).optional(),
  })
  .refine(
    (w) =>
      [w.equals, w.oneOf, w.some, w.has, w.item, w.atLeast, w.absent, w.lacks, w.present, w.not].filter(
        (t) => t !== undefined,
      ).length === 1,
    { message: 'needs exactly one of equals, oneOf, some, has, item, atLeast, absent, lacks, present, not' },
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
  readonly notApplied: ReturnType<typeof whyNotApplied>;
  /** Whether something stands where the default would have to be alone. */
  readonly said: boolean;
  /** What counts instead. */
  readonly overruled: string | undefined;
  /** What takes it back. */
  readonly disabled: string | undefined;
};

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
      notApplied: undefined,
      said: false,
      overruled: undefined,
      disabled: undefined,
    };
    if (text.value === undefined) return known(observed);
    // What is not set there counts only where something else is.
    if (text.value.trim() === '' && (wanted.absent || wanted.lacks || wanted.default !== undefined))
      return unread(`${wanted.path} is empty`);
    const parsed = parseYaml(text.value, wanted.path);
    const values = parsed.known ? valuesOf(parsed.value, wanted.path) : parsed;
    if (!values.known) return values;
    const whole = clusterFileAt(wanted.path, place);
    const notApplied = whole && whyNotApplied(whole, values.value, place);
    const steps = treeSteps(wanted.at);
    const noWay = whyNoWay(values.value, steps, wanted.path);
    if (noWay !== undefined) return unread(noWay);
    const { defaultWithout, disabledBy } = wanted;
    const setAt = (at: string) => placeSet(values.value, treeSteps(at));
    return known({
      ...observed,
      notApplied,
      value: argumentOr(valueAt(values.value, steps), steps),
      others: otherSpellings(values.value, steps, wanted.lacks !== undefined),
      said: defaultWithout !== undefined && setAt(defaultWithout) !== undefined,
      overruled: wanted.overruled?.by.map(setAt).find((at) => at !== undefined),
      disabled: disabledBy && placeOfItem(values.value, treeSteps(disabledBy.at), disabledBy.item),
    });
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed, place: Place): Verdict {
  const attributes = attributeWords(wanted);
  const aim = `${wanted.at}: ${valueWish(wanted)}${attributes ? `, ${attributes}` : ''}`;
  if (observed.text === undefined)
    return { kind: 'fail', found: `${wanted.path} does not exist`, wanted: aim };
  if (observed.overruled !== undefined) return unknown(overruledWords(wanted, observed.overruled), aim);
  const problems = [
    ...(observed.disabled === undefined ? [] : [`${observed.disabled} with ${wanted.disabledBy?.item}`]),
    ...(ownIsRight(wanted, observed) ? [] : [shortValue(observed.value) || 'nothing between the quotes']),
    ...wrongOthers(wanted, observed).map(({ name, value }) => `${name}: ${shortValue(value)}`),
    ...(observed.stat ? attributeProblems(observed.stat, wanted) : []),
  ];
  if (problems.length > 0) return { kind: 'fail', found: problems.join(', '), wanted: aim };
  const counts = observed.others.find(({ wins }) => wins) ?? observed;
  const right = { found: shortValue(counts.value), wanted: aim };
  if (!observed.since) return { ...right, kind: 'pass' };
  const file = { path: wanted.path, modified: observed.stat && newestTime(observed.stat) };
  return judgeByAge(right, observed.since, file, unitAt(place));
}

function overruledWords({ path, at }: Wanted, by: string): string {
  return `${by} is set in ${path}, and then that counts and not ${at}`;
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
  if (observed.overruled !== undefined && wanted.overruled)
    return refused(overruledWords(wanted, observed.overruled), wanted.overruled.instead);
  if (observed.disabled !== undefined)
    return refused(
      `${observed.disabled} of ${wanted.path} turns ${wanted.disabledBy?.item} off, which ${wanted.at} is to turn on`,
      `Take ${wanted.disabledBy?.item} out of ${observed.disabled}, then ask again.`,
    );
  const [other] = wrongOthers(wanted, observed);
  if (other)
    return refused(
      `${wanted.path} says ${other.name} too, which sets the same flag`,
      `Take ${other.name} out of ${wanted.path}, then ask again.`,
    );
  const stat = observed.stat && attributesAfter(observed.stat, wanted);
  if (ownIsRight(wanted, observed)) {
    return stepsOrNothing(observed.stat ? attributeSteps(wanted.path, observed.stat, wanted) : [], restarts);
  }
  if (wanted.fixed !== undefined)
    return refused(`${wanted.at} of ${wanted.path} is not for this program to change`, wanted.fixed);
  if (observed.missing !== undefined)
    return refused(
      `${observed.missing} is not there, and without it the cluster could not be made as it was`,
      `Put ${observed.missing} where ${wanted.path} is, as ${commandLine(whole?.apply ?? [])} left it, then ask again.`,
    );
  if (observed.notApplied) return refused(observed.notApplied.reason, observed.notApplied.instead);
  const value = valueTarget(wanted, observed.value);
  if (value === undefined) {
    return refused(
      `what to write at ${wanted.at} of ${wanted.path} is a decision of yours`,
      `Wanted is ${valueWish(wanted)}.`,
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

/** What is asked of the value: where a default counts only as long as nothing else is said, it is left out once something is. */
function testOf(wanted: Wanted, { said }: Pick<Observed, 'said'>): ValueTest {
  if (!said) return wanted;
  const { default: _, ...test } = wanted;
  return test;
}

function isRight(wanted: Wanted, observed: Observed, value: unknown): boolean {
  return valueHolds(testOf(wanted, observed), value, isArgument(treeSteps(wanted.at)));
}

/** Whether its own line is right, or does not count because another comes after it. */
function ownIsRight(wanted: Wanted, observed: Observed): boolean {
  return observed.others.some(({ wins }) => wins) || isRight(wanted, observed, observed.value);
}

function wrongOthers(wanted: Wanted, observed: Observed): readonly Other[] {
  return observed.others.filter(({ value }) => !isRight(wanted, observed, value));
}
