import { describe, expect, it } from 'vitest';
import type { Benchmark } from '../../src/domain/control.ts';
import type { Event } from '../../src/domain/event.ts';
import { checkText } from '../../src/report/check.ts';
import { exitCode } from '../../src/report/exit-code.ts';
import { checks, formats } from '../../src/report/index.ts';
import { json } from '../../src/report/json.ts';
import { chosen } from '../../src/report/scope.ts';
import { summarise } from '../../src/report/summary.ts';
import { summaryText } from '../../src/report/summary-text.ts';
import { control, facts, inputOf, profileOf, smallProfile, smallSession, verdict } from './fixture.ts';

const small = inputOf(smallSession, smallProfile);

describe('the summary', () => {
  const { controls, benchmark } = chosen(small.session, smallProfile);
  const summary = summarise(small.session, controls, benchmark);

  it('counts each place before and after', () => {
    const cp1 = summary.places.find((p) => p.place === 'cp-1');
    expect(cp1).toMatchObject({
      roles: ['server'],
      version: 'v1.33.6+rke2r1',
      tally: { open: 1, pass: 1, fixed: 1 },
    });
    expect(cp1?.before).toMatchObject({ pass: 0, fail: 2, missing: 0 });
    expect(cp1?.after).toMatchObject({ pass: 1, fail: 1, missing: 0 });
    expect(summary.places.map((p) => p.place)).toEqual(['cp-1', 'cp-2', 'agent-1', 'cluster']);
  });

  it('lists what is open with its reason, worst first', () => {
    expect(summary.open.map((o) => [o.control, o.place, o.standing, o.skipped ?? o.reason])).toEqual([
      ['etcd-account', 'cp-1', 'fail', ''],
      ['etcd-account', 'cp-2', 'fail', 'etcd moves to new disks next week'],
      ['network-policies', 'cluster', 'unknown', 'kubectl may not list policies'],
      ['kernel-values', 'agent-1', 'missing', 'agent-1 did not finish connecting within 30 s.'],
      ['etcd-account', 'agent-1', 'missing', 'agent-1 did not finish connecting within 30 s.'],
    ]);
  });

  it('names what can be undone, what is unfinished, and which restarts are due', () => {
    expect(summary.undoable.map((u) => u.change)).toEqual(['c1']);
    expect(summary.unfinished).toEqual([]);
    expect(summary.restartsDue).toEqual(['cp-1']);
    const cut = inputOf(smallSession.slice(0, -3), smallProfile).session;
    expect(summarise(cut, controls).unfinished).toMatchObject([{ change: 'c2', deed: 'undo' }]);
  });

  it('promises no undo of practice, whose cluster goes away with the program', () => {
    const lab = { ...small.session, lab: true };
    expect(summaryText(small.session, smallProfile)).toContain('Can be undone\n  1 change');
    expect(summaryText(lab, smallProfile)).not.toContain('Can be undone');
    expect(summaryText(lab, smallProfile)).toContain('Practice\n  the cluster goes away with the program');
    const markdown = formats.find((f) => f.id === 'markdown')?.render({ ...small, session: lab });
    expect(markdown).not.toContain('Can be undone');
  });

  it('says that nothing was asked instead of counting it, and why a node was not reached', () => {
    const answers: readonly Event['kind'][] = ['found', 'probe-started', 'probe-ended'];
    const unasked = inputOf(
      smallSession.filter((e) => !answers.includes(e.kind)),
      smallProfile,
    ).session;
    const text = summaryText(unasked, smallProfile);
    expect(text).toContain(
      'Nothing was asked, so nothing is known of any node.\nagent-1 did not finish connecting within 30 s.\n',
    );
    expect(text).not.toMatch(/Answers:|Controls:|not asked|missing|\d+ open/);
    expect(text).toContain('Can be undone\n  1 change');
  });

  it('notices what became worse', () => {
    const worse: Event = {
      kind: 'found',
      findings: [{ control: 'kernel-values', place: 'cp-2', verdict: verdict('fail') }],
    };
    const { session } = inputOf([...smallSession, worse], smallProfile);
    expect(summarise(session, controls)).toMatchObject({ worse: 1, answers: { fixed: 1 } });
  });

  it('reads like this when the wizard is left', () => {
    expect(summaryText(small.session, smallProfile)).toMatchInlineSnapshot(`
      "prod-east · RKE2 · CIS 1.12 level 1

      place    before                                  now
      cp-1     2 fail                                  1 pass, 1 fail
      cp-2     1 pass, 1 fail                          1 pass, 1 fail
      agent-1  2 not asked                             2 not asked (agent-1 did not finish connecting within 30 s.)
      cluster  1 unknown                               1 unknown
      all      1 pass, 3 fail, 1 unknown, 2 not asked  2 pass, 2 fail, 1 unknown, 2 not asked

      3 controls on 3 nodes: 7 answers expected, 4 came, 1 came without a value, 2 missing.
      Controls: 3 open, 0 pass, 0 not applicable.
      Answers: 5 open (1 of them skipped), 2 pass (1 of them fixed), 0 not applicable.

      Open
        1.2 The etcd data directory belongs to etcd:etcd: fail on cp-1; found root:root, wanted etcd:etcd
        1.2 The etcd data directory belongs to etcd:etcd: fail on cp-2; found root:root, wanted etcd:etcd; skipped: etcd moves to new disks next week
        1.3 Every namespace has a network policy: unknown on cluster; found no answer; kubectl may not list policies
        agent-1: 2 controls not asked; agent-1 did not finish connecting within 30 s.

      Restarts due
        cp-1: what was changed there is not active yet

      Can be undone
        1 change
      "
    `);
  });

  it('stays short for hundreds of nodes and many open controls', () => {
    const nodes = Array.from({ length: 300 }, (_, i) => ({ name: `n${i}`, host: 'h', port: 22, user: 'u' }));
    const many = Array.from({ length: 100 }, (_, i) => control(`c${i}`, `title ${i}`));
    const events: Event[] = [
      { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
      { kind: 'nodes-set', cluster: 'big', nodes },
      ...nodes.map(
        (n): Event => ({
          kind: 'found',
          findings: many.map((c) => ({ control: c.id, place: n.name, verdict: verdict('fail') })),
        }),
      ),
    ];
    const text = summaryText(inputOf(events, undefined).session, profileOf(many));
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text).toContain('… and 280 more');
    expect(text).toContain('… and 80 more; the transcript has them all');
    expect(text).toContain('and 295 more');
  });

  it('says what it can of an empty session', () => {
    expect(summaryText(inputOf([], undefined).session)).toContain('Nothing was asked');
  });
});

describe('check', () => {
  it('prints the worst first, every place, and the counts', () => {
    expect(checkText(small)).toMatchInlineSnapshot(`
      "prod-east · RKE2 · CIS 1.12 level 1

      fail       1.2 The etcd data directory belongs to etcd:etcd  (cp-1, cp-2)
                 found root:root, wanted etcd:etcd
      unknown    1.3 Every namespace has a network policy  (cluster)
                 found no answer; kubectl may not list policies
      not asked  1.1 Kernel values the kubelet insists on  (agent-1)
      not asked  1.2 The etcd data directory belongs to etcd:etcd  (agent-1)
      pass       1.1 Kernel values the kubelet insists on  (cp-1, cp-2)

      place    before                                  now
      cp-1     2 fail                                  1 pass, 1 fail
      cp-2     1 pass, 1 fail                          1 pass, 1 fail
      agent-1  2 not asked                             2 not asked (agent-1 did not finish connecting within 30 s.)
      cluster  1 unknown                               1 unknown
      all      1 pass, 3 fail, 1 unknown, 2 not asked  2 pass, 2 fail, 1 unknown, 2 not asked

      agent-1: agent-1 did not finish connecting within 30 s.

      3 controls on 3 nodes: 7 answers expected, 4 came, 1 came without a value, 2 missing.
      Controls: 3 open, 0 pass, 0 not applicable.
      Answers: 5 open (1 of them skipped), 2 pass (1 of them fixed), 0 not applicable.
      "
    `);
  });

  it('says which nodes run another distribution, and which flag is for it', () => {
    const instead = { distribution: 'rke', title: 'RKE', version: 'v1.24.17-rancher1' };
    const nodes = small.session.nodes.map((n) => (n.facts ? { ...n, facts: { ...n.facts, instead } } : n));
    const said = checkText({ ...small, session: { ...small.session, nodes } }).split('\n');
    expect(said.slice(1, 3)).toEqual([
      'cp-1 runs RKE v1.24.17-rancher1. Use --distribution rke for it.',
      'cp-2 runs RKE v1.24.17-rancher1. Use --distribution rke for it.',
    ]);
  });

  it('says which nodes run a version that the benchmark was not written for', () => {
    const older = {
      ...smallProfile,
      benchmarks: smallProfile.benchmarks.map((b) => ({ ...b, kubernetes: '<1.24' })),
    };
    const said = checkText({ ...small, profile: older }).split('\n');
    expect(said[1]).toBe(
      'RKE2 v1.33.6+rke2r1 on cp-1, cp-2: CIS 1.12 is for Kubernetes before 1.24. No benchmark here is made for 1.33; this one comes nearest. 1.33 is newer than every published benchmark here; look for a newer k8s-harden.',
    );
    const fitting = { ...smallProfile.benchmarks[0], id: 'fits', title: 'Fits, really' } as Benchmark;
    const both = { ...older, benchmarks: [...older.benchmarks, fitting] };
    const input = { ...small, profile: both };
    expect(checkText(input)).toContain('For 1.33 there is: Fits. Use --benchmark fits.');
    expect(summaryText(small.session, both)).toContain('For 1.33 there is: Fits.');
    for (const [text, fits] of [
      [json(input), 'fits'],
      [json({ ...small, profile: older }), null],
    ] as const)
      expect(JSON.parse(text).outsideBenchmark).toMatchObject([
        { version: 'v1.33.6+rke2r1', nodes: ['cp-1', 'cp-2'], fits },
      ]);
    expect(JSON.parse(json(small)).outsideBenchmark).toEqual([]);
    expect(checkText(small)).not.toContain('is for Kubernetes');
  });

  it('never lets a terminal act on what a node said', () => {
    const found: Event = {
      kind: 'found',
      findings: [
        {
          control: 'kernel-values',
          place: 'cp-1',
          verdict: verdict('fail', '\u001b[2J\u202e\nx', '\u009b1m'),
        },
      ],
    };
    const input = inputOf([...smallSession, found], smallProfile);
    for (const text of [checkText(input), summaryText(input.session, smallProfile)])
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe('the exit code', () => {
  const [start, ...rest] = smallSession;
  const node = { name: 'n1', host: 'h', port: 22, user: 'u' };
  const named: Event = { kind: 'nodes-set', cluster: 'c', nodes: [node] };
  const reached: Event = { kind: 'node-connected', node: 'n1', facts: facts('n1', 'server') };
  const ended: Event = { kind: 'probe-ended', missing: [] };
  const found = (kind: Parameters<typeof verdict>[0]): Event => ({
    kind: 'found',
    findings: [{ control: 'k', place: 'n1', verdict: verdict(kind) }],
  });
  const code = (...events: Event[]) => exitCode(inputOf([start as Event, ...events], undefined).session);
  const change: Event = {
    kind: 'change-intended',
    change: { id: 'c1', session: 's1', control: 'k', node: 'n1', via: 'n1', steps: [] },
    commands: [],
    restarts: true,
  };
  const done: Event = { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: [] };
  const skipped: Event = { kind: 'skipped', control: 'k', place: 'n1', reason: 'r' };
  const attested: Event = { kind: 'attested', control: 'k', place: 'n1', pass: true, statement: 's' };
  const lost: Event = {
    kind: 'node-failed',
    node: 'n1',
    failure: { code: 'link-lost', node: 'n1', message: 'm' },
  };

  it('is 0 only when nothing is open', () => {
    expect(code()).toBe(0);
    expect(code(named, reached, found('pass'), ended)).toBe(0);
    expect(code(named, reached, found('not-applicable'), ended)).toBe(0);
    expect(code(named, reached, found('manual'), attested, ended)).toBe(0);
  });

  it.each(['fail', 'manual', 'unknown', 'pending-restart', 'configured-not-active'] as const)(
    'is 3 when something is %s, skipped or not',
    (kind) => {
      expect(code(named, reached, found(kind), ended)).toBe(3);
      expect(code(named, reached, found(kind), skipped, ended)).toBe(3);
    },
  );

  it('is 3 when the answers are not all there, or not all is settled', () => {
    expect(code(named, reached)).toBe(3);
    expect(code(named, reached, found('pass'))).toBe(3);
    expect(code(named, reached, found('pass'), { kind: 'probe-ended', missing: ['n1'] })).toBe(3);
    expect(code(named, reached, found('pass'), ended, lost)).toBe(3);
    expect(code(named, reached, found('pass'), ended, change)).toBe(3);
    expect(code(named, reached, found('pass'), ended, change, done)).toBe(3);
    expect(code(...rest)).toBe(3);
  });

  it('is 3 when a control was never asked, as far as the profile is known', () => {
    const { session } = inputOf(
      [
        { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
        named,
        reached,
        {
          kind: 'found',
          findings: ['kernel-values', 'etcd-account'].map((id) => ({
            control: id,
            place: 'n1',
            verdict: verdict('pass'),
          })),
        },
        ended,
      ],
      smallProfile,
    );
    expect(exitCode(session)).toBe(0);
    expect(exitCode(session, smallProfile)).toBe(3);
  });

  it('is 4 when no node was reached', () => {
    expect(code(named)).toBe(4);
    expect(code(named, lost)).toBe(4);
  });
});

describe('the list of formats', () => {
  it('renders each, under names of its own', () => {
    expect(new Set(formats.map((f) => f.id)).size).toBe(formats.length);
    for (const render of [...formats.map((f) => f.render), checks.text, checks.json]) {
      const text = render(small);
      expect(text.endsWith('\n')).toBe(true);
      expect(render(small)).toBe(text);
    }
  });
});
