import { awaitsRestart, type Concerned, isControlPlane, watchedUnits } from '../domain/one-server.ts';
import { type AppState, chosen } from '../store/state.ts';
import { someOf } from './words.ts';

/**
 * What is to be said of whoever restarts a component by itself, where its arguments change, and which servers have to wait for
 * that; it follows a sentence.
 */
export function watcherWords(
  state: AppState,
  changes: readonly (Concerned & { readonly change: { readonly node: string } })[],
): string {
  const distribution = chosen(state).profile?.distribution;
  const words = distribution?.argumentFiles?.watcher;
  if (!distribution || words === undefined) return '';
  const watched = changes.filter((concerned) => watchedUnits(distribution, concerned).length > 0);
  if (watched.length === 0) return '';
  const [first, ...others] = [...new Set(watched.map(({ change }) => change.node))].filter(
    (node) => isControlPlane(state.session, node) && !awaitsRestart(state.session, distribution, node),
  );
  return others.length > 0
    ? ` ${words} So of these only ${first} is done now; ${someOf(others)} can follow once ${first} has restarted.`
    : ` ${words}`;
}
