import { useStore } from 'zustand';
import type { AppState } from '../store/state.ts';
import type { ViewIntent } from '../store/view.ts';

/** What the screens need of the store. */
export type ScreenStore = {
  readonly getState: () => AppState;
  readonly getInitialState: () => AppState;
  readonly subscribe: (listener: (state: AppState, before: AppState) => void) => () => void;
  readonly dispatchView: (intent: ViewIntent) => void;
};

/** The state, drawn anew whenever it changes. The one place where React meets the store. */
export function useApp(store: ScreenStore): AppState {
  return useStore(store);
}
