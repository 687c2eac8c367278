import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { type NamedText, readNamedTexts } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { flagValue } from './flags.ts';

/** What must be asked to know the configuration files in a folder that the kubelet is handed; those in folders below it count too. */
export function kubeletFileQuestions(folder: string): readonly Question[] {
  return [filesIn(folder), filesBelow(folder)];
}

function filesIn(path: string): Question {
  return { kind: 'folder', path, suffix: '.conf' };
}

function filesBelow(folder: string): Question {
  return {
    kind: 'command',
    words: [
      'find',
      '-P',
      folder,
      '-mindepth',
      '2',
      '-regextype',
      'posix-extended',
      '-regex',
      '.*[.]conf',
      '-not',
      '-type',
      'd',
      '-print',
      '-quit',
    ],
  };
}

/** The files that a kubelet of these arguments reads in the folder, in its order; unknown where it reads others. */
export function readKubeletFiles(
  args: readonly string[],
  folder: string,
  answers: Answers,
): Read<readonly NamedText[]> {
  const used = flagValue(args, 'config-dir');
  if (used === undefined) return known([]);
  if (trimmed(used) !== trimmed(folder))
    return unread(`the kubelet reads its configuration in ${used}, which was not asked for`);
  const files = readNamedTexts(answerTo(answers, filesIn(folder)), folder);
  if (!files.known || answerTo(answers, filesIn(folder)).kind === 'absent') return files;
  const below = answerTo(answers, filesBelow(folder));
  if (below.kind === 'absent') return files;
  if (below.kind !== 'said') return unread(whyNot(below, `the folders in ${folder}`));
  const [first] = below.text.split('\n').filter((line) => line !== '');
  return first === undefined ? files : unread(`the kubelet also reads ${first}, which was not asked for`);
}

/** Why a value that no drop-in says is not known: the kubelet has a file of its own, in words. */
export function otherKubeletFile(args: readonly string[]): string | undefined {
  const main = flagValue(args, 'config');
  return main === undefined ? undefined : `the kubelet also reads ${main}, which was not asked for`;
}

function trimmed(path: string): string {
  return path.replace(/\/+$/, '');
}
