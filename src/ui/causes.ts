import { gentlestFirst, isSign } from '../domain/trouble.ts';
import { isWrong } from '../domain/verdict.ts';
import type { BoardRow } from './board.ts';

/**
 * Possible causes in the order in which they are looked at: the one that a log pointed at, then those that stand as found, the
 * gentlest cure first and mere signs last, then what could not be learned, what a person must look at, what was found and is cured or gone, and
 * what is healthy.
 */
export function causesFirst(rows: readonly BoardRow[], pointed: string | undefined): readonly BoardRow[] {
  const ranked = rows.map((row) => {
    const rank = row.control.id === pointed ? -1 : rankOf(row);
    const order = isSign(row.control) ? gentlestFirst.length : gentlestFirst.indexOf(row.control.impact);
    return { row, rank, gentle: rank === 0 || rank === 3 ? order : 0 };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank || a.gentle - b.gentle).map(({ row }) => row);
}

/** A place where it stands as found comes before one without an answer, and that before one for a person. */
function rankOf({ cells }: BoardRow): number {
  const kinds = cells.map(({ after }) => after?.kind);
  if (kinds.some(isWrong)) return 0;
  if (kinds.includes('unknown') || kinds.includes(undefined)) return 1;
  if (kinds.includes('manual')) return 2;
  if (cells.some(({ fixed, gone }) => fixed || gone)) return 3;
  return kinds.includes('pass') || kinds.includes('waived') ? 4 : 5;
}
