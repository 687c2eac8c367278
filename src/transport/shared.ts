import type { Deadline } from './deadline.ts';

/** Work that several nodes wait for and that is done once: a jump host's connection, a key's passphrase. */
export type Shared<T> = {
  /**
   * The value under `key`, made by `make` when nobody made it yet. What `make` asks a person, it asks through `aside`, which
   * stops the deadlines of all who wait. A value that `keep` refuses is forgotten, so that the next caller tries anew.
   */
  readonly get: (
    key: string,
    deadline: Deadline,
    make: (aside: <A>(question: () => Promise<A>) => Promise<A>) => Promise<T>,
  ) => Promise<T>;
  readonly forget: (key: string) => void;
};

/** Makes an empty store of shared work. */
export function createShared<T>(keep: (value: T) => boolean): Shared<T> {
  const entries = new Map<string, { value: Promise<T>; waiting: Set<Deadline>; asking: number }>();
  return {
    get: async (key, deadline, make) => {
      let entry = entries.get(key);
      if (!entry) {
        const fresh = { value: undefined as unknown as Promise<T>, waiting: new Set<Deadline>(), asking: 0 };
        fresh.value = make(async (question) => {
          fresh.asking++;
          if (fresh.asking === 1) for (const d of fresh.waiting) d.pause();
          try {
            return await question();
          } finally {
            fresh.asking--;
            if (fresh.asking === 0) for (const d of fresh.waiting) d.resume();
          }
        });
        entries.set(key, fresh);
        entry = fresh;
        fresh.value.then(
          (value) => {
            if (!keep(value) && entries.get(key) === fresh) entries.delete(key);
          },
          () => entries.delete(key),
        );
      }
      entry.waiting.add(deadline);
      if (entry.asking > 0) deadline.pause();
      try {
        return await entry.value;
      } finally {
        entry.waiting.delete(deadline);
        if (entry.asking > 0) deadline.resume();
      }
    },
    forget: (key) => {
      entries.delete(key);
    },
  };
}
