import { isRepair } from '../domain/session.ts';
import { lookForYourself, troubleOf } from '../domain/trouble.ts';
import { isWrong } from '../domain/verdict.ts';
import { type AppState, chosen } from '../store/state.ts';
import { type BoardRow, boardRows } from './board.ts';

/** Whether a cause stands, or stood before it was cured or went away by itself. */
export function wasFound({ cells }: Pick<BoardRow, 'cells'>): boolean {
  return cells.some((c) => c.fixed || c.gone || isWrong(c.after?.kind));
}

/** Why there is nothing more to look for; undefined where the chosen symptom led to no cause, and others may be asked for. */
export function whyNotLook(state: AppState): string | undefined {
  const { session } = state;
  if (!isRepair(session)) return 'only in a repair';
  if (!session.probed) return 'the nodes have not answered yet';
  if (boardRows(state).some(wasFound)) return 'a cause was found';
  const known = troubleOf(chosen(state).profile, lookForYourself) !== undefined;
  return known && session.trouble !== lookForYourself ? undefined : 'every cause known here was asked for';
}

/** What to do where the chosen symptom led to no cause; undefined where one was found, or nothing was asked yet. */
export function nextLookWords(state: AppState): string | undefined {
  const { session } = state;
  if (!isRepair(session) || !session.probed || boardRows(state).some(wasFound)) return undefined;
  return whyNotLook(state) === undefined
    ? 'No cause was found here: l asks for every cause that is known here (“Look for yourself”), and c then leads to the answers.'
    : 'No cause was found. Every cause that is known here was asked for: what was not learned or is for you to look at comes next, then the logs of what fails.';
}
