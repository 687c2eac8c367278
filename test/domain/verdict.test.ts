import { describe, expect, it } from 'vitest';
import {
  combine,
  isOpen,
  isWrong,
  notApplicable,
  unknown,
  type Verdict,
  type VerdictKind,
} from '../../src/domain/verdict.ts';

const kinds: readonly VerdictKind[] = [
  'fail',
  'unknown',
  'configured-not-active',
  'pending-restart',
  'manual',
  'pass',
  'not-applicable',
];

function of(kind: VerdictKind, found: string = kind, reason = 'r'): Verdict {
  return { kind, found, wanted: 'w', reason };
}

describe('a control is as bad as its worst want', () => {
  it.each(kinds.flatMap((a, i) => kinds.slice(i).map((b) => [a, b] as const)))(
    '%s with %s',
    (worse, better) => {
      expect(combine([of(worse), of(better)]).kind).toBe(worse);
      expect(combine([of(better), of(worse)]).kind).toBe(worse);
    },
  );

  it('passes only when something passes and nothing else is open', () => {
    expect(combine([of('pass'), of('not-applicable')]).kind).toBe('pass');
    expect(combine([of('not-applicable')]).kind).toBe('not-applicable');
    for (const kind of kinds.filter((k) => isOpen(k)))
      expect(combine([of('pass'), of(kind)]).kind).toBe(kind);
  });

  it('says what the worst wants found, each thing once, and all their reasons', () => {
    const verdict = combine([
      of('fail', 'a', 'r1'),
      of('fail', 'b', 'r2'),
      of('fail', 'a', 'r1'),
      of('pass', 'c', 'r3'),
    ]);
    expect(verdict).toEqual({ kind: 'fail', found: 'a, b', wanted: 'w', reason: 'r1; r2' });
    expect(combine([{ kind: 'pass', found: 'a', wanted: 'w' }])).not.toHaveProperty('reason');
    expect(combine([of('manual', 'a', 'r1'), of('pass')])).toMatchObject({ kind: 'manual', reason: 'r1' });
  });

  it('is unknown when nothing was asked, never a pass', () => {
    expect(combine([])).toMatchObject({ kind: 'unknown', reason: expect.stringMatching(/./) });
  });
});

it('leaves open whatever is neither passed nor out of place', () => {
  expect(kinds.filter((k) => !isOpen(k))).toEqual(['pass', 'not-applicable']);
});

it('calls wrong what was found not to be so or not to be in force, and nothing that is only not known', () => {
  expect(kinds.filter(isWrong)).toEqual(['fail', 'configured-not-active', 'pending-restart']);
  expect(isWrong(undefined)).toBe(false);
});

it('carries its reason', () => {
  expect(unknown('no link')).toMatchObject({ kind: 'unknown', reason: 'no link' });
  expect(notApplicable('no etcd here')).toMatchObject({ kind: 'not-applicable', reason: 'no etcd here' });
});
