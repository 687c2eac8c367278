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

  describe('of a cluster that nobody named', () => {
    const node = (name: string, host: string, port = 0) => ({ name, host, port, user: 'root' });
    const unnamed = (...nodes: readonly ReturnType<typeof node>[]): Event => ({
      kind: 'nodes-set',
      cluster: '',
      nodes,
    });
    const [cp1, cp2] = [node('cp-1', '10.0.0.1'), node('cp-2', '10.0.0.2')];
    const given = { ...waived, cluster: 'cluster', nodes: ['cp-1=10.0.0.1'] };

    it('holds on that node wherever nobody named it: in the wizard as in check', () => {
      expect(kindAfter(unnamed(cp1), given)).toBe('waived');
      expect(kindAfter(unnamed(node('cp-1', '10.0.0.1', 22), cp2), given)).toBe('waived');
      expect(kindAfter(unnamed(cp1), { ...given, nodes: ['cp-2=10.0.0.2', 'cp-1=10.0.0.1'] })).toBe('waived');
      expect(kindAfter(unnamed(cp1), { ...waived, cluster: 'prod' })).toBe('fail');
      expect(kindAfter(unnamed(cp1), { kind: 'waivers-read', file: 'f', waivers: [waiver] })).toBe('waived');
    });

    it.each([
      ['a node of the same name elsewhere', given, unnamed(node('cp-1', '10.9.0.1')), 'is for cp-1=10.0.0.1'],
      ['what does not say', { ...waived, cluster: 'cluster' }, unnamed(cp1), 'does not say for which nodes'],
    ] as const)('holds not for %s, and the verdict says why', (_, event, nodes, why) => {
      const verdict = verdictOf(sessionOf(nodes, event), 'etcd-owner', 'cp-1');
      expect(verdict?.kind).toBe('fail');
      expect(verdict?.reason).toContain(`was given in a cluster without a name and ${why}`);
    });

    it('holds for the whole cluster only with the very same nodes', () => {
      const whole = { ...given, place: 'cluster', nodes: ['cp-2=10.0.0.2', 'cp-1=10.0.0.1'] };
      const found: Event = {
        kind: 'found',
        findings: [{ control: 'etcd-owner', place: 'cluster', verdict: failing }],
      };
      const kind = (nodes: Event) => verdictOf(sessionOf(nodes, found, whole), 'etcd-owner', 'cluster')?.kind;
      expect(kind(unnamed(cp1, cp2))).toBe('waived');
      expect(kind(unnamed(cp1))).toBe('fail');
      expect(kind(unnamed(cp1, cp2, node('w-1', '10.0.0.3')))).toBe('fail');
      expect(kind({ kind: 'nodes-set', cluster: 'cluster', nodes: [cp1, cp2] })).toBe('fail');
    });

    it('is replaced and taken back by its own, never by that of another such cluster', () => {
      const theirs = { ...given, nodes: ['cp-1=10.9.0.1'], owner: 'Theirs' };
      const { kind: _, ...other } = theirs;
      const read: Event = { kind: 'waivers-read', file: 'f', waivers: [other] };
      const owners = (...events: readonly Event[]) =>
        sessionOf(unnamed(cp1), read, ...events).waivers.map(({ owner }) => owner);
      expect(owners(given)).toEqual(['Theirs', 'Platform']);
      expect(owners(given, { ...given, owner: 'Shop' })).toEqual(['Theirs', 'Shop']);
      expect(owners(given, { kind: 'unwaived', control: 'etcd-owner', place: 'cp-1' })).toEqual(['Theirs']);
    });
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
