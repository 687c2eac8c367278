import type { Answer } from '../../domain/answer.ts';
import type { Answers } from '../../domain/ports.ts';
import { type Question, questionKey } from '../../domain/question.ts';
import { decodeAnswer } from './ask-decode.ts';
import { askScript, distinct } from './ask-script.ts';
import { type End, type Exchange, whyEnded } from './exchange.ts';
import { answerCap, type Frame, frameReader } from './frames.ts';

/** The most that is kept of what a node says on standard error about one question. */
const complaintCap = 16 * 1024;

/** A batch of questions as one conversation. `onAnswer` fires as their frames close. */
export function askExchange(
  questions: readonly Question[],
  options: {
    readonly marker: string;
    readonly onAnswer?: (done: number, of: number) => void;
  },
): Exchange<Answers> {
  const { marker, onAnswer } = options;
  const asked = distinct(questions);
  const closed = new Set<number>();
  const out = frameReader(marker, answerCap, {
    onClosed: (index) => {
      if (index >= asked.length || closed.has(index)) return;
      closed.add(index);
      onAnswer?.(closed.size, asked.length);
    },
  });
  const err = frameReader(marker, complaintCap);
  return {
    script: askScript(marker, asked),
    data: JSON.stringify({ marker, questions: asked }),
    feed: out.feed,
    feedError: err.feed,
    finish: (end) => {
      out.end();
      err.end();
      return new Map(
        asked.map((question, index) => [
          questionKey(question),
          answerOf(question, out.frames.get(index), err.frames.get(index), end),
        ]),
      );
    },
  };
}

function answerOf(question: Question, frame: Frame | undefined, said: Frame | undefined, end: End): Answer {
  if (frame?.status === undefined) return { kind: 'lost', reason: whyEnded(end) };
  return decodeAnswer(question, frame, said?.sections[0]?.bytes.toString('utf8') ?? '');
}
