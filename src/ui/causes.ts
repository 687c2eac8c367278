import { gentlestFirst, isSign } from '../domain/trouble.ts';
import { isWrong, type VerdictKind } from '../domain/verdict.ts';
import type { BoardRow } from './board.ts';

/** In which order possible causes stand after those that were found, by the worst that was ever found of them. */
const ranks: readonly (readonly (VerdictKind | undefined)[])[] = [
  ['unknown', undefined],
  ['manual'],
  ['pass'],
  ['not-applicable'],
];

/**
 * Possible causes in the order in which they are looked at: the one that a log pointed at, then those that were found, the
 * gentlest cure first and mere signs last, then what could not be learned, what a person must look at, and what is healthy. What was found once
 * keeps its place when it is cured.
 */
export function causesFirst(rows: readonly BoardRow[], pointed: string | undefined): readonly BoardRow[] {
  const ranked = rows.map((row) => {
    const rank = row.control.id === pointed ? -1 : rankOf(row);
    const order = isSign(row.control) ? gentlestFirst.length : gentlestFirst.indexOf(row.control.impact);
    return { row, rank, gentle: rank === 0 ? order : 0 };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank || a.gentle - b.gentle).map(({ row }) => row);
}

function rankOf({ cells }: BoardRow): number {
  const kinds = cells.flatMap(({ before, after }) => [before?.kind, after?.kind]);
  if (kinds.some(isWrong)) return 0;
  const at = ranks.findIndex((rank) => rank.some((kind) => kinds.includes(kind)));
  return 1 + (at < 0 ? ranks.length : at);
}
