import type { View } from '../store/view.ts';
import { shortLines } from './line.ts';
import { clean } from './text.ts';

/** How things are drawn on this terminal: its size, and what it and its reader can bear. */
export type Look = {
  readonly columns: number;
  readonly rows: number;
  /** Lines a screen or overlay may fill. */
  readonly height: number;
  readonly ascii: boolean;
  readonly color: boolean;
  /** For a screen reader: one column, no boxes, no rules, no spinner. */
  readonly plain: boolean;
};

/** What does not change while the program runs. */
export type LookOptions = Pick<Look, 'ascii' | 'color' | 'plain'>;

/** The smallest terminal in which a question can be read whole. */
export const smallest = { columns: 60, rows: 16 } as const;

/** Header, rule, notice and footer, and the last row that must stay empty. */
const frameRows = 5;

/** The look for the size in the view. A notice that needs more than its one line takes them from the screen. */
export function lookOf(view: View, options: LookOptions): Look {
  const { columns, rows } = view;
  const more = noticeLines(view).length - 1;
  return { ...options, columns, rows, height: Math.max(1, rows - frameRows - Math.max(0, more)) };
}

/** The notice, wrapped to the terminal; only what a third of the screen has no room for is left out, and marked. */
export function noticeLines(view: View): readonly string[] {
  const most = Math.max(3, Math.floor(view.rows / 3));
  return view.notice ? shortLines(clean(view.notice.text), view.columns - 2, most, '..') : [];
}

/** Whether nothing can be shown, and so nothing may be confirmed. */
export function tooSmall(view: Pick<View, 'columns' | 'rows'>): boolean {
  return view.columns < smallest.columns || view.rows < smallest.rows;
}

/** The size of a terminal; one that does not know its size gets 80×24. */
export function sizeOf(stdout: { readonly columns?: number; readonly rows?: number }): {
  readonly columns: number;
  readonly rows: number;
} {
  return { columns: stdout.columns || 80, rows: stdout.rows || 24 };
}
