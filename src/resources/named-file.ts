import { known, type Read, unread } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { readFile, readStat, type Stat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { type ArgumentFile, argumentFileQuestions, readArgumentFile } from './argument-file.ts';
import { flagValue } from './flags.ts';

/** A file that a flag of a component names: which flag, where the file lies unless the flag says otherwise, and where else it may. */
export type NamedBy = {
  readonly service: string;
  readonly flag: string;
  readonly path: string;
  readonly others: readonly string[];
};

/** The file that counts at the next start, as it was found. */
export type NamedFile = {
  readonly path: string;
  /** Undefined when there is no such file. */
  readonly text: string | undefined;
  readonly stat: Stat | undefined;
  readonly component: ArgumentFile;
  /** What the running component was given, if anything. */
  readonly running: string | undefined;
};

function fileQuestions({ path, others }: NamedBy) {
  return [path, ...others].map((each) => ({
    path: each,
    text: { kind: 'file', path: each } as const,
    stat: { kind: 'stat', path: each } as const,
  }));
}

/** What must be asked to know the file that a flag names. */
export function namedFileQuestions(by: NamedBy, place: Place): readonly Question[] {
  return [
    ...argumentFileQuestions(by.service, place),
    ...fileQuestions(by).flatMap(({ text, stat }) => [text, stat]),
  ];
}

/** Reads the answers to `namedFileQuestions`; a file in another place than those that were asked for is not known. */
export function readNamedFile(by: NamedBy, answers: Answers, place: Place): Read<NamedFile> {
  const component = readArgumentFile(by.service, answers, place);
  if (!component.known) return component;
  const named = component.value.file && flagValue(component.value.file.read.words, by.flag);
  const [first] = component.value.processes ?? [];
  const running = first && flagValue(first, by.flag);
  const path = named ?? by.path;
  if (![by.path, ...by.others].includes(path))
    return unread(`--${by.flag} names ${path}, and what stands there was not asked for`);
  let found: NamedFile = { path, text: undefined, stat: undefined, component: component.value, running };
  // A file of another place that could not be read may be somebody's work under way.
  for (const asked of fileQuestions(by)) {
    const text = readFile(answerTo(answers, asked.text), asked.path);
    if (!text.known) return text;
    const stat = readStat(answerTo(answers, asked.stat), asked.path);
    if (!stat.known) return stat;
    if (asked.path === path) found = { ...found, text: text.value, stat: stat.value };
  }
  return known(found);
}
