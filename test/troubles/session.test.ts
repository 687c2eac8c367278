// A whole repair on the practice cluster, through the actions of the wizard and SSH on loopback.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { findingKey } from '../../src/domain/session.ts';
import { brokenPractice } from '../../src/lab/broken.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { type Lab, startLab } from '../../src/lab/server.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { openLab } from '../../src/run/lab.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { createRun, type Run } from '../support/run.ts';

async function openBroken(name: string, patch: unknown = {}): Promise<Lab> {
  const data = await readPractice(['profiles'], 'rke2');
  const broken = data.ok ? brokenPractice(overlay(data.value, patch), name) : data;
  const cluster = broken.ok ? labCluster(broken.value) : broken;
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  return startLab(cluster.value, { readYaml: parse });
}

function runOn(lab: Lab, nodes = lab.nodes): Promise<Run> {
  return createRun({
    connector: createConnector({ lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey }),
    nodes,
    answer: () => 'yes',
  });
}

/** From the start to the evidence. */
async function gather(run: Run, trouble: string): Promise<void> {
  run.actions.startSession({ readOnly: false, purpose: 'repair' });
  await run.until('distribution', (s) => s.session.step === 'distribution');
  run.actions.chooseDistribution('rke2');
  await run.until('symptom', (s) => s.session.step === 'benchmark');
  run.actions.chooseTrouble(trouble);
  await run.until('nodes', (s) => s.session.step === 'nodes' && s.session.nodes.length > 0);
  run.actions.connect();
  await run.idle();
  run.actions.probe();
  await run.until('probed', (s) => s.session.probed);
  await run.idle();
}

const kindOf = (run: Run, control: string, place: string): string | undefined =>
  run.state().session.findings[findingKey(control, place)]?.verdict.kind;

async function cure(run: Run, control: string, place: string): Promise<void> {
  run.actions.plan(control);
  await run.idle();
  const plan = run.state().plans[findingKey(control, place)];
  expect(plan?.kind, JSON.stringify(plan)).toBe('ready');
  run.actions.apply(control, [place]);
  await run.idle();
}

describe('a cluster that is broken', () => {
  let lab: Lab;
  let run: Run;
  const later: Run[] = [];

  beforeAll(async () => {
    lab = await openBroken('ip-forward');
    run = await runOn(lab);
    await gather(run, 'trouble-sysctl');
  }, 60_000);

  afterAll(async () => {
    for (const each of [run, ...later]) {
      each?.actions.quit('left');
      await each?.remove();
    }
    await lab?.close();
  });

  test('shows its cause where it is, all evidence being read before anything is changed', () => {
    const { session } = run.state();
    expect(session).toMatchObject({ purpose: 'repair', trouble: 'trouble-sysctl', level: 2, probed: true });
    expect(session.changes).toEqual([]);
    const places = session.nodes.map((n) => n.name);
    expect(places.filter((place) => kindOf(run, 'ip-forward', place) === 'fail')).toEqual(['cp-3']);
    expect(places.map((place) => kindOf(run, 'our-changes', place))).toEqual(places.map(() => 'pass'));
  });

  test('is cured where it was broken, and asked again', async () => {
    await cure(run, 'ip-forward', 'cp-3');
    expect(kindOf(run, 'ip-forward', 'cp-3')).toBe('pass');
    expect(run.state().session.before[findingKey('ip-forward', 'cp-3')]?.kind).toBe('fail');
  });

  test('every other cause that was found is asked again after the cure, and what is left is said', () => {
    const { before, nodes } = run.state().session;
    const found = nodes.filter(({ name }) => before[findingKey('dns-answers', name)]?.kind === 'fail');
    expect(found.length).toBeGreaterThan(0);
    for (const { name } of found) expect(kindOf(run, 'dns-answers', name)).toBe('pass');
    expect(run.state().output.at(-1)).toBe('Asked again: no cause that was found is left.');
  });

  test('what the session itself changed is not something of an earlier one', async () => {
    run.actions.probeControl('our-changes');
    await run.idle();
    expect(kindOf(run, 'our-changes', 'cp-3')).toBe('pass');
  });

  test('a later session finds what was changed, and puts it back', async () => {
    const { id } = run.state().session;
    run.actions.quit('left');
    const next = await runOn(lab);
    later.push(next);
    await gather(next, 'trouble-all');
    expect(kindOf(next, 'ip-forward', 'cp-3')).toBe('pass');
    expect(next.state().session.findings[findingKey('our-changes', 'cp-3')]?.verdict).toMatchObject({
      kind: 'manual',
      found: expect.stringContaining(id),
    });
    await cure(next, 'our-changes', 'cp-3');
    expect(kindOf(next, 'our-changes', 'cp-3')).toBe('pass');
    next.actions.probeControl('ip-forward');
    await next.idle();
    expect(kindOf(next, 'ip-forward', 'cp-3')).toBe('fail');
  }, 60_000);
});

describe('a server whose account of etcd was removed', () => {
  test('is cured by what the program offers, the account first and then its data', async () => {
    const lab = await openBroken('no-etcd-account');
    const run = await runOn(lab);
    try {
      await gather(run, 'trouble-service-does-not-start');
      const causes = ['etcd-account-there', 'etcd-data-owner-known', 'etcd-data-readable'];
      expect(causes.map((cause) => kindOf(run, cause, 'cp-3'))).toEqual(['fail', 'fail', 'fail']);
      await cure(run, 'etcd-account-there', 'cp-3');
      await cure(run, 'etcd-data-readable', 'cp-3');
      expect(causes.map((cause) => kindOf(run, cause, 'cp-3'))).toEqual(['pass', 'pass', 'pass']);
    } finally {
      run.actions.quit('left');
      await run.remove();
      await lab.close();
    }
  }, 60_000);
});

describe('a server without name servers', () => {
  test('says after the restart that nothing found is left, and what is to be looked at since', async () => {
    const lab = await openBroken('empty-resolver');
    const run = await runOn(lab);
    try {
      await gather(run, 'trouble-dns');
      expect(kindOf(run, 'coredns-restarted', 'cluster')).toBe('pass');
      await cure(run, 'node-resolver', 'cp-1');
      run.actions.restart(['cp-1']);
      await run.idle();
      expect(kindOf(run, 'coredns-restarted', 'cluster')).toBe('manual');
      expect(run.state().output.at(-1)).toBe(
        'Asked again: no cause that was found is left. Healthy at first, and now to be looked at: “CoreDNS is older than the resolver” on cluster.',
      );
    } finally {
      run.actions.quit('left');
      await run.remove();
      await lab.close();
    }
  }, 60_000);
});

describe('a cluster whose API server is down, of which one node answers', () => {
  let lab: Lab;
  let run: Run;

  beforeAll(async () => {
    const down = { units: { 'rke2-server': { active: 'failed' } } };
    lab = await openBroken('ip-forward', { nodes: { 'cp-1': down, 'cp-2': down, 'cp-3': down } });
    const gone = { port: 1 };
    const nodes = lab.nodes
      .filter((n) => n.name.startsWith('cp-'))
      .map((n) => (n.name === 'cp-3' ? n : { ...n, ...gone }));
    run = await runOn(lab, nodes);
    await gather(run, 'trouble-all');
  }, 60_000);

  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await lab?.close();
  });

  test('still shows the cause on the node that answers', () => {
    expect(run.state().session.missing.toSorted()).toEqual(['cp-1', 'cp-2']);
    expect(kindOf(run, 'ip-forward', 'cp-3')).toBe('fail');
    expect(kindOf(run, 'ip-forward', 'cp-1')).toBeUndefined();
  });

  test('calls nothing healthy of which it has no answer', () => {
    const ofCluster = Object.values(run.state().session.findings).filter((f) => f.place === 'cluster');
    for (const { control, verdict } of ofCluster)
      expect(['unknown', 'not-applicable'], `${control}: ${JSON.stringify(verdict)}`).toContain(verdict.kind);
  });

  test('and is cured there', async () => {
    await cure(run, 'ip-forward', 'cp-3');
    expect(kindOf(run, 'ip-forward', 'cp-3')).toBe('pass');
  });
});

describe('lab --broken', () => {
  test('begins with a repair, at the symptom', async () => {
    const lab = await openLab(() => {}, undefined, 'ip-forward');
    if (!lab.ok) throw new Error(JSON.stringify(lab.failure));
    const { services, close } = lab.value;
    const run = await createRun({
      connector: services.connector,
      nodes: [],
      services: { openLab: async () => ({ ok: true, value: services }) },
    });
    run.actions.startLab();
    await run.until('symptom', (s) => s.session.step === 'benchmark');
    expect(run.state().session).toMatchObject({ purpose: 'repair', distribution: 'rke2', lab: true });
    expect(run.state().session.nodes.length).toBeGreaterThan(0);
    run.actions.quit('left');
    await run.remove();
    await close();
  });

  test('says which there are when there is none of the name', async () => {
    expect(await openLab(() => {}, undefined, 'nosuch')).toMatchObject({
      ok: false,
      failure: { code: 'usage', message: expect.stringMatching(/^--broken nosuch: .* ip-forward/) },
    });
  });
});
