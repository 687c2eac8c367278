import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { type Place, unitAt, wordValues } from '../domain/distribution.ts';
import { readProcess } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { activeSince, activityQuestions, judgeByAge, notInForce, unitQuestion } from './activity.ts';
import {
  type ConfigFiles,
  configFileQuestions,
  planConfigWrite,
  readConfigFiles,
  settingsAfter,
  writtenAt,
} from './config-files.ts';
import { flagValue } from './flags.ts';
import { configOf, type Found, lookUp, unitSets } from './settings.ts';
import { isOneOf } from './spelling.ts';
import { oneWord, scalar } from './values.ts';
import { refused } from './write.ts';
import { editYaml } from './yaml-edit.ts';

const schema = z.strictObject({
  key: oneWord,
  value: scalar.transform(String),
  accepts: z.array(scalar.transform(String)).min(1).readonly().optional(),
  /** A versioned word of the distribution whose values for this version pass too. */
  acceptsWord: oneWord.optional(),
  default: scalar.transform(String).optional(),
  /** Only what is written counts, in force or not: why a service does not run is judged while it does not. */
  written: z.literal(true).optional(),
  active: z
    .strictObject({ process: oneWord, flag: oneWord, equals: scalar.transform(String) })
    .readonly()
    .optional(),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly config: ConfigFiles;
  readonly found: Found;
  /** What the running processes have for the flag that shows it; undefined when none runs or none was asked about. */
  readonly running: readonly (string | undefined)[] | undefined;
  /** When the node agent started; undefined when it does not run. */
  readonly since: Read<number | undefined>;
};

function processQuestion({ process }: NonNullable<Wanted['active']>): Question {
  return { kind: 'process', name: process };
}

/** A key of the distribution's own configuration, after its files are merged, and what the running process has of it. */
export const setting: Resource<Wanted, Observed> = {
  type: 'setting',
  schema,
  ask: ({ active }, place) => [
    ...configFileQuestions(place),
    ...activityQuestions(place),
    ...(active ? [processQuestion(active)] : []),
  ],
  read: ({ key, active }, answers, place): Read<Observed> => {
    const config = readConfigFiles(answers, place);
    if (!config.known) return config;
    const found = lookUp(config.value.settings, key, place);
    if (!found.known) return found;
    const unit = answerTo(answers, unitQuestion(place));
    if (unit.kind !== 'said' && unit.kind !== 'absent') return unread(whyNot(unit, unitAt(place)));
    const since = activeSince(answers, place);
    const observed = { config: config.value, found: found.value, running: undefined, since };
    if (!active) return known(observed);
    const processes = readProcess(answerTo(answers, processQuestion(active)), active.process);
    if (!processes.known) return processes;
    return known({ ...observed, running: processes.value?.map((args) => flagValue(args, active.flag)) });
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed, place: Place): Verdict {
  const good = accepted(wanted, place);
  const aim = `${wanted.key}: ${good.map((value) => value || 'none').join(' or ')}`;
  const found = describe(observed.found, wanted.default, place);
  if (!isRight(wanted, observed.found, good)) return { kind: 'fail', found, wanted: aim };
  const { active } = wanted;
  if (wanted.written) return { kind: 'pass', found, wanted: aim };
  if (!active) return inForce(observed, found, aim, place);
  if (observed.running?.every((value) => value !== undefined && isOneOf(value, [active.equals]))) {
    const shown = `${found}, and ${active.process} runs with it`;
    // A flag of another name may have been set by something else; then the file must be older than the start as well.
    if (active.flag !== wanted.key) return inForce(observed, shown, aim, place);
    return { kind: 'pass', found: shown, wanted: aim };
  }
  const shown = observed.running
    ? `${active.process} has ${active.flag} ${observed.running.find((v) => v === undefined || !isOneOf(v, [active.equals])) ?? 'not set'}`
    : `${active.process} does not run`;
  const otherwise = `${shown}, though the configuration is right`;
  // What does not run at all waits for more than a restart.
  const since = observed.running && valueOr(observed.since);
  return {
    ...notInForce(since, modifiedAt(observed), unitAt(place), otherwise),
    found: `${found}, but ${shown}`,
    wanted: aim,
  };
}

/** No process shows it alone, so the age of the file is the evidence. */
function inForce(observed: Observed, found: string, aim: string, place: Place): Verdict {
  if (observed.found.flags.length > 0) return { kind: 'pass', found, wanted: aim };
  const path = observed.found.file?.from.at(-1)?.path;
  if (path === undefined) return { kind: 'pass', found, wanted: aim };
  const file = { path, modified: modifiedAt(observed) };
  return judgeByAge({ found, wanted: aim }, observed.since, file, unitAt(place));
}

function change(wanted: Wanted, observed: Observed, place: Place): Plan {
  const { config, found } = observed;
  const good = accepted(wanted, place);
  if (isRight(wanted, found, good)) return { kind: 'nothing' };
  if (place.managedBy) {
    return refused(`${place.managedBy.who} owns the configuration of ${place.node}`, place.managedBy.instead);
  }
  const { environment, flags } = found;
  if (flags.length > 0)
    return refused(
      unitSets(wanted.key, place),
      `Take the flag out of its command (systemctl edit --full ${unitAt(place)}), or set it to ${wanted.value} there, then ask again.`,
    );
  if (environment && !isOneOf(environment.value, good)) {
    return refused(
      `${environment.where} sets ${environment.name}, which comes on top of the configuration files`,
      `Take that line out, or set it to ${wanted.value}, then ask again.`,
    );
  }
  const last = found.file?.from.at(-1);
  const path = last?.path ?? configOf(place).ours;
  const before = config.settings.files.find((f) => f.path === path)?.text;
  const edited = editYaml(before ?? '', [last?.key ?? wanted.key], typed(wanted.value), path);
  if (!edited.known) return refused(edited.reason, `Set ${wanted.key} to ${wanted.value} by hand.`);
  const after = lookUp(settingsAfter(config.settings, path, edited.value, place), wanted.key, place);
  if (!after.known || !isRight(wanted, after.value, [wanted.value, ...good])) {
    return refused(
      `with ${path} changed, ${wanted.key} would still not be ${wanted.value}`,
      'Look at where the key is set, and keep one of the places.',
    );
  }
  return planConfigWrite(config, path, edited.value, place);
}

function accepted(wanted: Wanted, place: Place): readonly string[] {
  const word = wanted.acceptsWord;
  const byVersion = word === undefined ? [] : wordValues(place.distribution, word, place.version);
  return [...new Set([wanted.value, ...(wanted.accepts ?? []), ...byVersion])];
}

/** A flag outranks all else. A file and an environment file that both set the key must both be right: which of them holds differs by release. */
function isRight(wanted: Wanted, found: Found, good: readonly string[]): boolean {
  const flag = found.flags.at(-1);
  if (flag !== undefined) return isOneOf(flag, good);
  const set = [found.file?.values.at(-1), found.environment?.value].filter((v) => v !== undefined);
  if (set.length > 0) return set.every((value) => isOneOf(value, good));
  return wanted.default !== undefined && good.includes(wanted.default);
}

function describe({ flags, file, environment }: Found, byDefault: string | undefined, place: Place): string {
  const last = file?.from.at(-1);
  if (flags.length > 0) return `${flags.at(-1) || 'empty'} (the unit ${unitAt(place)})`;
  const words = [
    ...(file && last ? [`${file.values.at(-1) || 'empty'} (${last.path}:${last.line})`] : []),
    ...(environment ? [`${environment.value || 'empty'} (${environment.where})`] : []),
  ];
  if (words.length > 0) return words.join(', ');
  return byDefault === undefined ? 'not set' : `not set, which means ${byDefault}`;
}

function modifiedAt({ config, found }: Observed): number | undefined {
  const path = found.file?.from.at(-1)?.path;
  return path === undefined ? undefined : writtenAt(config, path);
}

function valueOr(read: Read<number | undefined>): number | undefined {
  return read.known ? read.value : undefined;
}

/** A value as YAML would read it bare, so that `true` is written as a truth value and not as text. */
function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}
