import type { AppStore } from '../store/store.ts';

const tickMs = 250;
/** How old a change is stands there in minutes; what is read meanwhile is not drawn anew more often than that needs. */
const idleMs = 15_000;

/** Whether the clock of the screens is behind: at once while work is under way, later where a list says how old things are. */
export function isBehind(
  { work, view, now }: Pick<ReturnType<AppStore['getState']>, 'work' | 'view' | 'now'>,
  clock: number,
): boolean {
  return work.length > 0 || (view.overlay?.kind === 'undo' && clock - now >= idleMs);
}

/** Moves the clock of the screens while it matters; the function that ends it. */
export function keepTime(store: AppStore): () => void {
  const timer = setInterval(() => {
    const clock = Date.now();
    if (isBehind(store.getState(), clock)) store.setState({ now: clock });
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}
