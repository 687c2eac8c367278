import { describe, expect, it } from 'vitest';
import type { Distribution } from '../../src/domain/distribution.ts';
import type { Event, NodeFacts, Outcome, Recorded } from '../../src/domain/event.ts';
import { awaitsRestart } from '../../src/domain/one-server.ts';
import { reduce } from '../../src/domain/reduce.ts';
import { scopeOf } from '../../src/domain/scope.ts';
import {
  isOpenAt,
  leftBehind,
  noSession,
  restartOrder,
  type Session,
  standing,
  unfinished,
  unitsDueAt,
  verdictOf,
} from '../../src/domain/session.ts';
import type { Change } from '../../src/domain/step.ts';
import type { Verdict, VerdictKind } from '../../src/domain/verdict.ts';

const node = { name: 'cp-1', host: '10.0.0.1', port: 22, user: 'root' };
const facts = { hostname: 'cp-1', roles: ['server'] } as unknown as NodeFacts;
const failure = { code: 'link-lost', node: 'cp-1', message: 'reset' } as const;
const done: Outcome = { kind: 'done' };
const lost: Outcome = { kind: 'unknown', failure };

function sessionOf(...events: readonly Event[]): Session {
  const started: Event = {
    kind: 'session-started',
    id: 's1',
    program: '1',
    operator: 'ada',
    readOnly: false,
    lab: false,
  };
  return [started, ...events]
    .map((event, n): Recorded => ({ at: `2024-01-01T00:00:${String(n).padStart(2, '0')}Z`, event }))
    .reduce(reduce, noSession);
}

function change(id: string, on = 'cp-1'): Change {
  return { id, session: 's1', control: 'kernel', node: on, via: on, steps: [] };
}

function intended(id: string, restarts = false): Event {
  return { kind: 'change-intended', change: change(id), commands: ['x'], restarts };
}

function ended(id: string, outcome: Outcome): Event {
  return { kind: 'change-ended', change: id, outcome, output: ['o'] };
}

function undoIntended(id: string): Event {
  return { kind: 'undo-intended', change: id, commands: [], force: false };
}

function undoEnded(id: string, outcome: Outcome): Event {
  return { kind: 'undo-ended', change: id, outcome, output: [] };
}

function found(kind: VerdictKind, text = kind as string): Event {
  const verdict: Verdict = { kind, found: text, wanted: 'w', reason: 'r' };
  return { kind: 'found', findings: [{ control: 'kernel', place: 'cp-1', verdict }] };
}

const nodes: Event = { kind: 'nodes-set', cluster: 'prod', nodes: [node] };

describe('the session', () => {
  it('starts from nothing, and a start forgets what was before', () => {
    expect(sessionOf({ kind: 'went-to', step: 'nodes' })).toMatchObject({
      id: 's1',
      step: 'nodes',
      startedAt: '2024-01-01T00:00:00Z',
      lastAt: '2024-01-01T00:00:01Z',
    });
    const again = reduce(sessionOf(nodes), {
      at: 't',
      event: { kind: 'session-started', id: 's2', program: '1', operator: 'b', readOnly: true, lab: true },
    });
    expect(again).toMatchObject({ id: 's2', nodes: [], readOnly: true, lab: true });
  });

  it('takes choices, and their change of mind', () => {
    const session = sessionOf(
      { kind: 'distribution-chosen', distribution: 'rke2' },
      { kind: 'benchmark-chosen', benchmark: 'a', level: 1 },
      { kind: 'benchmark-chosen', benchmark: 'a', level: 2 },
    );
    expect(session).toMatchObject({ distribution: 'rke2', benchmark: 'a', level: 2 });
  });

  it('may be to repair: what is seen then stands where a benchmark would', () => {
    const repair: Event = { kind: 'purpose-chosen', purpose: 'repair' };
    const seen: Event = { kind: 'trouble-chosen', trouble: 'trouble-dns', pointed: 'loop' };
    const session = sessionOf(repair, seen, { kind: 'probe-ended', missing: [] });
    expect(session).toMatchObject({
      purpose: 'repair',
      trouble: 'trouble-dns',
      pointed: 'loop',
      benchmark: 'trouble-dns',
      level: 2,
      probed: true,
    });
    const other = reduce(session, { at: 't', event: { kind: 'trouble-chosen', trouble: 'trouble-start' } });
    expect(other).toMatchObject({ benchmark: 'trouble-start', probed: false });
    expect(other).not.toHaveProperty('pointed');
    const hardens = reduce(session, { at: 't', event: { kind: 'purpose-chosen', purpose: 'harden' } });
    expect(hardens).toMatchObject({ purpose: 'harden', probed: false });
    for (const key of ['trouble', 'pointed', 'benchmark', 'level']) expect(hardens).not.toHaveProperty(key);
    expect(reduce(session, { at: 't', event: repair })).toMatchObject({
      trouble: 'trouble-dns',
      probed: true,
    });
  });

  it('never changes what it was', () => {
    const before = sessionOf(nodes, intended('c1'));
    const copy = structuredClone(before);
    reduce(before, { at: 't', event: ended('c1', done) });
    reduce(before, { at: 't', event: found('fail') });
    expect(before).toEqual(copy);
  });

  it('is ended until it is resumed', () => {
    expect(sessionOf({ kind: 'session-ended', why: 'left' }).ended).toBe('left');
    expect(
      sessionOf({ kind: 'session-ended', why: 'left' }, { kind: 'session-resumed', operator: 'b' }),
    ).not.toHaveProperty('ended');
  });
});

describe('nodes', () => {
  it('keep what is known of them when the list is set again, unless they are reached differently', () => {
    const connected: Event = { kind: 'node-connected', node: 'cp-1', facts };
    expect(sessionOf(nodes, connected, nodes).nodes[0]?.facts).toEqual(facts);
    const moved: Event = { kind: 'nodes-set', cluster: 'prod', nodes: [{ ...node, host: '10.0.0.9' }] };
    expect(sessionOf(nodes, connected, moved).nodes[0]).not.toHaveProperty('facts');
    expect(sessionOf(nodes, connected, { kind: 'nodes-set', cluster: 'prod', nodes: [] }).nodes).toEqual([]);
  });

  it('lose their failure when they connect, and keep their facts when they fail later', () => {
    const failed: Event = { kind: 'node-failed', node: 'cp-1', failure };
    const connected: Event = { kind: 'node-connected', node: 'cp-1', facts };
    expect(sessionOf(nodes, failed, connected).nodes[0]).not.toHaveProperty('failure');
    expect(sessionOf(nodes, connected, failed).nodes[0]).toMatchObject({ facts, failure });
  });
});

describe('findings', () => {
  it('keep the first verdict and show the latest', () => {
    const session = sessionOf(found('fail'), found('pass'));
    expect(session.before['kernel@cp-1']?.kind).toBe('fail');
    expect(verdictOf(session, 'kernel', 'cp-1')?.kind).toBe('pass');
    expect(verdictOf(session, 'kernel', 'cp-2')).toBeUndefined();
  });

  it('name the places that have not answered', () => {
    const started: Event = { kind: 'probe-started', places: ['cp-1', 'cp-2'], controls: 1 };
    expect(sessionOf(started).missing).toEqual(['cp-1', 'cp-2']);
    expect(sessionOf(started, found('pass'))).toMatchObject({ missing: ['cp-2'], probed: false });
    expect(sessionOf(started, found('pass'), { kind: 'probe-ended', missing: ['cp-2'] })).toMatchObject({
      missing: ['cp-2'],
      probed: true,
    });
  });

  it('let a person settle a manual verdict, and no other', () => {
    const attested = (pass: boolean): Event => ({
      kind: 'attested',
      control: 'kernel',
      place: 'cp-1',
      pass,
      statement: 'seen',
    });
    expect(verdictOf(sessionOf(found('manual'), attested(true)), 'kernel', 'cp-1')).toMatchObject({
      kind: 'pass',
      found: 'attested: seen',
    });
    expect(verdictOf(sessionOf(found('manual'), attested(false)), 'kernel', 'cp-1')?.kind).toBe('fail');
    for (const kind of ['fail', 'unknown', 'pending-restart'] as const) {
      expect(verdictOf(sessionOf(found(kind), attested(true)), 'kernel', 'cp-1')?.kind).toBe(kind);
    }
  });

  it('are open until passed, out of place or skipped', () => {
    const skipped: Event = { kind: 'skipped', control: 'kernel', place: 'cp-1', reason: 'later' };
    expect(isOpenAt(sessionOf(found('unknown')), 'kernel', 'cp-1')).toBe(true);
    expect(isOpenAt(sessionOf(found('pass')), 'kernel', 'cp-1')).toBe(false);
    expect(isOpenAt(sessionOf(found('fail'), skipped), 'kernel', 'cp-1')).toBe(false);
    expect(
      isOpenAt(
        sessionOf(found('fail'), skipped, { kind: 'unskipped', control: 'kernel', place: 'cp-1' }),
        'kernel',
        'cp-1',
      ),
    ).toBe(true);
    expect(isOpenAt(sessionOf(), 'kernel', 'cp-1')).toBe(false);
  });
});

describe('changes', () => {
  it('are unfinished until their end is known', () => {
    expect(unfinished(sessionOf(intended('c1'))).map((c) => c.change.id)).toEqual(['c1']);
    expect(unfinished(sessionOf(intended('c1'), ended('c1', lost)))).toHaveLength(1);
    expect(unfinished(sessionOf(intended('c1'), ended('c1', done)))).toEqual([]);
    expect(unfinished(sessionOf(intended('c1'), ended('c1', { kind: 'refused', failure })))).toEqual([]);
    expect(unfinished(sessionOf(intended('c1'), ended('c1', lost), ended('c1', done)))).toEqual([]);
  });

  it('are unfinished again while their undo is', () => {
    const made = [intended('c1'), ended('c1', done)] as const;
    expect(unfinished(sessionOf(...made, undoIntended('c1')))).toHaveLength(1);
    expect(unfinished(sessionOf(...made, undoIntended('c1'), undoEnded('c1', lost)))).toHaveLength(1);
    expect(unfinished(sessionOf(...made, undoIntended('c1'), undoEnded('c1', done)))).toEqual([]);
  });

  it('stand, newest first, until they are undone', () => {
    const two = [intended('c1'), ended('c1', done), intended('c2'), ended('c2', done)] as const;
    expect(standing(sessionOf(...two)).map((c) => c.change.id)).toEqual(['c2', 'c1']);
    expect(
      standing(sessionOf(...two, undoIntended('c2'), undoEnded('c2', done))).map((c) => c.change.id),
    ).toEqual(['c1']);
    expect(
      standing(sessionOf(...two, undoIntended('c2'), undoEnded('c2', { kind: 'refused', failure }))),
    ).toHaveLength(2);
    expect(standing(sessionOf(intended('c1'), ended('c1', { kind: 'put-back', failure })))).toEqual([]);
    expect(standing(sessionOf(intended('c1')))).toEqual([]);
  });

  it('keep their output and their commands', () => {
    expect(sessionOf(intended('c1'), ended('c1', done)).changes[0]).toMatchObject({
      commands: ['x'],
      output: ['o'],
      outcome: done,
    });
  });
});

describe('restarts of single units', () => {
  const of = (id: string, ...units: readonly string[]): readonly Event[] => [
    { kind: 'change-intended', change: change(id), commands: ['x'], restarts: true, units },
    { kind: 'change-ended', change: id, outcome: done, output: [] },
  ];
  const restarted = (unit: string, healthy = true): readonly Event[] => [
    { kind: 'restart-intended', node: 'cp-1', unit },
    {
      kind: 'restart-ended',
      node: 'cp-1',
      unit,
      outcome: healthy ? { kind: 'healthy', seconds: 1 } : { kind: 'crash-looping', line: 'x' },
    },
  ];

  it('are due for what was changed, each unit once, in one order', () => {
    const session = sessionOf(...of('c1', 'kubelet'), ...of('c2', 'kube-apiserver'), ...of('c3', 'kubelet'));
    expect(unitsDueAt(session, 'cp-1', 'agent')).toEqual(['kube-apiserver', 'kubelet']);
    expect(session.restartsDue).toEqual(['cp-1']);
  });

  it('stay due for the units that were not restarted, and for one that did not come back', () => {
    const due = [...of('c1', 'kubelet'), ...of('c2', 'kube-apiserver')];
    const one = sessionOf(...due, ...restarted('kubelet'));
    expect(unitsDueAt(one, 'cp-1', 'agent')).toEqual(['kube-apiserver']);
    expect(one.restartsDue).toEqual(['cp-1']);
    const dead = sessionOf(...due, ...restarted('kubelet'), ...restarted('kube-apiserver', false));
    expect(unitsDueAt(dead, 'cp-1', 'agent')).toEqual(['kube-apiserver']);
    const both = sessionOf(...due, ...restarted('kubelet'), ...restarted('kube-apiserver'));
    expect(both.restartsDue).toEqual([]);
  });

  it('are that of the node agent where no unit was named', () => {
    const session = sessionOf(intended('c1', true), ended('c1', done));
    expect(unitsDueAt(session, 'cp-1', 'rke2-server')).toEqual(['rke2-server']);
  });
});

describe('restarts', () => {
  const restarted = (outcome: 'healthy' | 'crash-looping'): readonly Event[] => [
    { kind: 'restart-intended', node: 'cp-1', unit: 'rke2-server' },
    {
      kind: 'restart-ended',
      node: 'cp-1',
      unit: 'rke2-server',
      outcome: outcome === 'healthy' ? { kind: outcome, seconds: 3 } : { kind: outcome, line: 'x' },
    },
  ];

  it('are due once a change needs one, also when its end is unknown or it was put back', () => {
    expect(sessionOf(intended('c1', true), ended('c1', done)).restartsDue).toEqual(['cp-1']);
    expect(sessionOf(intended('c1', true), ended('c1', lost)).restartsDue).toEqual(['cp-1']);
    expect(sessionOf(intended('c1', true), ended('c1', { kind: 'put-back', failure })).restartsDue).toEqual([
      'cp-1',
    ]);
    expect(sessionOf(intended('c1', true), ended('c1', { kind: 'refused', failure })).restartsDue).toEqual(
      [],
    );
    expect(sessionOf(intended('c1', false), ended('c1', done)).restartsDue).toEqual([]);
  });

  it('come to servers first, in the order given, and then to agents', () => {
    const connected = (name: string, role: 'server' | 'agent'): Event => ({
      kind: 'node-connected',
      node: name,
      facts: { ...facts, roles: [role] },
    });
    const named = ['w-1', 'cp-2', 'cp-1', 'w-2'].map((name) => ({ ...node, name }));
    const session = sessionOf(
      { kind: 'nodes-set', cluster: 'prod', nodes: named },
      connected('w-1', 'agent'),
      connected('cp-2', 'server'),
      connected('cp-1', 'server'),
      { kind: 'stop-intended', node: 'w-1', unit: 'x' },
      { kind: 'stop-intended', node: 'cp-1', unit: 'x' },
    );
    expect(restartOrder(session)).toEqual(['cp-1', 'w-1']);
    const all = ['w-2', 'cp-2', 'w-1', 'cp-1'];
    expect(restartOrder(session, all)).toEqual(['cp-2', 'cp-1', 'w-2', 'w-1']);
    expect(restartOrder(session, all, ['agent', 'server'])).toEqual(['w-2', 'w-1', 'cp-2', 'cp-1']);
  });

  it('are due once a service was to be stopped', () => {
    expect(sessionOf({ kind: 'stop-intended', node: 'cp-1', unit: 'x' }).restartsDue).toEqual(['cp-1']);
  });

  it('are due once for a node, and again after an undo', () => {
    const two = sessionOf(intended('c1', true), ended('c1', done), intended('c2', true), ended('c2', done));
    expect(two.restartsDue).toEqual(['cp-1']);
    const undone = sessionOf(
      intended('c1', true),
      ended('c1', done),
      ...restarted('healthy'),
      undoIntended('c1'),
      undoEnded('c1', done),
    );
    expect(undone.restartsDue).toEqual(['cp-1']);
  });

  it('are done with only when the node is healthy', () => {
    const due = [intended('c1', true), ended('c1', done)] as const;
    expect(sessionOf(...due, ...restarted('crash-looping')).restartsDue).toEqual(['cp-1']);
    expect(sessionOf(...due, ...restarted('healthy')).restartsDue).toEqual([]);
    const twice = sessionOf(...due, ...restarted('crash-looping'), ...restarted('healthy'));
    expect(twice.restarts.map((r) => r.outcome?.kind)).toEqual(['crash-looping', 'healthy']);
  });
});

describe('a node whose machine is gone from the list, or has another address', () => {
  const at = (...hosts: readonly string[]): Event => ({
    kind: 'nodes-set',
    cluster: 'prod',
    nodes: hosts.map((host, n) => ({ ...node, name: `cp-${n + 1}`, host })),
  });
  const connected = (machineId: string, name = 'cp-1'): Event => ({
    kind: 'node-connected',
    node: name,
    facts: { ...facts, machineId },
  });
  const begun = [at('a', 'b'), connected('m-a'), connected('m-b', 'cp-2')];
  const changed = [...begun, intended('c1', true), ended('c1', done)];
  const other: Event = { kind: 'stop-intended', node: 'cp-2', unit: 'x' };

  it.each([
    ['is gone', at()],
    ['has another address', at('c', 'b')],
  ])('has no restart due when it %s, but its change still stands', (_, set) => {
    expect(sessionOf(...changed, set).restartsDue).toEqual([]);
    expect(standing(sessionOf(...changed, set)).map((c) => c.machine)).toEqual(['m-a']);
  });

  it('leaves the others as they are', () => {
    expect(sessionOf(...changed, other, at('c', 'b')).restartsDue).toEqual(['cp-2']);
    expect(sessionOf(...changed, other, at('a', 'b')).restartsDue).toEqual(['cp-1', 'cp-2']);
  });

  it('is due a restart again once that very machine is back, under whatever name, and once only', () => {
    expect(sessionOf(...changed, at('c', 'b'), connected('m-c')).restartsDue).toEqual([]);
    const back = [...changed, at('c', 'b'), connected('m-c'), at('a', 'b')];
    expect(sessionOf(...back).restartsDue).toEqual([]);
    expect(sessionOf(...back, connected('m-a')).restartsDue).toEqual(['cp-1']);
    expect(sessionOf(...changed, at('c', 'a'), connected('m-a', 'cp-2')).restartsDue).toEqual(['cp-2']);
    const healthy: Event = {
      kind: 'restart-ended',
      node: 'cp-1',
      unit: 'x',
      outcome: { kind: 'healthy', seconds: 1 },
    };
    expect(sessionOf(...back, connected('m-a'), healthy, connected('m-a')).restartsDue).toEqual([]);
  });

  it('takes the units that are due along, to whatever name it comes back under, and to no other machine', () => {
    const units = ['kubelet', 'containerd'];
    const due = [...begun, { ...intended('c1', true), units } as Event, ended('c1', done)];
    const moved = sessionOf(...due, at('c', 'a'), connected('m-c'));
    expect([moved.restartsDue, moved.unitsDue]).toEqual([[], {}]);
    const back = reduce(moved, { at: 't', event: connected('m-a', 'cp-2') });
    expect([back.restartsDue, back.unitsDue]).toEqual([['cp-2'], { 'cp-2': units }]);
    // A change of the machine that has the name now is due for its own units alone.
    const own = [{ ...intended('c2', true), units: ['etcd'] } as Event, ended('c2', done)];
    expect(own.map((event) => ({ at: 't', event })).reduce(reduce, moved).unitsDue).toEqual({
      'cp-1': ['etcd'],
    });
    const others = sessionOf(...due, at('a', 'c'));
    expect(others.unitsDue).toEqual({ 'cp-1': units });
  });

  it('waits for its restart as a server does under its new name, too', () => {
    const distribution = { argumentFiles: { watcher: 'w' } } as unknown as Distribution;
    const steps = [{ kind: 'write-file', path: '/args/kubelet' }] as unknown as Change['steps'];
    const made = [
      { ...intended('c1', true), change: { ...change('c1'), steps }, units: ['kubelet'] } as Event,
      ended('c1', done),
    ];
    const session = sessionOf(...begun, ...made, at('c', 'a'), connected('m-c'), connected('m-a', 'cp-2'));
    expect(awaitsRestart(session, distribution, 'cp-2')).toBe(true);
    expect(awaitsRestart(session, distribution, 'cp-1')).toBe(false);
  });

  it('left its changes behind where its name leads to another machine now, and nowhere else', () => {
    const left = (...then: readonly Event[]): boolean | undefined => {
      const session = sessionOf(...changed, ...then);
      return session.changes[0] && leftBehind(session, session.changes[0]);
    };
    expect(left()).toBe(false);
    expect(left(at('c', 'b'))).toBe(false);
    expect(left(at('c', 'b'), connected('m-c'))).toBe(true);
    expect(left(at('c', 'b'), connected('m-c'), at('a', 'b'), connected('m-a'))).toBe(false);
  });

  it('takes nothing of the cluster along: it is the same through whichever server', () => {
    const ofCluster = { ...change('c2'), node: 'cluster' };
    const session = sessionOf(
      ...begun,
      { kind: 'change-intended', change: ofCluster, commands: [], restarts: false },
      at('c', 'b'),
      connected('m-c'),
    );
    expect(session.changes.map((c) => leftBehind(session, c))).toEqual([false]);
  });

  it('no longer makes what passes on the new machine count as fixed', () => {
    const control = [{ id: 'kernel', target: 'node' as const }];
    const fixed = (...events: readonly Event[]) =>
      scopeOf(sessionOf(...events, found('pass')), control)[0]?.cells[0]?.fixed;
    expect(fixed(...changed)).toBe(true);
    expect(fixed(...changed, at('c', 'b'), connected('m-c'))).toBe(false);
  });
});

it('keeps notes in their order, and takes no notice of what only the record needs', () => {
  const session = sessionOf({ kind: 'noted', text: 'a' }, { kind: 'noted', text: 'b' });
  expect(session.notes.map((n) => n.text)).toEqual(['a', 'b']);
  const quiet: Event = { kind: 'host-key-accepted', node: 'cp-1', fingerprint: 'f', keyType: 'k' };
  expect(sessionOf(quiet)).toEqual({ ...sessionOf(), lastAt: '2024-01-01T00:00:01Z' });
});
