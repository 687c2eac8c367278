import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { type NamedText, newestTime, readStat, type Stat, statFormat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { configOf, readSettings, type Settings, settingQuestions } from './settings.ts';
import { refused, writeFile } from './write.ts';

/** The configuration, and the owner, mode and age of its files. */
export type ConfigFiles = { readonly settings: Settings; readonly stats: ReadonlyMap<string, Stat> };

/** What must be asked to judge and to edit the configuration. */
export function configFileQuestions(place: Place): readonly Question[] {
  const { file, folder, ours } = configOf(place);
  return [...settingQuestions(place), ...[file, ours, folder].map(statQuestion), listing(folder)];
}

function statQuestion(path: string): Question {
  return { kind: 'stat', path };
}

/** The other files of the folder: which it holds is not known when this is asked. */
function listing(folder: string): Question {
  const files = ['find', '-L', folder, '-maxdepth', '1', '-type', 'f'];
  const stat = ['stat', '-L', '-c', `%n|${statFormat}`];
  return { kind: 'command', words: [...files, '-exec', ...stat, '{}', '+'] };
}

/** Reads the answers to `configFileQuestions`. */
export function readConfigFiles(answers: Answers, place: Place): Read<ConfigFiles> {
  const settings = readSettings(answers, place);
  if (!settings.known) return settings;
  const { file, folder, ours } = configOf(place);
  const stats = new Map<string, Stat>();
  for (const path of [file, ours, folder]) {
    const stat = readStat(answerTo(answers, statQuestion(path)), path);
    if (!stat.known) return stat;
    if (stat.value) stats.set(path, stat.value);
  }
  const others = answerTo(answers, listing(folder));
  if (others.kind === 'said') for (const [path, stat] of readListing(others.text)) stats.set(path, stat);
  // Without the folder the command fails, and nothing is missing.
  else if (others.kind !== 'absent' && stats.has(folder))
    return unread(whyNot(others, `the age of the files in ${folder}`));
  return known({ settings: settings.value, stats });
}

/** When a file was written, where that is known; its folder's time says nothing, for a file may be edited in place. */
export function writtenAt({ stats }: ConfigFiles, path: string): number | undefined {
  const stat = stats.get(path);
  return stat && newestTime(stat);
}

/** The steps that give a file of the configuration this text; the folder of our own file is made when it is missing. */
export function planConfigWrite(config: ConfigFiles, path: string, text: string, place: Place): Plan {
  const { file, folder, ours } = configOf(place);
  const before = config.settings.files.find((f) => f.path === path)?.text;
  const stat = config.stats.get(path);
  if (before !== undefined && !stat && path !== ours && path !== file) {
    return refused(`the owner and mode of ${path} could not be read`, `Edit ${path} by hand.`);
  }
  const write = writeFile(path, before, text, stat, { mode: '0600', owner: 'root', group: 'root' });
  if (write.kind === 'refused') return write;
  const needsFolder = before === undefined && path.startsWith(`${folder}/`) && !config.settings.folderThere;
  const steps: readonly Step[] = needsFolder
    ? [{ kind: 'make-folder', path: folder, mode: '0700', owner: 'root', group: 'root' }, write]
    : [write];
  return { kind: 'steps', steps, restarts: true };
}

/** The settings as they would be with this file written. */
export function settingsAfter(settings: Settings, path: string, text: string, place: Place): Settings {
  const main = configOf(place).file;
  const files = [...settings.files.filter((f) => f.path !== path), { path, text }];
  const rank = (f: NamedText) => (f.path === main ? 0 : 1);
  return {
    ...settings,
    files: files.toSorted(
      (a, b) => rank(a) - rank(b) || Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)),
    ),
  };
}

function readListing(text: string): readonly [string, Stat][] {
  return text.split('\n').flatMap((line): [string, Stat][] => {
    const at = line.indexOf('|');
    if (at < 0) return [];
    const path = line.slice(0, at);
    const stat = readStat({ kind: 'said', text: line.slice(at + 1) }, path);
    return stat.known && stat.value ? [[path, stat.value]] : [];
  });
}
