import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findingKey } from '../../src/domain/session.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { type Lab, startLab } from '../../src/lab/server.ts';
import { createConnector } from '../../src/transport/ssh.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

let lab: Lab;
let run: Run;

beforeAll(async () => {
  const path = join(import.meta.dirname, '../../profiles/practice/canonical.yaml');
  const cluster = labCluster(parse(readFileSync(path, 'utf8')));
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  lab = await startLab(cluster.value, { readYaml: parse });
  run = await createRun({
    connector: createConnector({ lab: true, knownHosts: lab.knownHosts, identity: lab.clientKey }),
    nodes: lab.nodes,
    answer: (question) => (question.kind === 'host-key' ? 'yes' : undefined),
  });
  await walkToProbe(run, 'hardening-guide', 1, 'canonical');
}, 60_000);

afterAll(async () => {
  run?.actions.quit('left');
  await run?.idle();
  await lab?.close();
  await run?.remove();
});

const verdict = (control: string, place: string) =>
  run.state().session.findings[findingKey(control, place)]?.verdict;

async function apply(control: string, place: string): Promise<void> {
  run.actions.plan(control);
  await run.idle();
  const planned = run.state().plans[findingKey(control, place)];
  expect(planned?.kind, JSON.stringify(planned)).toBe('ready');
  run.actions.apply(control, [place]);
  await run.idle();
}

it('knows its nodes by the snap and the files that tell their role', () => {
  expect(run.state().session.nodes.map((n) => [n.name, n.facts?.version, n.facts?.roles])).toEqual([
    ['cp-1', 'v1.32.6', ['server', 'etcd']],
    ['cp-2', 'v1.32.6', ['server', 'etcd']],
    ['worker-1', 'v1.32.6', ['agent']],
  ]);
  expect(verdict('scheduler-bind-address', 'worker-1')?.kind).toBe('not-applicable');
  expect(['cp-1', 'cp-2'].map((p) => verdict('kernel-values', p)?.kind)).toEqual(['fail', 'pass']);
});

it('restarts the units that were touched, one after the other, and no other', async () => {
  for (const id of ['audit-policy', 'audit-policy-flag', 'audit-log-path', 'scheduler-bind-address'])
    await apply(id, 'cp-1');
  for (const id of [
    'event-rate-config',
    'event-rate-admission',
    'admission-config-flag',
    'event-rate-plugin',
  ])
    await apply(id, 'cp-1');
  expect(run.state().session.unitsDue).toEqual({
    'cp-1': ['snap.k8s.kube-apiserver', 'snap.k8s.kube-scheduler'],
  });
  expect(verdict('event-rate-plugin', 'cp-1')?.kind).toBe('pending-restart');
  run.actions.restart(['cp-1']);
  await run.idle(60_000);
  const { restarts, restartsDue } = run.state().session;
  expect(
    restarts.map((r) => [r.unit, r.outcome?.kind]),
    run.state().output.join('\n'),
  ).toEqual([
    ['snap.k8s.kube-apiserver', 'healthy'],
    ['snap.k8s.kube-scheduler', 'healthy'],
  ]);
  expect(restartsDue).toEqual([]);
  expect(verdict('event-rate-plugin', 'cp-1')?.kind).toBe('pass');
  expect(verdict('audit-policy', 'cp-1')?.kind).toBe('pass');
}, 60_000);

it('keeps the kubelet away from its flag until the six kernel values are right', async () => {
  run.actions.plan('kubelet-kernel-defaults');
  await run.idle();
  const planned = run.state().plans[findingKey('kubelet-kernel-defaults', 'worker-1')];
  expect(planned).toMatchObject({ kind: 'refused', reason: expect.stringContaining('Kernel values') });
  await apply('kernel-values', 'worker-1');
  await apply('kubelet-kernel-defaults', 'worker-1');
  run.actions.restart(['worker-1']);
  await run.idle(60_000);
  expect(run.state().session.restarts.at(-1)).toMatchObject({
    node: 'worker-1',
    unit: 'snap.k8s.kubelet',
    outcome: { kind: 'healthy' },
  });
  expect(verdict('kubelet-kernel-defaults', 'worker-1')?.kind).toBe('pass');
}, 60_000);

it('no image has to be pulled anew before it was read which may not come again', async () => {
  const at = findingKey('always-pull-images', 'cp-1');
  run.actions.plan('always-pull-images');
  await run.idle();
  expect(run.state().plans[at]).toMatchObject({
    kind: 'refused',
    unseen: true,
    reason: expect.stringContaining('images'),
  });
  run.actions.preview('always-pull-images');
  await run.until('the images', (s) => s.previews['always-pull-images']?.kind === 'ready');
  const preview = run.state().previews['always-pull-images'];
  const text = preview?.kind === 'ready' ? preview.lines.join('\n') : '';
  expect(text).toContain('Of 2 images in use, 1 may not be pulled again, and of 0 it is not known.');
  expect(text).toMatch(/^Risk: it lies on the node only.*practice\/web.*shop\/web-/m);
  run.actions.acknowledge('always-pull-images');
  await run.until('that it was read', (s) => s.session.acknowledged['always-pull-images'] !== undefined);
  run.actions.plan('always-pull-images');
  await run.idle();
  expect(run.state().plans[at]?.kind).toBe('ready');
});
