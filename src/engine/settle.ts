import type { Outcome } from '../domain/event.ts';
import type { Failure } from '../domain/failure.ts';
import { whatStays } from '../domain/lasting.ts';
import type { Recorder, Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import type { ChangeState } from '../domain/session.ts';
import { patience } from './apply.ts';
import { textOf } from './place.ts';

/**
 * Learns from the node how far a change of unknown end came, and records it: finished, never begun, put back, or begun
 * and not finished (which stays unknown, so that the operator finishes or undoes it). Never runs anything.
 */
export async function settleChange(
  target: Target,
  state: ChangeState,
  recorder: Recorder,
): Promise<Outcome | undefined> {
  const question: Question = { kind: 'change-state', session: state.change.session, change: state.change.id };
  const answer = (await target.ask([question], { deadlineMs: patience.ask })).get(questionKey(question));
  const outcome = answer?.kind === 'absent' ? neverBegun() : judgeState(textOf(answer), state);
  if (!outcome) return undefined;
  const kind = state.undo ? 'undo-ended' : 'change-ended';
  await recorder.record({
    kind,
    change: state.change.id,
    outcome,
    output: [`settled on resume: ${outcome.kind}`],
  });
  return outcome;
}

function neverBegun(): Outcome {
  return { kind: 'refused', failure: { code: 'refused', message: 'The change never began on the node.' } };
}

function judgeState(text: string | undefined, state: ChangeState): Outcome | undefined {
  if (text === undefined) return undefined;
  const lines = text.trim().split('\n');
  if (lines.some((line) => line.startsWith('running '))) return undefined;
  const ended = lines.findLast((line) => line.startsWith('ended '))?.slice('ended '.length);
  if (state.undo) {
    if (ended === 'undone') return { kind: 'done' };
    const begun = lines.some((line) => line.startsWith('undone '));
    return begun
      ? undefined
      : { kind: 'refused', failure: { code: 'refused', message: 'The undo never began.' } };
  }
  if (ended === 'done') return { kind: 'done' };
  if (ended === 'put-back' || ended === 'undone') {
    return { kind: 'put-back', failure: putBack(lines, state) };
  }
  return lines.some((line) => line.startsWith('begun ')) ? undefined : neverBegun();
}

/** That the node put it back by itself, but for the commands it came to the end of and that nothing takes back. */
function putBack(lines: readonly string[], { change: { node, steps } }: ChangeState): Failure {
  const stays = whatStays(steps.filter((_, index) => lines.includes(`done ${index}`)));
  return stays === undefined
    ? { code: 'refused', message: 'The node had put it back.' }
    : { code: 'change-failed', node, message: 'it was put back while nobody was connected', stays };
}
