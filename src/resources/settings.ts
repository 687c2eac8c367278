import { known, type Read, unread } from '../domain/answer.ts';
import { fillWords, type Place, unitAt } from '../domain/distribution.ts';
import { type NamedText, readFile, readNamedTexts } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { type Effective, merge, sayings } from './configuration.ts';
import { type Assignment, readEnvironment } from './environment.ts';
import { type UnitCommand, unitCommand } from './unit-command.ts';

/** Everything that configures the distribution on a node, as read. */
export type Settings = {
  /** The file first, then those of the folder by name. */
  readonly files: readonly NamedText[];
  readonly folderThere: boolean;
  readonly environment: readonly Assignment[];
  /** How the unit starts the service; undefined when there is no such unit. */
  readonly unit: Read<UnitCommand | undefined>;
};

/** What a key is set to: by the flags of the unit, which outrank all else, by the files after their merge, and by a variable. */
export type Found = {
  readonly flags: readonly string[];
  readonly file: Effective | undefined;
  readonly environment: Assignment | undefined;
};

type Config = NonNullable<Place['distribution']['config']>;

// Remembered for the same objects only: nobody changes a distribution or the words of a place once they are made.
const configs = new WeakMap<Config, WeakMap<Place['words'], Config>>();

/** The configuration of a place, with its words filled in. The loader lets no control ask for it where there is none. */
export function configOf({ distribution, words }: Place): Config {
  const unfilled = distribution.config;
  if (!unfilled) throw new Error(`${distribution.title} has no configuration of its own`);
  const made = configs.get(unfilled) ?? new WeakMap<Place['words'], Config>();
  configs.set(unfilled, made);
  const config = made.get(words) ?? fillWords(unfilled, words);
  made.set(words, config);
  return config;
}

/** What must be asked to know the configuration of a node. */
export function settingQuestions(place: Place): readonly Question[] {
  const { file, folder, environment } = configOf(place);
  return [
    textQuestion(file),
    folderQuestion(folder),
    ...environment.files.map(textQuestion),
    { kind: 'unit', name: unitAt(place) },
  ];
}

function textQuestion(path: string): Question {
  return { kind: 'file', path };
}

function folderQuestion(path: string): Question {
  return { kind: 'folder', path, suffix: '' };
}

/** The files of the folder that the distribution reads: it takes their endings in any letter case. */
const counts = /\.ya?ml$/i;

// Remembered for the same objects only: whoever asks again makes a new map of answers, and never adds to an old one.
const settingsOf = new WeakMap<Answers, WeakMap<Place, Read<Settings>>>();

/** Reads the answers to `settingQuestions`; once for all controls that are judged by them. */
export function readSettings(answers: Answers, place: Place): Read<Settings> {
  const made = settingsOf.get(answers) ?? new WeakMap<Place, Read<Settings>>();
  settingsOf.set(answers, made);
  const settings = made.get(place) ?? settingsIn(answers, place);
  made.set(place, settings);
  return settings;
}

function settingsIn(answers: Answers, place: Place): Read<Settings> {
  if (place.unsure?.config !== undefined) return unread(place.unsure.config);
  const { file, folder, environment } = configOf(place);
  const main = readFile(answerTo(answers, textQuestion(file)), file);
  if (!main.known) return main;
  const listing = answerTo(answers, folderQuestion(folder));
  const texts = readNamedTexts(listing, folder);
  if (!texts.known) return texts;
  const found = texts.value.filter(({ path }) => counts.test(path));
  const sorted = found.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const assignments: Assignment[] = [];
  for (const path of environment.files) {
    const text = readFile(answerTo(answers, textQuestion(path)), path);
    if (!text.known) return text;
    if (text.value !== undefined) assignments.push(...readEnvironment({ path, text: text.value }));
  }
  const moved = assignments.findLast((a) => a.name === `${environment.prefix}CONFIG_FILE`);
  if (moved && moved.value !== file) {
    return unread(`${moved.where} points to ${moved.value}, which was not read`);
  }
  const files = main.value === undefined ? sorted : [{ path: file, text: main.value }, ...sorted];
  const folderThere = listing.kind !== 'absent';
  const name = unitAt(place);
  const there = answerTo(answers, { kind: 'unit', name }).kind !== 'absent';
  const unit = there ? unitCommand(answers, name) : known(undefined);
  return known({ files, folderThere, environment: assignments, unit });
}

/** What a key is set to on a node that runs the unit of the place. */
export function lookUp(settings: Settings, key: string, place: Place): Read<Found> {
  const said = sayings(settings.files, key);
  if (!said.known) return said;
  if (!settings.unit.known) return settings.unit;
  const unit = settings.unit.value;
  const untold = unit?.unsure ?? unreadFile(unit, place);
  if (untold !== undefined) return unread(untold);
  const variable = variableOf(key, configOf(place).environment.prefix);
  const inUnit = unit?.variables.get(variable);
  return known({
    flags: unit?.flags(key) ?? [],
    file: merge(said.value),
    // systemd lets its environment files override what the unit says itself.
    environment:
      inFiles(settings, variable, otherUnit(place)) ??
      (inUnit === undefined
        ? undefined
        : { name: variable, value: inUnit, path: undefined, where: `the unit ${unit?.name}` }),
  });
}

function inFiles({ environment }: Settings, variable: string, other?: string): Assignment | undefined {
  return environment.findLast(
    ({ name, path }) => name === variable && (other === undefined || !path?.includes(`/${other}`)),
  );
}

/** The unit whose environment files this node does not read. */
function otherUnit(place: Place): string | undefined {
  const { server, agent } = place.distribution.units;
  return [server, agent].find((name) => name !== unitAt(place));
}

/** That a flag of the unit outranks the files, in words. */
export function unitSets(key: string, place: Place): string {
  return `the unit ${unitAt(place)} starts the service with --${key}, which outranks the configuration files`;
}

/** Why an environment file of the unit was not read. */
function unreadFile(unit: UnitCommand | undefined, place: Place): string | undefined {
  const { files } = configOf(place).environment;
  const path = unit?.environmentFiles.find((each) => !files.includes(each));
  return path && `the unit ${unit?.name} reads ${path}, which was not asked for`;
}

/** What files and variables set one key to, by the answers of a batch, whatever the unit says; a known undefined when it is not set. */
export function settingValue(place: Place, answers: Answers, key: string): Read<string | undefined> {
  const read = readSettings(answers, place);
  if (!read.known) return read;
  const said = sayings(read.value.files, key);
  if (!said.known) return said;
  const variable = variableOf(key, configOf(place).environment.prefix);
  return known(merge(said.value)?.values.at(-1) ?? inFiles(read.value, variable)?.value);
}

/** The environment variable of a key; that of `profile` does not follow the rule. */
export function variableOf(key: string, prefix: string): string {
  return key === 'profile' ? `${prefix}CIS_PROFILE` : prefix + key.toUpperCase().replaceAll('-', '_');
}
