import type { Answer } from '../../domain/answer.ts';
import type { Answers } from '../../domain/ports.ts';
import { type Question, questionKey } from '../../domain/question.ts';
import { decodeAnswer } from './ask-decode.ts';
import type { Group } from './ask-groups.ts';
import { decodeMember } from './ask-members.ts';
import { askLines, distinct, groupsIn } from './ask-script.ts';
import { type End, type Exchange, whyEnded } from './exchange.ts';
import { answerCap, type Frame, frameReader, frameText } from './frames.ts';
import { wholeScript } from './prelude.ts';

/** The most that is kept of what a node says on standard error in one frame. */
const complaintCap = 64 * 1024;

/** A batch of questions as one conversation. `onAnswer` fires as their frames close. */
export function askExchange(
  questions: readonly Question[],
  options: {
    readonly marker: string;
    readonly onAnswer?: (done: number, of: number) => void;
  },
): Exchange<Answers> {
  const { marker, onAnswer } = options;
  const { asked, groups, groupOf, lines } = batchOf(questions);
  const closed = new Set<number>();
  const out = frameReader(marker, answerCap, {
    onClosed: (index) => {
      const before = closed.size;
      const members = groups[index - asked.length]?.members.map((n) => n.index) ?? [];
      for (const one of index < asked.length ? [index] : members) closed.add(one);
      if (closed.size > before) onAnswer?.(closed.size, asked.length);
    },
  });
  const err = frameReader(marker, complaintCap);
  return {
    script: wholeScript(marker, lines),
    data: () => JSON.stringify({ marker, questions: asked }),
    feed: out.feed,
    feedError: err.feed,
    finish: (end) => {
      out.end();
      err.end();
      return new Map(
        asked.map((question, index) => {
          const of = groupOf.get(index);
          const said = (at: number): Said => ({
            frame: out.frames.get(at),
            complaint: frameText(err.frames.get(at)),
          });
          const together = of && { group: of.group, ...said(of.frame) };
          return [questionKey(question), answerOf(question, said(index), together, end)];
        }),
      );
    },
  };
}

/** What a batch of questions comes to, whoever is asked. */
type Batch = {
  readonly questions: readonly Question[];
  /** Each once; its place is its index on the wire. */
  readonly asked: readonly Question[];
  readonly groups: readonly Group[];
  /** By the index of a question: the group that answers it too, and the index of the group's frame. */
  readonly groupOf: ReadonlyMap<number, { readonly group: Group; readonly frame: number }>;
  readonly lines: readonly string[];
};

/** Nodes are asked the same, one after the other, so the last few batches are remembered. */
const batches: Batch[] = [];
const mostBatches = 4;

function batchOf(questions: readonly Question[]): Batch {
  const before = batches.find(
    (one) => one.questions.length === questions.length && one.questions.every((q, i) => q === questions[i]),
  );
  if (before) return before;
  const asked = distinct(questions);
  const groups = groupsIn(asked);
  const groupOf = new Map(
    groups.flatMap((group, n) =>
      group.members.map(({ index }) => [index, { group, frame: asked.length + n }]),
    ),
  );
  const batch = { questions, asked, groups, groupOf, lines: askLines(asked, groups) };
  batches.unshift(batch);
  batches.splice(mostBatches);
  return batch;
}

type Said = { readonly frame: Frame | undefined; readonly complaint: string };

/** A frame of the question's own counts before that of its group. */
function answerOf(
  question: Question,
  own: Said,
  together: (Said & { readonly group: Group }) | undefined,
  end: End,
): Answer {
  if (own.frame?.status !== undefined) return decodeAnswer(question, own.frame, own.complaint);
  if (together?.frame?.status !== undefined)
    return decodeMember(together.group, question, together.frame, together.complaint);
  return { kind: 'lost', reason: whyEnded(end) };
}
