import { createStore, type StoreApi } from 'zustand/vanilla';
import { noSession } from '../domain/session.ts';
import type { AppState } from './state.ts';
import { firstView, reduceView, type ViewIntent } from './view.ts';

/** The one store: `{ session, view }` and what is under way. A factory, so that no state outlives a run. */
export type AppStore = StoreApi<AppState> & { readonly dispatchView: (intent: ViewIntent) => void };

/** A store before anything has happened. */
export function createAppStore(now: number): AppStore {
  const store = createStore<AppState>(() => ({
    session: noSession,
    view: firstView,
    profiles: [],
    sessions: [],
    sshHosts: [],
    formats: [],
    plans: {},
    previews: {},
    progress: {},
    work: [],
    recording: 0,
    output: [],
    journalPath: '',
    clusterGone: false,
    untouched: false,
    command: 'k8s-harden',
    stopping: false,
    now,
  }));
  const dispatchView = (intent: ViewIntent): void =>
    store.setState((state) => ({ view: reduceView(state.view, intent) }));
  return { ...store, dispatchView };
}
