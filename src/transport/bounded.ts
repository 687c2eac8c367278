/** A number of places; whoever finds none waits in line. */
export type Places = {
  /** Resolves with the function that gives the place back, or undefined when `signal` fired first. */
  readonly take: (signal: AbortSignal) => Promise<(() => void) | undefined>;
};

/** Makes `count` places. */
export function createPlaces(count: number): Places {
  let free = count;
  const line: (() => void)[] = [];
  const release = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const first = line.shift();
      if (first) first();
      else free++;
    };
  };
  return {
    take: (signal) => {
      if (signal.aborted) return Promise.resolve(undefined);
      if (free > 0) {
        free--;
        return Promise.resolve(release());
      }
      return new Promise((resolve) => {
        const mine = (): void => {
          signal.removeEventListener('abort', leave);
          resolve(release());
        };
        const leave = (): void => {
          line.splice(line.indexOf(mine), 1);
          resolve(undefined);
        };
        line.push(mine);
        signal.addEventListener('abort', leave, { once: true });
      });
    },
  };
}
