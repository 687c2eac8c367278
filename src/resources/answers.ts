import type { Answer } from '../domain/answer.ts';

/** The answer to the `n`-th question; one that is missing counts as lost. */
export function answerAt(answers: readonly Answer[], n: number): Answer {
  return answers[n] ?? { kind: 'lost', reason: 'it was not asked' };
}
