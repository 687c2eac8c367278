/** A clock that can be held while a person is asked. */
export type Holdable = { readonly pause: () => void; readonly resume: () => void };

/** Work that several nodes wait for and that one of them does. */
export type Shared<T> = {
  /**
   * The value under `key`, made by `make` when nobody made it yet; a value that is not worth keeping is forgotten. While
   * `make` holds what it is given, the clocks of all who wait stand still.
   */
  readonly get: (key: string, clock: Holdable, make: (waiting: Holdable) => Promise<T>) => Promise<T>;
  readonly forget: (key: string) => void;
};

/** Makes an empty store of shared work. */
export function createShared<T>(keep: (value: T) => boolean): Shared<T> {
  const entries = new Map<
    string,
    { readonly value: Promise<T>; readonly join: (clock: Holdable) => () => void }
  >();
  return {
    get: async (key, clock, make) => {
      const entry = entries.get(key) ?? begin(make);
      entries.set(key, entry);
      const leave = entry.join(clock);
      try {
        const value = await entry.value;
        if (!keep(value) && entries.get(key) === entry) entries.delete(key);
        return value;
      } catch (error) {
        entries.delete(key);
        throw error;
      } finally {
        leave();
      }
    },
    forget: (key) => {
      entries.delete(key);
    },
  };
}

function begin<T>(make: (waiting: Holdable) => Promise<T>): {
  readonly value: Promise<T>;
  readonly join: (clock: Holdable) => () => void;
} {
  const clocks = new Set<Holdable>();
  let held = 0;
  const value = make({
    pause: () => {
      if (held++ === 0) for (const clock of clocks) clock.pause();
    },
    resume: () => {
      if (--held === 0) for (const clock of clocks) clock.resume();
    },
  });
  return {
    value,
    join: (clock) => {
      clocks.add(clock);
      if (held > 0) clock.pause();
      return () => {
        clocks.delete(clock);
        if (held > 0) clock.resume();
      };
    },
  };
}

/** An answerer's question, with a clock held while it is open. */
export function holding<Q, A>(
  clock: Holdable,
  ask: (question: Q) => Promise<A>,
): (question: Q) => Promise<A> {
  return async (question) => {
    clock.pause();
    try {
      return await ask(question);
    } finally {
      clock.resume();
    }
  };
}
