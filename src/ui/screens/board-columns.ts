import { remember } from '../../domain/remember.ts';
import type { Session } from '../../domain/session.ts';
import type { BoardRow } from '../board.ts';
import { type Line, labelled, line, span } from '../line.ts';
import type { Look } from '../look.ts';
import { width } from '../text.ts';
import { type Status, statusLook, statusWord, symbolOf } from '../theme.ts';

/** The columns in which a status is symbol and word. */
export const wordCell = 9;

/** In which order the legend of the symbols names them. */
const order: readonly Status[] = [
  ...(['pass', 'fixed', 'gone', 'fail', 'configured-not-active', 'unknown', 'manual'] as const),
  ...(['pending-restart', 'not-applicable', 'skipped', 'waived'] as const),
];

/** What stands over the columns of the nodes: their names where all fit, else numbers that the legend explains. */
export function heads(names: readonly string[], columns: number): readonly string[] {
  return allFit(names, columns) ? names : names.map((_, i) => String(i + 1));
}

/** What the numbers over the columns stand for; nothing where the names themselves stand there. */
export function nodeLegend(names: readonly string[], columns: number, look: Look): readonly Line[] {
  if (columns === 0 || allFit(names, columns)) return [];
  return labelled('Nodes', names.map((name, i) => `${i + 1} ${name}`).join(', '), look.columns, 1, 'dim');
}

/** The words of the symbols that stand in the table now, where there is no room for them beside each. */
export function symbolLegend(
  rows: readonly BoardRow[],
  session: Pick<Session, 'purpose'>,
  columns: number,
  look: Look,
): readonly Line[] {
  if (columns === 0 || columns >= wordCell) return [];
  const words = new Map<string, Status[]>();
  const there = statusesIn(rows);
  for (const status of order.filter((s) => there.has(s))) {
    const symbol = symbolOf(status, look);
    words.set(symbol, [...(words.get(symbol) ?? []), status]);
  }
  const spans = [...words].flatMap(([symbol, [first = 'unknown', ...others]]) => [
    span(`  ${symbol}`, statusLook[first].tone),
    span(` ${[...new Set([first, ...others].map((s) => statusWord(s, session)))].join(' or ')}`, 'dim'),
  ]);
  return [line(...spans)];
}

const statusesIn = remember(
  (rows: readonly BoardRow[]): ReadonlySet<Status> => new Set(rows.flatMap((r) => r.statuses)),
);

function allFit(names: readonly string[], columns: number): boolean {
  return names.every((name) => width(name) <= columns);
}
