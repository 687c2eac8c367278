import { known, type Read } from '../domain/answer.ts';
import { type ClusterFile, fillWords, type Place } from '../domain/distribution.ts';
import { readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { compareVersions, parseVersion } from '../domain/version.ts';
import { treeSteps, valueAt } from './tree.ts';

/** The file of the whole cluster, with its words filled in, where a path is that file; undefined for any other. */
export function clusterFileAt(path: string, { distribution, words }: Place): ClusterFile | undefined {
  const file = distribution.clusterFile && fillWords(distribution.clusterFile, words);
  return file?.path === path ? file : undefined;
}

/** What must be asked of the files that go with a cluster's own; nothing for any other file. */
export function besideQuestions({ path }: { readonly path: string }, place: Place): readonly Question[] {
  return clusterFileAt(path, place)?.beside.map((each) => ({ kind: 'stat', path: each })) ?? [];
}

/** The first of the files that go with a cluster's own and are not there; undefined when all are. */
export function besideMissing(
  { path }: { readonly path: string },
  answers: Answers,
  place: Place,
): Read<string | undefined> {
  for (const each of clusterFileAt(path, place)?.beside ?? []) {
    const stat = readStat(answerTo(answers, { kind: 'stat', path: each }), each);
    if (!stat.known) return stat;
    if (stat.value?.type !== 'file') return known(each);
  }
  return known(undefined);
}

/** Why the file of a cluster must not be applied as it is: it names another version than runs, or none, which leaves the choice to the program. */
export function otherVersion(file: ClusterFile, tree: unknown, { version }: Place): string | undefined {
  if (file.version === undefined) return undefined;
  const named = valueAt(tree, treeSteps(file.version)) ?? '';
  const apply = file.apply.slice(0, 2).join(' ');
  // A version of zeros is one that no node told.
  const runs = version[0] === 0 ? 'what runs could not be read' : `${version.join('.')} runs`;
  if (named === '')
    return `${file.path} names no ${file.version}, so the next ${apply} would bring the version that the ${file.apply[0]} on that machine takes by itself, and ${runs}`;
  const wanted = parseVersion(String(named));
  return wanted && compareVersions(wanted, version) === 0
    ? undefined
    : `${file.path} names ${named} as ${file.version}, and ${runs}: the next ${apply} would bring that version`;
}
