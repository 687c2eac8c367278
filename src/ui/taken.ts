import { useSyncExternalStore } from 'react';

/** How many bytes of the terminal's input have been taken; the screen follows it where it shows the mark for tests. */
export type Taken = {
  readonly get: () => number;
  readonly set: (bytes: number) => void;
  readonly subscribe: (listener: () => void) => () => void;
};

/** A count that begins at nothing. */
export function createTaken(): Taken {
  const listeners = new Set<() => void>();
  let taken = 0;
  return {
    get: () => taken,
    set: (bytes) => {
      taken = bytes;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The count, drawn anew whenever it changes. */
export function useTaken({ subscribe, get }: Taken): number {
  return useSyncExternalStore(subscribe, get);
}

/** The mark: whether anything will still change by itself, and the last digits of the count; as wide as a word of four letters. */
export function markOf(busy: boolean, taken: number): string {
  return `${busy ? 'b' : 'i'}${String(taken % 1000).padStart(3, '0')}`;
}
