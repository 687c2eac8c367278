import { known, type Read, unread } from '../domain/answer.ts';
import { readStat, type Stat, statFormat } from '../domain/evidence.ts';
import type { Question } from '../domain/question.ts';

/** The files directly in a folder, each with its mode, owner and times. */
export function statListing(folder: string): Question {
  const files = ['find', '-L', folder, '-maxdepth', '1', '-type', 'f'];
  const stat = ['stat', '-L', '-c', `%n|${statFormat}`];
  return { kind: 'command', words: [...files, '-exec', ...stat, '{}', '+'] };
}

/** What a `find` finds, each with its mode, owner and times; links are not followed. */
export function statFound(find: readonly string[]): Question {
  return { kind: 'command', words: [...find, '-exec', 'stat', '-c', `%n|${statFormat}`, '{}', '+'] };
}

/** Reads what `statListing` printed; one line that is no file makes the whole unknown. */
export function readListing(text: string): Read<readonly (readonly [string, Stat])[]> {
  const read: (readonly [string, Stat])[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const at = line.indexOf('|');
    const path = line.slice(0, Math.max(0, at));
    const stat = readStat({ kind: 'said', text: line.slice(at + 1) }, path);
    if (at < 1 || !stat.known || !stat.value)
      return unread(`the listing has a line that is not readable: ${line}`);
    read.push([path, stat.value]);
  }
  return known(read);
}
