import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { argumentFileOf, type Place, serviceUnit, unitAt } from '../domain/distribution.ts';
import { newestTime, readFile, readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { activeSince, activityQuestions } from './activity.ts';
import { flagShape, inWords, oneTest } from './argument.ts';
import { linesOf, readArguments } from './argument-edit.ts';
import { argumentHolds, argumentWish } from './argument-test.ts';
import { configFileQuestions, readConfigFiles, writtenAt } from './config-files.ts';
import { flagValue, itemsValue } from './flags.ts';
import { lookUp, unitSets } from './settings.ts';
import { oneWord } from './values.ts';
import { refused } from './write.ts';

const { via: _via, value: _value, instead: _instead, ...tests } = flagShape;

const schema = z
  .strictObject({
    /** The key of the configuration whose items become arguments, or the component that has a file of them. */
    setting: oneWord.optional(),
    service: oneWord.optional(),
    ...tests,
  })
  .refine(...oneTest)
  .refine(...inWords)
  .refine((w) => (w.setting === undefined) !== (w.service === undefined), {
    message: 'needs exactly one of setting, service',
  });

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly value: string | undefined;
  /** Where it stands, as `file:line`. */
  readonly where: string | undefined;
  /** Since when the unit runs, and when what it reads at its start was last written. */
  readonly since: Read<number | undefined>;
  readonly written: number | undefined;
};

/** An argument as the configuration asks for it, whatever runs: what the next start will bring. It has no change. */
export const configuredArgument: Resource<Wanted, Observed> = {
  type: 'configured-argument',
  schema,
  ask: ({ service }, place) =>
    service === undefined
      ? [...configFileQuestions(place), ...activityQuestions(place)]
      : [
          ...Object.values(fileQuestions(service, place)),
          ...activityQuestions(place, unitOf(service, place)),
        ],
  read: (wanted, answers, place) =>
    wanted.service === undefined
      ? inConfiguration(wanted, answers, place)
      : inFile(wanted, wanted.service, answers, place),
  judge,
  change: (wanted, { value, where }) =>
    argumentHolds(wanted, value)
      ? { kind: 'nothing' }
      : refused('what is configured is looked at here, not changed', `Correct ${where ?? 'it'} by hand.`),
};

function inConfiguration(wanted: Wanted, answers: Answers, place: Place): Read<Observed> {
  const config = readConfigFiles(answers, place);
  if (!config.known) return config;
  const found = lookUp(config.value.settings, wanted.setting ?? '', place);
  if (!found.known) return found;
  const { file, environment, flags } = found.value;
  // Whether the items of both add up differs by release.
  if (flags.length > 0 && (file || environment)) return unread(unitSets(wanted.setting ?? '', place));
  const items = [...(file?.values ?? []), ...(environment ? [environment.value] : []), ...flags];
  const isOurs = (item: string) => itemsValue([item], wanted.flag) !== undefined;
  const from = file?.from.findLast((said) => said.values.some(isOurs));
  const times = config.value.settings.files.flatMap(({ path }) => writtenAt(config.value, path) ?? []);
  return known({
    value: itemsValue(items, wanted.flag),
    where: from
      ? `${from.path}:${from.line}`
      : flags.length > 0
        ? `the unit ${unitAt(place)}`
        : environment?.where,
    since: activeSince(answers, place),
    written: times.length > 0 ? Math.max(...times) : undefined,
  });
}

function inFile(wanted: Wanted, service: string, answers: Answers, place: Place): Read<Observed> {
  const asked = fileQuestions(service, place);
  const { path } = asked.text;
  const text = readFile(answerTo(answers, asked.text), path);
  if (!text.known) return text;
  const stat = readStat(answerTo(answers, asked.stat), path);
  if (!stat.known) return stat;
  const since = activeSince(answers, place, unitOf(service, place));
  const written = stat.value && newestTime(stat.value);
  if (text.value === undefined) return known({ value: undefined, where: undefined, since, written });
  // A write that was cut off leaves it so.
  if (text.value.trim() === '') return unread(`${path} is empty`);
  const read = readArguments(text.value, path);
  if (!read.known) return read;
  const line = linesOf(read.value, wanted.flag).at(-1);
  return known({
    value: flagValue(read.value.words, wanted.flag),
    where: line === undefined ? undefined : `${path}:${line}`,
    since,
    written,
  });
}

function fileQuestions(service: string, place: Place) {
  const path = argumentFileOf(place, service);
  if (path === undefined) throw new Error(`${place.distribution.title} has no argument files`);
  return { text: { kind: 'file', path }, stat: { kind: 'stat', path } } as const;
}

function unitOf(service: string | undefined, place: Place): string {
  return service === undefined ? unitAt(place) : serviceUnit(place.distribution, service);
}

function judge(wanted: Wanted, { value, where, since, written }: Observed, place: Place): Verdict {
  const found = value === undefined ? 'not configured' : `${value || 'empty'}${where ? ` (${where})` : ''}`;
  const said = { found, wanted: `--${wanted.flag} ${argumentWish(wanted)}` };
  if (!argumentHolds(wanted, value)) return { ...said, kind: 'fail' };
  if (!since.known) return unknown(since.reason, said.wanted);
  if (since.value === undefined || written === undefined || since.value >= written)
    return { ...said, kind: 'pass' };
  const unit = unitOf(wanted.service, place);
  return { ...said, kind: 'pending-restart', reason: `${unit} started before the configuration was changed` };
}
