import type { Press } from '../binding.ts';
import { boardList } from '../board.ts';
import { locate } from '../location.ts';

/** Begins to filter the overview. */
export function startFilter(press: Press): void {
  press.view({ kind: 'filter-started', list: boardList });
}

/** Keeps the filter that was typed. */
export function keepFilter(press: Press): void {
  press.view({ kind: 'filter-kept' });
}

/** Shows everything again. */
export function clearFilter(press: Press): void {
  press.view({ kind: 'filter-cleared', list: boardList });
}

/** Opens the help, unless it is open. */
export function openHelp(press: Press): void {
  if (locate(press.state) !== 'help') press.view({ kind: 'open', overlay: { kind: 'help' }, now: press.now });
}
