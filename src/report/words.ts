import type { Outcome, RestartOutcome } from '../domain/event.ts';
import { type Failure, word } from '../domain/failure.ts';

/** How a change or an undo ended, in words; undefined has no recorded end. */
export function outcomeWords(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'its end was not recorded';
  switch (outcome.kind) {
    case 'done':
      return 'done';
    case 'put-back':
      return `${putBack(outcome.failure)}: ${word(outcome.failure).sentence}`;
    case 'refused':
      return `refused: ${word(outcome.failure).sentence}`;
    case 'unknown':
      return `end unknown: ${word(outcome.failure).sentence}`;
  }
}

/** That a change was put back, or how far. */
function putBack(failure: Failure): string {
  const stays = failure.code === 'change-failed' ? failure.stays : undefined;
  return stays === undefined ? 'failed and put back' : `failed, and put back but for what stays (${stays})`;
}

/** How a restart ended, in words. */
export function restartWords(outcome: RestartOutcome | undefined): string {
  if (outcome === undefined) return 'its end was not recorded';
  switch (outcome.kind) {
    case 'healthy':
      return `healthy after ${outcome.seconds} s`;
    case 'failed':
      return `failed: ${outcome.line}`;
    case 'crash-looping':
      return `crash-looping: ${outcome.line}`;
    case 'stuck':
      return `stuck for ${outcome.seconds} s: ${outcome.line}`;
    case 'unhardened':
      return `runs, but not hardened: ${outcome.line}`;
    case 'unknown':
      return `end unknown: ${word(outcome.failure).sentence}`;
  }
}
