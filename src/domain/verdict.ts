/** What a control may be found to be. `unknown` always carries a reason; an answer that did not arrive is never a pass. */
export type VerdictKind =
  | 'pass'
  | 'fail'
  | 'configured-not-active'
  | 'pending-restart'
  | 'manual'
  | 'unknown'
  | 'waived'
  | 'not-applicable';

/** The kinds that what was found and what was wanted explain by themselves; every other must say why. */
export type PlainKind = 'pass' | 'fail';

/**
 * The judgement of one want, or of a control on one place, with what was found and what was wanted in plain words, and the
 * reason in one sentence.
 */
export type Verdict = { readonly found: string; readonly wanted: string } & (
  | { readonly kind: PlainKind; readonly reason?: string }
  | { readonly kind: Exclude<VerdictKind, PlainKind>; readonly reason: string }
);

/** What is to be said of a control on a place: its verdict, that it has none, or what came of it in the session. */
export type Status = VerdictKind | 'not-asked' | 'skipped' | 'fixed' | 'gone';

/**
 * The one order of severity, for sums and lists alike. A control is as bad as its worst want; a definite fail outranks a
 * missing answer, a missing answer outranks a pass.
 */
export const worstFirst: readonly Status[] = [
  'fail',
  'unknown',
  'configured-not-active',
  'pending-restart',
  'manual',
  'not-asked',
  'skipped',
  'waived',
  'fixed',
  'gone',
  'pass',
  'not-applicable',
];

/** The verdict of a whole control from those of its wants: the worst kind, with the words of every want of that kind. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  const [worst] = verdicts.toSorted((a, b) => worstFirst.indexOf(a.kind) - worstFirst.indexOf(b.kind));
  if (worst === undefined) return unknown('this control asks nothing, so nothing can be said');
  const { kind } = worst;
  const telling = verdicts.filter((v) => v.kind === kind);
  const reasons = [...new Set(telling.flatMap((v) => (v.reason ? [v.reason] : [])))];
  const words = { found: join(telling.map((v) => v.found)), wanted: join(telling.map((v) => v.wanted)) };
  const reason = reasons.join('; ');
  if (kind === 'pass' || kind === 'fail') return { kind, ...words, ...(reason === '' ? {} : { reason }) };
  return { kind, ...words, reason };
}

/** An unknown verdict: we could not tell, and this is why. */
export function unknown(reason: string, wanted = ''): Verdict {
  return { kind: 'unknown', found: 'no answer', wanted, reason };
}

/** A not-applicable verdict with its reason. */
export function notApplicable(reason: string): Verdict {
  return { kind: 'not-applicable', found: '', wanted: '', reason };
}

/** Whether a verdict leaves work open: anything that is neither a pass, nor waived, nor not applicable. */
export function isOpen(kind: VerdictKind): boolean {
  return kind !== 'pass' && kind !== 'waived' && kind !== 'not-applicable';
}

/** Whether something was found wrong: neither right, nor only not known. */
export function isWrong(kind: Status | undefined): boolean {
  return kind === 'fail' || kind === 'configured-not-active' || kind === 'pending-restart';
}

function join(words: readonly string[]): string {
  return [...new Set(words.filter((w) => w !== ''))].join(', ');
}
