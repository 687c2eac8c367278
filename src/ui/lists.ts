import type { AppState, PastSession } from '../store/state.ts';
import { controlById, restartsInOrder } from '../store/state.ts';
import { boardList, shownRows } from './board.ts';
import { locate } from './location.ts';
import { benchmarkMenu, distributionMenu, startMenu, unsettledChanges } from './menu.ts';
import { lastUsedFirst, resumable } from './resumable.ts';
import { placesOf } from './standing.ts';
import { symptomMenu } from './symptom-menu.ts';
import { undoItems } from './undo-items.ts';

/** The list that the arrow keys move in now: its id and the ids of its items. */
export type List = {
  readonly id: string;
  readonly ids: readonly string[];
  /** Where the highlight stands at first, where that is not the first item. */
  readonly from?: string;
};

/** The list of the screen or overlay that stands now, if it has one. */
export function listOf(state: AppState): List | undefined {
  const at = locate(state);
  switch (at) {
    case 'start':
      return {
        id: at,
        ids: startMenu(state).map((m) => m.id),
        ...(unsettledChanges(state) > 0 ? { from: 'resume' } : {}),
      };
    case 'distribution':
      return {
        id: at,
        ids: distributionMenu(state).map((m) => m.id),
        // On real nodes what was found on them comes first; practice begins with what was asked for.
        ...(state.session.lab && state.session.distribution ? { from: state.session.distribution } : {}),
      };
    case 'benchmark':
      return { id: at, ids: benchmarkMenu(state).map((m) => m.id) };
    case 'symptom':
      return { id: at, ids: symptomMenu(state).map((m) => m.id) };
    case 'nodes':
    case 'connect':
    case 'probe':
      return { id: 'nodes', ids: state.session.nodes.map((n) => n.name) };
    case 'controls':
    case 'filter':
      return { id: boardList, ids: shownRows(state).map((r) => r.control.id) };
    case 'control':
      return { id: 'places', ids: openControlPlaces(state) };
    case 'restarts':
      return { id: at, ids: restartsInOrder(state) };
    case 'export':
      return { id: at, ids: state.formats.map((f) => f.id) };
    case 'sessions':
      return { id: at, ids: listedSessions(state).map((s) => s.id) };
    case 'undo':
      return { id: at, ids: undoItems(state).map((u) => u.id) };
    case 'import-ssh':
      return { id: at, ids: state.sshHosts.map((h) => h.name) };
    case 'unfinished':
      return { id: at, ids: unfinishedChoices(state) };
    default:
      return undefined;
  }
}

/** What can be done about a change without a known end; the harmless one first. */
export function unfinishedChoices(state: AppState): readonly string[] {
  return state.clusterGone ? ['later'] : ['ask', 'undo', 'later'];
}

/** The highlighted item of a list: the one that was chosen, or the one to begin with when that is gone. */
export function highlightedIn(state: AppState, list: List): string | undefined {
  const id = state.view.highlighted[list.id];
  return [id, list.from].find((one) => one !== undefined && list.ids.includes(one)) ?? list.ids[0];
}

/** The highlighted item of the list that stands now. */
export function highlighted(state: AppState): string | undefined {
  const list = listOf(state);
  return list && highlightedIn(state, list);
}

/** The places of the open control. */
export function openControlPlaces(state: AppState): readonly string[] {
  const control = controlById(state, state.view.control ?? '');
  return control ? placesOf(state.session, control) : [];
}

/** The sessions that the list of past sessions shows, the last used first: those to resume, or all. */
export function listedSessions(state: AppState): readonly PastSession[] {
  const resume = state.view.highlighted.start === 'resume';
  return resume ? resumable(state) : lastUsedFirst(state.sessions);
}
