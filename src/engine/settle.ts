import type { Outcome } from '../domain/event.ts';
import type { Failure } from '../domain/failure.ts';
import { whatStays } from '../domain/lasting.ts';
import type { Recorder, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { type ChangeState, openDeed } from '../domain/session.ts';
import { patience } from './apply.ts';
import { textOf } from './place.ts';

/**
 * Learns from the node how far a change of unknown end came, and records it: finished, never begun, put back, or begun
 * and not finished (which stays unknown, so that the operator finishes or undoes it). Where its undo never began, the change
 * itself is settled then. Never runs anything.
 */
export async function settleChange(
  target: Target,
  state: ChangeState,
  recorder: Recorder,
): Promise<Outcome | undefined> {
  const question: Question = { kind: 'change-state', session: state.change.session, change: state.change.id };
  const answer = (await target.ask([question], { deadlineMs: patience.ask })).get(questionKey(question));
  const text = answer?.kind === 'absent' ? '' : textOf(answer);
  if (text === undefined) return undefined;
  const lines = text.trim().split('\n');
  if (lines.some((line) => line.startsWith('running '))) return undefined;

  const settle = async (kind: 'change-ended' | 'undo-ended', outcome: Outcome | undefined) => {
    if (!outcome) return undefined;
    const output = [`settled on resume: ${outcome.kind}`];
    const recorded = await recorder.record({ kind, change: state.change.id, outcome, output });
    return recorded.ok ? outcome : undefined;
  };
  if (openDeed(state) !== 'undo') return settle('change-ended', judgeChange(lines, state));
  const { undo: _, ...own } = state;
  const undo = await settle('undo-ended', judgeUndo(lines));
  // A change that was never finished is no more so for an undo that never began.
  if (undo?.kind !== 'refused' || !openDeed(own)) return undo;
  return settle('change-ended', judgeChange(lines, state));
}

function judgeUndo(lines: readonly string[]): Outcome | undefined {
  if (endOf(lines) === 'undone') return { kind: 'done' };
  return lines.some((line) => line.startsWith('undone ')) ? undefined : neverBegan('The undo never began.');
}

function judgeChange(lines: readonly string[], state: ChangeState): Outcome | undefined {
  const ended = endOf(lines);
  if (ended === 'done') return { kind: 'done' };
  if (ended === 'put-back' || ended === 'undone') {
    return { kind: 'put-back', failure: putBack(lines, state) };
  }
  return lines.some((line) => line.startsWith('begun '))
    ? undefined
    : neverBegan('The change never began on the node.');
}

function endOf(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => line.startsWith('ended '))?.slice('ended '.length);
}

function neverBegan(message: string): Outcome {
  return { kind: 'refused', failure: { code: 'refused', message } };
}

/** That the node put it back by itself, but for the commands it came to the end of and that nothing takes back. */
function putBack(lines: readonly string[], { change: { node, steps } }: ChangeState): Failure {
  const stays = whatStays(steps.filter((_, index) => lines.includes(`done ${index}`)));
  return stays === undefined
    ? { code: 'refused', message: 'The node had put it back.' }
    : { code: 'change-failed', node, message: 'it was put back while nobody was connected', stays };
}
