import * as z from 'zod';
import { known, type Read } from '../domain/answer.ts';
import { type Place, unitAt } from '../domain/distribution.ts';
import { readProcess, readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { activeSince, activityQuestions, notInForce } from './activity.ts';
import { asksForIt, planArgument, type Via } from './argument-plan.ts';
import { argumentHolds, argumentWish } from './argument-test.ts';
import { configFileQuestions, readConfigFiles, writtenAt } from './config-files.ts';
import { beside, clash } from './flag-rivals.ts';
import { flagValue, itemsValue } from './flags.ts';
import { lookUp } from './settings.ts';
import { absolutePath, oneWord, scalar } from './values.ts';

const tests = [
  'equals',
  'oneOf',
  'contains',
  'lacks',
  'present',
  'absent',
  'atLeast',
  'within',
  'not',
  'matches',
] as const;

/** What may be asked of a flag, whatever program it is given to. */
export const flagShape = {
  flag: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'a flag without its dashes'),
  equals: scalar.transform(String).optional(),
  oneOf: z.array(scalar.transform(String)).min(1).readonly().optional(),
  contains: oneWord.optional(),
  lacks: oneWord.optional(),
  present: z.literal(true).optional(),
  absent: z.literal(true).optional(),
  atLeast: z.number().optional(),
  within: z.array(oneWord).min(1).readonly().optional(),
  not: z.array(scalar.transform(String)).min(1).readonly().optional(),
  matches: z.string().refine(compiles, 'is not a regular expression').optional(),
  /** What a value is that matches, in words: nobody reads regular expressions. */
  like: z.string().min(1).optional(),
  value: scalar.transform(String).optional(),
  default: scalar.transform(String).optional(),
  via: z.strictObject({ setting: oneWord }).readonly().optional(),
  instead: z.string().min(1).optional(),
};

/** Whether exactly one thing is asked of a flag, and the sentence that says so. */
export const oneTest = [
  (wanted: Readonly<Partial<Record<(typeof tests)[number], unknown>>>): boolean =>
    tests.filter((t) => wanted[t] !== undefined).length === 1,
  { message: `needs exactly one of ${tests.join(', ')}` },
] as const;

/** Whether a regular expression comes with its words, and the sentence that says so. */
export const inWords = [
  ({ matches, like }: { readonly matches?: unknown; readonly like?: unknown }): boolean =>
    (matches === undefined) === (like === undefined),
  {
    path: ['like'] as PropertyKey[],
    message: 'says in words what matches is like: both are given, or neither',
  },
] as const;

const schema = z
  .strictObject({
    process: oneWord,
    ...flagShape,
    /** The manifest of the static pod it runs in: a node without one does not run it. */
    pod: absolutePath.optional(),
  })
  .refine(...oneTest)
  .refine(...inWords);

/** What is wanted of an argument. */
export type WantedArgument = z.infer<typeof schema>;

/** What was found of an argument. */
export type ObservedArgument = {
  /** The value in each running process of the name; undefined when none runs. */
  readonly values: readonly (string | undefined)[] | undefined;
  /** Whether the node has no manifest to run it from. */
  readonly podless?: boolean;
  /** The arguments of each process, where they count as they are. */
  readonly commands?: readonly (readonly string[])[];
  readonly via: Via | undefined;
  readonly since: number | undefined;
};

/** The question about the running processes of a name. */
export function processQuestion({ process }: Pick<WantedArgument, 'process'>): Question {
  return { kind: 'process', name: process };
}

/** An argument of a running process. */
export const argument: Resource<WantedArgument, ObservedArgument> = {
  type: 'argument',
  schema,
  ask: (wanted, place) => [
    processQuestion(wanted),
    ...(wanted.pod === undefined ? [] : [podQuestion(wanted.pod)]),
    ...viaQuestions(wanted, place),
  ],
  read: (wanted, answers, place) => {
    const processes = readProcess(answerTo(answers, processQuestion(wanted)), wanted.process);
    if (!processes.known) return processes;
    const values = processes.value?.map((args) => flagValue(args, wanted.flag, wanted.process));
    const via = withVia(wanted, values, answers, place);
    if (!via.known) return via;
    if (processes.value) return known({ ...via.value, commands: processes.value });
    if (wanted.pod === undefined) return via;
    const pod = readStat(answerTo(answers, podQuestion(wanted.pod)), wanted.pod);
    return pod.known ? known({ ...via.value, podless: pod.value === undefined }) : pod;
  },
  judge: (wanted, observed, place) =>
    beside(
      { ...wanted, service: wanted.process },
      observed.commands ?? [],
      judgeArgument(wanted, observed, place),
    ),
  change: (wanted, observed, place) => {
    const plan = changeArgument(wanted, observed, place);
    if (plan.kind !== 'steps') return plan;
    const [command = []] = observed.commands ?? [];
    return clash({ ...wanted, service: wanted.process }, command, 'its command') ?? plan;
  },
};

function podQuestion(path: string): Question {
  return { kind: 'stat', path };
}

/** What must be asked to correct a flag through the configuration. */
export function viaQuestions({ via }: Pick<WantedArgument, 'via'>, place: Place): readonly Question[] {
  return via ? [...activityQuestions(place), ...configFileQuestions(place)] : [];
}

/** The values of the processes with what the configuration says of the flag beside them. */
export function withVia(
  wanted: WantedArgument,
  values: ObservedArgument['values'],
  answers: Answers,
  place: Place,
): Read<ObservedArgument> {
  if (!wanted.via) return known({ values, via: undefined, since: undefined });
  const config = readConfigFiles(answers, place);
  if (!config.known) return config;
  const found = lookUp(config.value.settings, wanted.via.setting, place);
  if (!found.known) return found;
  const started = activeSince(answers, place);
  const since = started.known ? started.value : undefined;
  return known({ values, via: { key: wanted.via.setting, config: config.value, found: found.value }, since });
}

/** Nothing where every process has it; else the way through the configuration. */
export function changeArgument(wanted: WantedArgument, observed: ObservedArgument, place: Place): Plan {
  return observed.values?.every((value) => argumentHolds(wanted, value))
    ? { kind: 'nothing' }
    : planArgument(wanted, observed.values ?? [], observed.via, place);
}

/** The verdict on an argument from what the processes have and what the configuration asks for. */
export function judgeArgument(
  wanted: WantedArgument,
  { values, podless, via, since }: ObservedArgument,
  place: Place,
): Verdict {
  const aim = `--${wanted.flag} ${argumentWish(wanted)}`;
  if (values === undefined) {
    return runsHere(wanted.process, place) && !podless
      ? unknown(`${wanted.process} is not running, so its arguments cannot be seen`, aim)
      : notApplicable(`${place.node} runs no ${wanted.process}`);
  }
  const bad = values.findIndex((value) => !argumentHolds(wanted, value));
  if (bad < 0) return { kind: 'pass', found: shown(values[0]), wanted: aim };
  const found = shown(values[bad]);
  const file = via?.found.file;
  const item = file?.values.findLast((i) => itemsValue([i], wanted.flag) !== undefined);
  if (item === undefined || !asksForIt(wanted, file?.values)) return { kind: 'fail', found, wanted: aim };
  const from = file?.from.findLast((s) => s.values.includes(item));
  const written = via && from ? writtenAt(via.config, from.path) : undefined;
  const otherwise = `${wanted.process} has --${wanted.flag} ${found}, though the configuration asks for ${item}`;
  return {
    ...notInForce(since, written, unitAt(place), otherwise),
    found: `${found}, though ${from?.path}:${from?.line} asks for ${item}`,
    wanted: aim,
  };
}

/** Whether a component may run on a place: the control plane runs on servers, etcd where that role is; all else anywhere. */
export function runsHere(process: string, { roles }: Place): boolean {
  if (process === 'etcd') return roles.includes('etcd');
  const controlPlane = [
    'kube-apiserver',
    'kube-controller-manager',
    'kube-scheduler',
    'cloud-controller-manager',
  ];
  return !controlPlane.includes(process) || roles.includes('server');
}

function compiles(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}

function shown(value: string | undefined): string {
  if (value === '-') return '- (standard output, which no file keeps)';
  return value === undefined ? 'not given' : value === '' ? 'empty' : value;
}
