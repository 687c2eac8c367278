import { renderToString } from 'ink';
import type { AppState } from '../../src/store/state.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';

/** A whole frame at a size. */
export function drawn(state: AppState, columns = 100, rows = 40): string {
  const sized = { ...state, view: { ...state.view, columns, rows } };
  const look = lookOf(sized.view, { ascii: false, color: false, plain: false });
  return renderToString(<Frame state={sized} look={look} mark="" />, { columns });
}

/** The same with every run of blanks and line ends made one blank, to look for sentences that wrap. */
export function prose(state: AppState, columns = 100, rows = 40): string {
  return drawn(state, columns, rows).replaceAll(/\s+/g, ' ');
}
