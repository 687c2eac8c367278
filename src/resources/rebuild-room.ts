import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { folderOf } from '../domain/path.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';

/** How much room must be free beside a store, by its own size: that of one store made anew, and as much to spare. */
const times = 2;

/** The size of a store, and the room beside it. The node ends either after some seconds, as any question. */
export function roomQuestions(store: string): Readonly<Record<'free' | 'size', Question>> {
  return {
    free: { kind: 'command', words: ['df', '-k', '--output=avail', folderOf(store)] },
    size: { kind: 'command', words: ['du', '-s', '-k', '-x', store] },
  };
}

/** Why a store has no room to be made anew beside itself; undefined when it has. */
export function enoughRoom(answers: Answers, store: string): Read<string | undefined> {
  const asked = roomQuestions(store);
  const free = readNumber(answers, asked.free, /^\s*(\d+)\s*$/m, `the room beside ${store}`);
  if (!free.known) return free;
  const size = readNumber(answers, asked.size, /^(\d+)\t\//, `the size of ${store}`);
  if (!size.known)
    return unread(
      `${size.reason}; run du -s -k -x ${store} on the node until it ends, for a second look is quicker`,
    );
  const needed = size.value * times;
  return known(
    free.value >= needed
      ? undefined
      : `only ${inGiB(free.value)} GiB are free beside ${store}, which has ${inGiB(size.value)} GiB, and ${inGiB(needed)} are needed; make room on that disk`,
  );
}

function readNumber(answers: Answers, question: Question, form: RegExp, what: string): Read<number> {
  const answer = answerTo(answers, question);
  if (answer.kind !== 'said') return unread(whyNot(answer, what));
  const found = form.exec(answer.text)?.[1];
  return found === undefined ? unread(`${what} came in an unknown form`) : known(Number(found));
}

function inGiB(kib: number): string {
  return (kib / 1024 / 1024).toFixed(1);
}
