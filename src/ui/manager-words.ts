import { managersOf } from '../domain/distribution.ts';
import { type AppState, chosen } from '../store/state.ts';

/**
 * What becomes of changes on nodes whose configuration somebody else owns, where that is known; it follows a sentence. Their own files
 * are refused before.
 */
export function managerWords(state: AppState, places: readonly string[]): string {
  const distribution = chosen(state).profile?.distribution;
  if (!distribution) return '';
  const owners = state.session.nodes.flatMap(({ name, facts }) =>
    places.includes(name) && facts?.managedBy ? [facts.managedBy.who] : [],
  );
  const rest = managersOf(distribution).find(
    ({ who, rest }) => rest !== undefined && owners.includes(who),
  )?.rest;
  return rest === undefined ? '' : ` ${rest}`;
}
