import type { After } from './keydoor.ts';
import type { ScreenStore } from './use-app.ts';

/** How often at most the screen follows what happens by itself; what a key does is shown at once. */
const paceMs = 50;

/** A store whose listeners are not woken by every answer of every node, only by what a person can follow. */
export type Pace = {
  readonly store: ScreenStore;
  /** Runs `f`; what it changes is shown at once. */
  readonly atOnce: (f: () => void) => void;
  readonly close: () => void;
};

/** Sets the pace for a store. */
export function createPace(store: ScreenStore, after: After): Pace {
  const listeners = new Set<
    (state: ReturnType<ScreenStore['getState']>, before: ReturnType<ScreenStore['getState']>) => void
  >();
  let hurry = false;
  let cancel: (() => void) | undefined;
  let told = store.getState();

  const tell = (): void => {
    cancel?.();
    cancel = undefined;
    const before = told;
    told = store.getState();
    if (told !== before) for (const listener of listeners) listener(told, before);
  };
  const unsubscribe = store.subscribe(() => {
    if (hurry) return;
    cancel ??= after(paceMs, tell);
  });
  return {
    store: {
      ...store,
      getState: () => told,
      subscribe: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    atOnce: (f) => {
      hurry = true;
      try {
        f();
      } finally {
        hurry = false;
        tell();
      }
    },
    close: () => {
      cancel?.();
      unsubscribe();
    },
  };
}
