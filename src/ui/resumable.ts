import { stepWord } from '../domain/wizard.ts';
import type { AppState, PastSession } from '../store/state.ts';
import { count } from './words.ts';

/** The sessions that can be gone on with, the last used first. */
export function resumable(state: AppState): readonly PastSession[] {
  return lastUsedFirst(state.sessions.filter((s) => s.id !== state.session.id && canGoOn(s)));
}

/** Sessions in the order in which people look for them. */
export function lastUsedFirst(sessions: readonly PastSession[]): readonly PastSession[] {
  return sessions.toSorted((a, b) => (a.lastAt < b.lastAt ? 1 : a.lastAt > b.lastAt ? -1 : 0));
}

/** Practice ends with its program, and what was finished with nothing left to do is for reading only. */
function canGoOn(s: PastSession): boolean {
  const left = !s.finished || s.unfinished > 0 || s.restartsDue > 0;
  return left && s.nodes > 0 && !s.lab && !s.closed && s.elsewhere !== true;
}

/** What was left to do in a session, the most pressing first. */
export function leftToDo(s: PastSession): string {
  const parts = [
    ...(s.unfinished > 0 ? [`${count(s.unfinished, 'change')} unfinished`] : []),
    ...(s.restartsDue > 0 ? [`restart due on ${count(s.restartsDue, 'node')}`] : []),
    `left at ${stepWord(s, s.step)}`,
  ];
  return parts.join(', ');
}
