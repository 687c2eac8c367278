import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findingKey } from '../../src/domain/session.ts';
import { type Lab, startLab } from '../../src/lab/server.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';
import { changeOf, practiceCluster } from './practice.ts';

let lab: Lab;
let run: Run;

beforeAll(async () => {
  const cluster = practiceCluster({ nodes: { 'cp-1': { quirks: ['etcd-database-stays-root'] } } });
  lab = await startLab(cluster, { readYaml: parse });
  run = await createRun({
    connector: createConnector({ lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey }),
    nodes: lab.nodes,
    answer: (question) =>
      question.kind === 'host-key' && question.node === lab.stranger ? 'yes' : undefined,
  });
  await walkToProbe(run, 'cis-1.6');
}, 60_000);

afterAll(async () => {
  run?.actions.quit('left');
  await run?.remove();
  await lab?.close();
});

const verdict = (control: string, place: string) =>
  run.state().session.findings[findingKey(control, place)]?.verdict;
const planned = (control: string, place: string) => run.state().plans[findingKey(control, place)];

async function apply(control: string, places: readonly string[]): Promise<void> {
  run.actions.plan(control);
  await run.idle();
  for (const place of places)
    expect(planned(control, place)?.kind, JSON.stringify(planned(control, place))).toBe('ready');
  run.actions.apply(control, places);
  await run.idle();
}

/** The journal is read from a whole second on: what was logged before must lie in an earlier one. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1000);
  while (Math.floor(Date.now() / 1000) === second) await new Promise((resolve) => setTimeout(resolve, 20));
}

it('is reached on every node, and shows what is to be learned on each', () => {
  expect(run.state().session.nodes.map((n) => [n.name, n.facts?.roles])).toEqual([
    ['cp-1', ['server', 'etcd']],
    ['cp-2', ['server', 'etcd']],
    ['cp-3', ['server', 'etcd']],
    ['worker-1', ['agent']],
    ['worker-2', ['agent']],
  ]);
  expect(['cp-1', 'cp-2', 'worker-1'].map((p) => verdict('kernel-values', p)?.kind)).toEqual([
    'fail',
    'fail',
    'pass',
  ]);
  expect(['cp-1', 'cp-3'].map((p) => verdict('etcd-account', p)?.kind)).toEqual(['fail', 'pass']);
  expect(verdict('default-service-accounts', 'cluster')?.kind).toBe('fail');
});

it('refuses where a later file of somebody else would win', async () => {
  run.actions.plan('kernel-values');
  await run.idle();
  expect(planned('kernel-values', 'cp-2')).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('99-database.conf'),
  });
});

it('walks a server through the profile: its first start hangs on etcd, is repaired, and is healthy', async () => {
  await apply('kernel-values', ['cp-1', 'cp-3']);
  await apply('kernel-key-quotas', ['cp-1', 'cp-3']);
  await apply('etcd-account', ['cp-1']);
  run.actions.preview('profile');
  await run.idle();
  expect(run.state().previews.profile).toMatchObject({
    kind: 'ready',
    lines: expect.arrayContaining([expect.stringContaining('disk-report-0')]),
  });
  run.actions.acknowledge('profile');
  await run.until('acknowledged', (s) => s.session.acknowledged.profile !== undefined);
  await apply('profile', ['cp-1']);
  expect(verdict('profile', 'cp-1')?.kind).toBe('pending-restart');
  run.actions.restart(['cp-1']);
  await run.idle(60_000);
  expect(run.state().session.restarts.at(-1)?.outcome).toMatchObject({
    kind: 'crash-looping',
    line: expect.stringContaining('permission denied'),
  });
  await nextSecond();
  run.actions.planRepair('cp-1');
  await run.idle();
  run.actions.repair('cp-1');
  await run.idle(60_000);
  expect(run.state().session.restarts.at(-1)?.outcome, run.state().output.join('\n')).toMatchObject({
    kind: 'healthy',
  });
  run.actions.probe();
  await run.idle();
  expect(['profile', 'etcd-data-owner', 'audit-log-limits'].map((c) => verdict(c, 'cp-1')?.kind)).toEqual([
    'pass',
    'pass',
    'pass',
  ]);
}, 120_000);

it('fails the next server in RKE2’s own words when somebody turned a kernel value back', async () => {
  await apply('profile', ['cp-3']);
  const key = 'vm.overcommit_memory';
  const change = changeOf('cp-3', { kind: 'set-kernel', key, value: '0', before: '1' });
  expect(lab.store.perform('cp-3', { kind: 'change', change }).kind).toBe('done');
  run.actions.restart(['cp-3']);
  await run.idle(60_000);
  expect(run.state().session.restarts.at(-1)?.outcome).toMatchObject({
    kind: 'crash-looping',
    line: expect.stringContaining('invalid kernel parameter value vm.overcommit_memory=0 - expected 1'),
  });
}, 120_000);
