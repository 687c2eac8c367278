import { type AppState, chosen } from '../store/state.ts';

/** The command that makes the cluster from its file, by its name and verb. */
export function makeWords(state: AppState): string {
  const { apply } = chosen(state).profile?.distribution.clusterFile ?? {};
  return apply?.slice(0, 2).join(' ') ?? 'run of the command that makes the cluster';
}
