/** A time limit that stands still while a person is being asked. */
export type Deadline = {
  readonly signal: AbortSignal;
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
};

/** Starts a limit of `ms`; its signal fires with `deadline` as the reason, or with `cancelled` when `outer` fires. */
export function startDeadline(ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let left = ms;
  let since = 0;
  let pauses = 0;
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    since = performance.now();
    timer = setTimeout(() => controller.abort('deadline'), Math.max(0, left));
  };
  const cancelled = (): void => controller.abort('cancelled');
  if (outer?.aborted) cancelled();
  outer?.addEventListener('abort', cancelled, { once: true });
  run();
  return {
    signal: controller.signal,
    pause: () => {
      if (pauses++ > 0) return;
      clearTimeout(timer);
      left -= performance.now() - since;
    },
    resume: () => {
      if (--pauses === 0) run();
    },
    cancel: () => {
      clearTimeout(timer);
      pauses = Number.POSITIVE_INFINITY;
      outer?.removeEventListener('abort', cancelled);
    },
  };
}

/** Resolves after `ms`, or at once when the signal fires. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** Resolves when the signal fires. */
export function fired(signal: AbortSignal): Promise<'fired'> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('fired');
    else signal.addEventListener('abort', () => resolve('fired'), { once: true });
  });
}
