import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { replay } from '../../src/domain/replay.ts';
import { isOpenAt, verdictOf } from '../../src/domain/session.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { isDay, type Waiver, withWaivers } from '../../src/domain/waiver.ts';

const at = { control: 'etcd-owner', place: 'cp-1', cluster: 'prod', benchmark: 'cis' };
const failing: Verdict = { kind: 'fail', found: 'root:root', wanted: 'etcd:etcd' };
const waiver: Waiver = {
  control: 'etcd-owner',
  place: 'cp-1',
  reason: 'the move is in March',
  owner: 'Platform',
  found: 'root:root',
};

function judged(over: Partial<Waiver>, verdict = failing, today = '2027-01-01'): Verdict {
  return withWaivers(verdict, [{ ...waiver, ...over }], at, today);
}

describe('a waiver holds', () => {
  it.each<readonly [string, Partial<Waiver>]>([
    ['for its control and place', {}],
    ['for every place', { place: '*' }],
    ['for its cluster', { cluster: 'prod' }],
    ['for its benchmark', { benchmark: 'cis' }],
    ['until the end of its last day', { expires: '2027-01-01' }],
  ])('%s', (_, over) => {
    const verdict = judged(over);
    expect(verdict).toMatchObject({ kind: 'waived', found: 'root:root', wanted: 'etcd:etcd' });
    expect(verdict.reason).toContain('Platform');
    expect(verdict.reason).toContain('the move is in March');
  });
});

describe('a waiver does not hold', () => {
  it.each<readonly [string, Partial<Waiver>]>([
    ['for another control', { control: 'other' }],
    ['on another node', { place: 'cp-2' }],
    ['for another cluster', { cluster: 'test' }],
    ['for another benchmark', { benchmark: 'stig' }],
  ])('%s, and nothing is said of it', (_, over) => {
    expect(judged(over)).toBe(failing);
  });

  it.each<readonly [string, Partial<Waiver>, Verdict, string]>([
    ['once it ended', { expires: '2026-12-31' }, failing, 'the waiver of Platform ended on 2026-12-31'],
    ['for another value', { found: 'root:etcd' }, failing, 'was for “root:etcd”'],
    [
      'for what is not known',
      { found: 'no answer' },
      { kind: 'unknown', found: 'no answer', wanted: '', reason: 'it timed out' },
      'it timed out; the waiver of Platform does not hold for what is not known',
    ],
    [
      'while a restart is due',
      {},
      { kind: 'pending-restart', found: 'root:root', wanted: '', reason: 'written' },
      'written; the waiver of Platform does not hold while a restart is due',
    ],
  ])('%s, and the verdict says why', (_, over, verdict, why) => {
    const open = judged(over, verdict);
    expect(open.kind).toBe(verdict.kind);
    expect(open.reason).toContain(why);
  });

  it('for what passes: nothing is said of it', () => {
    const pass: Verdict = { kind: 'pass', found: 'etcd:etcd', wanted: 'etcd:etcd' };
    expect(judged({}, pass)).toBe(pass);
  });
});

it('of several, one that holds is enough, and the nearest is named', () => {
  const others = [
    { ...waiver, expires: '2020-01-01', owner: 'Old' },
    { ...waiver, place: '*', owner: 'Wide' },
    { ...waiver, owner: 'Near' },
  ];
  expect(withWaivers(failing, others, at, '2027-01-01').reason).toContain('waived by Near');
});

it.each([
  ['2027-03-31', true],
  ['2028-02-29', true],
  ['2027-02-29', false],
  ['2100-02-29', false],
  ['2027-04-31', false],
  ['2027-13-01', false],
  ['2027-00-10', false],
  ['31.3.2027', false],
  ['', false],
])('%s is a day: %s', (text, is) => expect(isDay(text)).toBe(is));

describe('in a session', () => {
  const begin: readonly Event[] = [
    { kind: 'session-started', id: 's', program: 'p', operator: 'o', readOnly: false, lab: false },
    { kind: 'benchmark-chosen', benchmark: 'cis', level: 1 },
    { kind: 'nodes-set', cluster: 'prod', nodes: [] },
    { kind: 'found', findings: [{ control: 'etcd-owner', place: 'cp-1', verdict: failing }] },
  ];
  const sessionOf = (...events: readonly Event[]) =>
    replay([...begin, ...events].map((event) => ({ at: '2027-01-01T10:00:00.000Z', event })));
  const kindAfter = (...events: readonly Event[]) =>
    verdictOf(sessionOf(...events), 'etcd-owner', 'cp-1')?.kind;
  const waived = { kind: 'waived', ...waiver, cluster: 'prod' } as const;

  it('it counts from when it is made or read until it is taken back or no longer in the file', () => {
    expect(kindAfter(waived)).toBe('waived');
    expect(isOpenAt(sessionOf(waived), 'etcd-owner', 'cp-1')).toBe(false);
    expect(kindAfter({ kind: 'waivers-read', file: 'f', waivers: [waiver] })).toBe('waived');
    expect(kindAfter(waived, { kind: 'unwaived', control: 'etcd-owner', place: 'cp-1' })).toBe('fail');
    expect(kindAfter(waived, { kind: 'waivers-read', file: 'f', waivers: [] })).toBe('fail');
  });

  it('of a cluster that nobody named holds where nobody named it: in the wizard as in check', () => {
    const unnamed: Event = { kind: 'nodes-set', cluster: '', nodes: [] };
    expect(kindAfter(unnamed, { ...waived, cluster: 'cluster' })).toBe('waived');
    expect(kindAfter(unnamed, waived)).toBe('fail');
  });

  it('a new one stands in the place of the last for the same finding', () => {
    expect(sessionOf(waived, { ...waived, owner: 'Shop' }).waivers.map((w) => w.owner)).toEqual(['Shop']);
  });

  it('a repair finds its causes whether they are accepted or not', () => {
    const repair = sessionOf(
      { kind: 'purpose-chosen', purpose: 'repair' },
      { kind: 'found', findings: [{ control: 'etcd-owner', place: 'cp-1', verdict: failing }] },
      { kind: 'waivers-read', file: 'f', waivers: [waiver] },
    );
    expect(verdictOf(repair, 'etcd-owner', 'cp-1')?.kind).toBe('fail');
  });
});
