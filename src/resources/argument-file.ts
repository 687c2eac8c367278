import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { argumentFileOf, type Place, serviceUnit } from '../domain/distribution.ts';
import { newestTime, readFile, readProcess, readStat, type Stat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { activeSince, activityQuestions, notInForce } from './activity.ts';
import { flagShape, inWords, oneTest } from './argument.ts';
import { type ArgumentText, linesOf, readArguments, withArgument, withOneMore } from './argument-edit.ts';
import { argumentChange, argumentHolds, argumentWish } from './argument-test.ts';
import { beside, clash } from './flag-rivals.ts';
import { accumulates, flagItems, flagValue, isRepeated } from './flags.ts';
import { processesOfTheNode } from './node-processes.ts';
import { ownedArguments } from './owned.ts';
import { oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const { via: _, ...flag } = flagShape;

const schema = z
  .strictObject({
    service: oneWord,
    ...flag,
    /** A component that not every node runs: without its file and its process nothing applies. */
    optional: z.literal(true).optional(),
    /** What `value` names is a file, without which the component would not start. */
    file: z.literal(true).optional(),
  })
  .refine(...oneTest)
  .refine(...inWords)
  .refine((w) => !w.file || w.value?.startsWith('/') || w.value?.startsWith('{{'), {
    path: ['file'],
    message: 'needs a value that is an absolute path',
  });

type Wanted = z.infer<typeof schema>;

/** With the file that a flag is to name, where that is not there. */
type Observed = ArgumentFile & { readonly missing?: string };

/** The argument file of a component and its running processes, as they answered. */
export type ArgumentFile = {
  readonly path: string;
  readonly unit: string;
  /** Undefined when there is no such file. */
  readonly file:
    | { readonly text: string; readonly stat: Stat | undefined; readonly read: ArgumentText }
    | undefined;
  readonly processes: readonly (readonly string[])[] | undefined;
  /** Since when its unit runs. */
  readonly since: Read<number | undefined>;
};

function questions(service: string, place: Place) {
  const path = argumentFileOf(place, service);
  if (path === undefined) throw new Error(`${place.distribution.title} has no argument files`);
  return {
    path,
    unit: serviceUnit(place.distribution, service),
    process: { kind: 'process', name: service },
    text: { kind: 'file', path },
    stat: { kind: 'stat', path },
  } as const;
}

/** What must be asked to know the arguments of a component, in its file and in force. */
export function argumentFileQuestions(service: string, place: Place) {
  const { process, text, stat, unit } = questions(service, place);
  return [process, text, stat, ...activityQuestions(place, unit)];
}

/** Reads the answers to `argumentFileQuestions`. */
export function readArgumentFile(service: string, answers: Answers, place: Place): Read<ArgumentFile> {
  const asked = questions(service, place);
  const { path, unit } = asked;
  const processes = readProcess(answerTo(answers, asked.process), service);
  if (!processes.known) return processes;
  const text = readFile(answerTo(answers, asked.text), path);
  if (!text.known) return text;
  const stat = readStat(answerTo(answers, asked.stat), path);
  if (!stat.known) return stat;
  const since = activeSince(answers, place, unit);
  const running = processesOfTheNode(processes.value, since, place);
  if (text.value === undefined) return known({ path, unit, file: undefined, processes: running, since });
  // A write that was cut off leaves it so; the component would start without any of its arguments.
  if (text.value.trim() === '') return unread(`${path} is empty`);
  const read = readArguments(text.value, path);
  if (!read.known) return read;
  const file = { text: text.value, stat: stat.value, read: read.value };
  return known({ path, unit, file, processes: running, since });
}

/** A flag of a component that has an argument file of its own: in the file one line, and in force in its process. */
export const argumentFile: Resource<Wanted, Observed> = {
  type: 'argument-file',
  schema,
  ask: (wanted, place) => [
    ...argumentFileQuestions(wanted.service, place),
    ...(wanted.file ? [namedFile(wanted)] : []),
  ],
  read: (wanted, answers, place) => {
    const read = readArgumentFile(wanted.service, answers, place);
    if (!read.known || !wanted.file) return read;
    const { path } = namedFile(wanted);
    const stat = readStat(answerTo(answers, namedFile(wanted)), path);
    return stat.known ? known(stat.value ? read.value : { ...read.value, missing: path }) : stat;
  },
  judge: (wanted, observed, place) => {
    const words = observed.file ? [observed.file.read.words] : [];
    return beside(wanted, [...(observed.processes ?? []), ...words], judge(wanted, observed, place));
  },
  change,
};

function namedFile({ value = '' }: Wanted) {
  return { kind: 'stat', path: value } as const;
}

function judge(wanted: Wanted, observed: Observed, place: Place): Verdict {
  const { path, file, processes, unit, since } = observed;
  const aim = `--${wanted.flag} ${argumentWish(wanted)}`;
  if (wanted.optional && !file && !processes) return notApplicable(`${place.node} runs no ${wanted.service}`);
  if (!processes)
    return unknown(`${wanted.service} is not running, so the arguments in force cannot be seen`, aim);
  if (!file) return unknown(`${path} does not exist, so what the next start would bring is not known`, aim);
  const values = processes.map((args) => flagValue(args, wanted.flag, wanted.service));
  const wrong = values.find((value) => !argumentHolds(wanted, value));
  const runs = values.every((value) => argumentHolds(wanted, value));
  const runsWith = shown(runs ? values[0] : wrong);
  const trouble = fileTrouble(wanted, observed);
  if (runs && trouble === undefined) return { kind: 'pass', found: runsWith, wanted: aim };
  if (trouble !== undefined) {
    const found = runs ? `${runsWith} in force, but ${trouble}` : `${runsWith}; ${trouble}`;
    return { kind: 'fail', found, wanted: aim };
  }
  const otherwise = `${wanted.service} runs with --${wanted.flag} ${runsWith}, though ${path} is right`;
  const modified = file.stat && newestTime(file.stat);
  return {
    ...notInForce(since.known ? since.value : undefined, modified, unit, otherwise),
    found: `${runsWith}, though ${path} is right`,
    wanted: aim,
  };
}

/** What of the file is not as wanted, in words. A flag that stands there twice may change when the lines are sorted anew. */
function fileTrouble(wanted: Wanted, { path, file, missing }: Observed): string | undefined {
  if (!file) return undefined;
  const value = flagValue(file.read.words, wanted.flag, wanted.service);
  const lines = linesOf(file.read, wanted.flag);
  const where = lines.length > 0 ? `${path}:${lines.join(' and ')}` : path;
  if (!argumentHolds(wanted, value))
    return `${where} ${value === undefined ? 'does not give it' : `says ${shown(value)}`}`;
  if (missing !== undefined && value === missing) return `${where} names ${missing}, which does not exist`;
  return lines.length > 1 && !accumulates(wanted.flag, wanted.service)
    ? `${where} give it more than once, and a refresh of the snap may turn round which of them counts`
    : undefined;
}

function change(wanted: Wanted, observed: Observed, place: Place): Plan {
  const { path, file, unit } = observed;
  if (wanted.optional && !file && !observed.processes) return { kind: 'nothing' };
  if (!file) return notBootstrapped(path);
  if (fileTrouble(wanted, observed) === undefined) return { kind: 'nothing' };
  const value = flagValue(file.read.words, wanted.flag, wanted.service);
  const target = argumentHolds(wanted, value) ? { value } : argumentChange(wanted, flagItems(value ?? ''));
  const wish = target?.value === undefined ? wanted.flag : `${wanted.flag}=${target.value}`;
  const owned = ownedArguments(place, wanted.service, wish);
  if (owned) return owned;
  if (!target) {
    return refused(
      `--${wanted.flag} ${argumentWish(wanted)}: which value is a decision of yours`,
      wanted.instead ?? `Set it in ${path}, then ask again.`,
    );
  }
  if (observed.missing !== undefined && target.value === observed.missing) {
    return refused(
      `${observed.missing} does not exist, and ${wanted.service} would not start without it`,
      'Write that file first; the control before this one does.',
    );
  }
  const others = isRepeated(wanted.flag) && value !== undefined && value !== '' && target.value !== undefined;
  return (
    clash(wanted, file.read.words, path) ??
    (others && wanted.contains !== undefined
      ? planArgumentEdit(observed, wanted.flag, withOneMore(file.text, wanted.flag, wanted.contains, path), [
          unit,
        ])
      : planArgumentWrite(observed, wanted.flag, target.value, [unit]))
  );
}

/** The plan that gives one flag of a component's file this value, or takes it out. */
export function planArgumentWrite(
  observed: ArgumentFile,
  flag: string,
  value: string | undefined,
  units: readonly string[],
): Plan {
  const { path, file } = observed;
  return planArgumentEdit(observed, flag, withArgument(file?.text ?? '', flag, value, path), units);
}

function planArgumentEdit(
  { path, file }: ArgumentFile,
  flag: string,
  edited: Read<string>,
  units: readonly string[],
): Plan {
  if (!file) return notBootstrapped(path);
  if (!edited.known) return refused(edited.reason, `Set --${flag} in ${path} by hand.`);
  const stat = file.stat && { ...file.stat, mode: '0600' };
  const write = writeFile(path, file.text, edited.value, stat, {
    mode: '0600',
    owner: 'root',
    group: 'root',
  });
  return write.kind === 'refused' ? write : stepsOrNothing([write], true, units);
}

function notBootstrapped(path: string): Plan {
  return refused(`${path} does not exist`, 'Bootstrap the node, or let it join its cluster, first.');
}

function shown(value: string | undefined): string {
  return value === undefined ? 'not given' : value === '' ? 'empty' : value;
}
