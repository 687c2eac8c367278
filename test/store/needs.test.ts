import { describe, expect, it } from 'vitest';
import type { Control, TargetKind } from '../../src/domain/control.ts';
import { findingKey } from '../../src/domain/session.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { blockedBy } from '../../src/store/blocked-by.ts';
import type { Desk } from '../../src/store/desk.ts';
import { needAt } from '../../src/store/needs.ts';
import type { Site } from '../../src/store/places.ts';
import type { AppState } from '../../src/store/state.ts';

function control(id: string, target: TargetKind, ...needs: readonly string[]): Control {
  const words = { title: id, why: 'x', breaks: 'x', impact: 'none', sources: [] } as const;
  return { id, target, roles: ['server'], wants: [], needs, ...words };
}

/** Whether a control may not be applied at a place, given where the one it needs passes or fails. */
function blocked(of: Control, at: string, needed: Control, found: Readonly<Record<string, 'pass' | 'fail'>>) {
  const findings = Object.entries(found).map(([place, kind]) => {
    const verdict = { kind, found: '', wanted: '' };
    return [findingKey(needed.id, place), { control: needed.id, place, verdict }];
  });
  const profile = { distribution: { id: 'd' }, controls: [of, needed], benchmarks: [] };
  const session = {
    distribution: 'd',
    changes: [],
    findings: Object.fromEntries(findings),
    acknowledged: {},
    attestations: {},
    waivers: [],
  };
  const desk = { get: () => ({ profiles: [profile], session }) } as unknown as Desk;
  return blockedBy(desk, of, { name: at } as Site) !== undefined;
}

const targets = { node: 'cp-1', cluster: 'cluster', workstation: 'workstation', rancher: 'rancher' } as const;

it.each<readonly [TargetKind, TargetKind]>([
  ['node', 'node'],
  ['node', 'cluster'],
  ['node', 'workstation'],
  ['cluster', 'cluster'],
  ['cluster', 'workstation'],
  ['workstation', 'workstation'],
  ['workstation', 'cluster'],
  ['rancher', 'rancher'],
])('a %s control that needs a %s control looks where that one is judged', (mine, theirs) => {
  const needed = control('needed', theirs);
  const of = control('mine', mine, 'needed');
  expect(blocked(of, targets[mine], needed, { [targets[theirs]]: 'pass' })).toBe(false);
  expect(blocked(of, targets[mine], needed, { [targets[theirs]]: 'fail' })).toBe(true);
  expect(blocked(of, targets[mine], needed, {})).toBe(true);
});

it('what is for the whole cluster waits for every node', () => {
  const needed = control('needed', 'node');
  const of = control('mine', 'cluster', 'needed');
  expect(blocked(of, 'cluster', needed, { 'cp-1': 'pass', 'cp-2': 'fail' })).toBe(true);
  expect(blocked(of, 'cluster', needed, { 'cp-1': 'pass', 'cp-2': 'pass' })).toBe(false);
  expect(blocked(of, 'cluster', needed, {})).toBe(true);
});

it('names what comes first where a need needs something itself', () => {
  const last = control('last', 'node', 'middle');
  const middle = control('middle', 'node', 'first');
  const first = control('first', 'node');
  const verdict = { kind: 'fail', found: '', wanted: '' } as const;
  const findings = ['first', 'middle', 'last'].map((id) => [
    findingKey(id, 'cp-1'),
    { control: id, place: 'cp-1', verdict },
  ]);
  const profile = { distribution: { id: 'd' }, controls: [last, middle, first], benchmarks: [] };
  const session = {
    distribution: 'd',
    changes: [],
    findings: Object.fromEntries(findings),
    acknowledged: {},
    attestations: {},
    waivers: [],
  };
  const desk = { get: () => ({ profiles: [profile], session }) } as unknown as Desk;
  expect(blockedBy(desk, last, { name: 'cp-1' } as Site)).toEqual({
    reason: 'It needs “first” first (f goes there), then “middle”.',
    instead: 'Apply them in that order, then come back.',
  });
  expect(blockedBy(desk, middle, { name: 'cp-1' } as Site)).toEqual({
    reason: 'It needs “first” to pass first.',
    instead: 'f goes there; apply it, then come back.',
  });
  expect(blockedBy(desk, first, { name: 'cp-1' } as Site)).toBeUndefined();
});

it('ends where controls need each other', () => {
  const one = control('one', 'node', 'two');
  const two = control('two', 'node', 'one');
  const profile = { distribution: { id: 'd' }, controls: [one, two], benchmarks: [] };
  const session = {
    distribution: 'd',
    changes: [],
    findings: {},
    acknowledged: {},
    attestations: {},
    waivers: [],
  };
  const state = { profiles: [profile], session } as unknown as AppState;
  expect(needAt(state, one, 'cp-1')?.needed).toBe('two');
});

describe('what another control brings', () => {
  const profile = { ...control('profile', 'node'), broughtBy: [] };
  const node = { ...control('log', 'node'), broughtBy: ['profile'] };
  const cluster = { ...control('policies', 'cluster'), broughtBy: ['profile'] };
  const blockedAt = (of: Control, place: string, found: Readonly<Record<string, VerdictKind>>) => {
    const findings = Object.entries(found).map(([at, kind]) => [
      findingKey('profile', at),
      { control: 'profile', place: at, verdict: { kind, found: '', wanted: '' } },
    ]);
    const session = {
      distribution: 'd',
      changes: [],
      findings: Object.fromEntries(findings),
      acknowledged: {},
      attestations: {},
      waivers: [],
    };
    const profiles = [{ distribution: { id: 'd' }, controls: [profile, node, cluster], benchmarks: [] }];
    const desk = { get: () => ({ profiles, session }) } as unknown as Desk;
    return blockedBy(desk, of, { name: place } as Site);
  };

  it('is applied there first', () => {
    expect(blockedAt(node, 'cp-1', { 'cp-1': 'fail', 'cp-2': 'pass' })).toEqual({
      reason: 'It comes with “profile”.',
      instead: 'f goes there; apply it, then come back.',
    });
    expect(blockedAt(cluster, 'cluster', { 'cp-1': 'pass', 'cp-2': 'fail' })?.reason).toBe(
      'It comes with “profile”.',
    );
  });

  it('waits for the restart once that was applied', () => {
    expect(blockedAt(node, 'cp-1', { 'cp-1': 'pending-restart' })).toEqual({
      reason: 'It comes with “profile” once cp-1 has restarted.',
      instead: 'Go back to the overview; c there goes on to the restarts.',
    });
    expect(
      blockedAt(cluster, 'cluster', { 'cp-1': 'pending-restart', 'cp-2': 'pending-restart' })?.reason,
    ).toBe('It comes with “profile” once cp-1, cp-2 have restarted.');
  });

  it('stands in no way where that passes, is for other versions, or was not asked', () => {
    for (const found of [{ 'cp-1': 'pass' }, { 'cp-1': 'not-applicable' }, {}] as const)
      expect(blockedAt(node, 'cp-1', found)).toBeUndefined();
  });

  it('comes to a node from the file of the cluster too, and counts once its command has run', () => {
    const file = control('file', 'workstation');
    const flag = { ...control('flag', 'node'), broughtBy: ['file'] };
    const blocked = (kind: VerdictKind, restartsDue: readonly string[]) => {
      const finding = { control: 'file', place: 'workstation', verdict: { kind, found: '', wanted: '' } };
      const findings = { [findingKey('file', 'workstation')]: finding };
      const session = {
        distribution: 'd',
        changes: [],
        findings,
        restartsDue,
        acknowledged: {},
        attestations: {},
        waivers: [],
      };
      const profiles = [{ distribution: { id: 'd' }, controls: [file, flag], benchmarks: [] }];
      const desk = { get: () => ({ profiles, session }) } as unknown as Desk;
      return blockedBy(desk, flag, { name: 'cp-1' } as Site);
    };
    expect(blocked('fail', [])).toEqual({
      reason: 'It comes with “file”.',
      instead: 'f goes there; apply it, then come back.',
    });
    expect(blocked('pass', ['workstation'])).toEqual({
      reason: 'It comes with “file” once the cluster was made anew from its file.',
      instead: 'Go back to the overview; c there goes on to the restarts.',
    });
    expect(blocked('pass', [])).toBeUndefined();
  });
});

describe('in a repair', () => {
  const sign = { type: 'log', spec: { from: [['x']], pattern: 'x', instead: 'Run: mend {{folder}}.' } };
  const needed: Control = { ...control('needed', 'node'), wants: [sign] };
  const of = control('mine', 'node', 'needed');
  const items = [{ number: '1', level: 1, control: 'needed', lesson: { fault: 'It is broken' } }];
  const site = { name: 'cp-1', place: { words: { folder: '/srv' } } } as unknown as Site;
  const wayOut = (control: Control, plans: object) => {
    const verdict = { kind: 'fail', found: '', wanted: '' };
    const findings = { [findingKey('needed', 'cp-1')]: { control: 'needed', place: 'cp-1', verdict } };
    const session = { purpose: 'repair', trouble: 't', distribution: 'd', changes: [], findings };
    const profile = { distribution: { id: 'd' }, controls: [of, control], benchmarks: [] };
    const state = {
      profiles: [{ ...profile, troubles: [{ id: 't', items }] }],
      session: { ...session, acknowledged: {}, attestations: {}, waivers: [] },
      plans,
    };
    return blockedBy({ get: () => state } as unknown as Desk, of, site);
  };

  it('a need is called by its fault', () => {
    expect(wayOut({ ...needed, wants: [] }, {})).toEqual({
      reason: '“It is broken” has to be cured first.',
      instead: 'f goes there; apply it, then come back.',
    });
  });

  it('what has no change of its own is not promised one: what is to be done by hand is said', () => {
    expect(wayOut(needed, {})).toEqual({
      reason: '“It is broken” has to be put right first.',
      instead: 'By hand: Run: mend /srv. Then ask there again (f goes there, r asks) and come back.',
    });
    const refused = { kind: 'refused', control: 'needed', place: 'cp-1', reason: 'no', instead: 'Mend it.' };
    expect(wayOut({ ...needed, wants: [] }, { [findingKey('needed', 'cp-1')]: refused })?.instead).toMatch(
      /^Mend it\. Then ask/,
    );
  });
});
