import { isWrong, type Status } from '../domain/verdict.ts';
import type { BoardRow } from './board.ts';

/** How many possible causes are called so. */
export type CauseCount = { readonly many: number; readonly word: string; readonly toGo: boolean };

/** What each is counted as, in the order in which it is told. */
const words: readonly (readonly [word: string, toGo: boolean, is: (status: Status) => boolean])[] = [
  ['found', true, isWrong],
  ['cured', false, (s) => s === 'fixed'],
  ['gone since', false, (s) => s === 'gone'],
  ['not learned', true, (s) => s === 'unknown' || s === 'not-asked'],
  ['to be looked at', true, (s) => s === 'manual'],
  ['skipped', false, (s) => s === 'skipped'],
  ['waived', false, (s) => s === 'waived'],
  ['not it', false, (s) => s === 'pass'],
  ['not applicable', false, (s) => s === 'not-applicable'],
];

/** How many possible causes stand where: each counted once, by the worst of its places, so that all add up. */
export function causeCounts(rows: readonly Pick<BoardRow, 'status'>[]): readonly CauseCount[] {
  return words.flatMap(([word, toGo, is]) => {
    const many = rows.filter(({ status }) => is(status)).length;
    return many > 0 ? [{ many, word, toGo }] : [];
  });
}
