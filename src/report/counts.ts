import { type Verdict, type VerdictKind, worstFirst } from '../domain/verdict.ts';

/** What one control on one place came to; `missing` when it was never asked there. */
export type Standing = VerdictKind | 'missing';

/** How many of each. */
export type Counts = Readonly<Record<Standing, number>>;

/** The word of every standing. */
export const standingWords: Readonly<Record<Standing, string>> = {
  fail: 'fail',
  unknown: 'unknown',
  missing: 'not asked',
  'configured-not-active': 'configured, not active',
  'pending-restart': 'pending restart',
  manual: 'manual',
  waived: 'waived',
  pass: 'pass',
  'not-applicable': 'not applicable',
};

/** The standings, worst first. */
export const standings: readonly Standing[] = worstFirst.flatMap((status): readonly Standing[] => {
  if (status === 'skipped' || status === 'fixed' || status === 'gone') return [];
  return [status === 'not-asked' ? 'missing' : status];
});

/** Counts verdicts; undefined counts as missing. */
export function countVerdicts(verdicts: readonly (Verdict | undefined)[]): Counts {
  const counts: Record<Standing, number> = {
    fail: 0,
    unknown: 0,
    missing: 0,
    'configured-not-active': 0,
    'pending-restart': 0,
    manual: 0,
    waived: 0,
    pass: 0,
    'not-applicable': 0,
  };
  for (const verdict of verdicts) counts[verdict?.kind ?? 'missing'] += 1;
  return counts;
}

/** Counts in words, passes first, naming only what is there; what has the same word is counted together. */
export function countWords(counts: Counts, words = standingWords): string {
  const order: readonly Standing[] = ['pass', ...standings.filter((s) => s !== 'pass')];
  const sums = new Map<string, number>();
  for (const s of order.filter((one) => counts[one] > 0))
    sums.set(words[s], (sums.get(words[s]) ?? 0) + counts[s]);
  return [...sums].map(([word, n]) => `${n} ${word}`).join(', ') || 'nothing';
}
