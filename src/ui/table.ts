import { type Line, padSpan, type Span } from './line.ts';
import type { Look } from './look.ts';
import { cut, width } from './text.ts';
import { sign } from './theme.ts';

/** Columns between two cells, and what stands before the first. */
const gap = 2;
const margin = 3;

/** The widths of columns: what each wants, the `flexible` one taking what is left or giving what is missing. */
export function columnWidths(
  wants: readonly number[],
  flexible: number,
  look: Pick<Look, 'columns'>,
): readonly number[] {
  const others = wants.reduce((sum, w, i) => (i === flexible ? sum : sum + w), 0);
  const left = look.columns - margin - 1 - others - gap * (wants.length - 1);
  return wants.map((w, i) => (i === flexible ? Math.max(8, left) : w));
}

/** The width that a column of these texts wants, within bounds. */
export function widest(texts: readonly string[], most: number): number {
  return Math.min(
    most,
    texts.reduce((w, t) => Math.max(w, width(t)), 0),
  );
}

/** One row. For a screen reader the cells follow one another as words; the chosen row says so. */
export function row(cells: readonly Span[], widths: readonly number[], look: Look, chosen = false): Line {
  if (look.plain) {
    const words = cells.filter((c) => c.text.trim() !== '');
    return words.map((c, i) => ({
      ...c,
      text: `${i === 0 ? (chosen ? 'selected: ' : '') : ', '}${c.text.trim()}`,
    }));
  }
  const lead: Span = { text: chosen ? ` ${sign('cursor', look)} ` : '   ', tone: 'cursor' };
  const drawn = cells.map((c, i) => {
    const text = cut(c.text, widths[i] ?? 0);
    return i === cells.length - 1 ? { ...c, text } : padSpan({ ...c, text }, (widths[i] ?? 0) + gap);
  });
  return [
    lead,
    ...(chosen ? drawn.map((c) => (c.tone === 'plain' ? { ...c, tone: 'strong' as const } : c)) : drawn),
  ];
}

/** The row of titles above a table; a screen reader does without. */
export function titles(words: readonly string[], widths: readonly number[], look: Look): readonly Line[] {
  if (look.plain) return [];
  return [
    row(
      words.map((text): Span => ({ text, tone: 'dim' })),
      widths,
      look,
    ),
  ];
}
