// What hardening by chmod does to the folders of containers, on booted nodes: found, cured, and taken back.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import { manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToCauses } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import type { Machine } from './machine.ts';

const capability = nodesCapability();
const store = '/var/lib/rancher/rke2/agent/containerd';
const images = '/var/lib/rancher/rke2/agent/images';
const snapshots = `${store}/io.containerd.snapshotter.v1.overlayfs/snapshots`;

/** Two layers with the modes that images have, and a volume of a pod. */
async function makeLayers(machine: Machine): Promise<void> {
  await machine.must(
    `for n in 1 2; do mkdir -p ${snapshots}/$n/fs/tmp ${snapshots}/$n/fs/usr/bin ${snapshots}/$n/fs/etc
    : > ${snapshots}/$n/fs/usr/bin/su; : > ${snapshots}/$n/fs/etc/shadow; ln -s /etc/shadow ${snapshots}/$n/fs/usr/bin/passwd
    chmod 1777 ${snapshots}/$n/fs/tmp; chmod 4755 ${snapshots}/$n/fs/usr/bin/su; chmod 0640 ${snapshots}/$n/fs/etc/shadow; done
    touch -d '2 hours ago' ${snapshots}/1 ${snapshots}/2
    mkdir -p /var/lib/kubelet/pods/1/volumes/scratch; chmod 0777 /var/lib/kubelet/pods/1/volumes/scratch
    chmod 0700 ${store} /var/lib/kubelet`,
  );
}

describe.skipIf(!capability.ok)('the troubles with permissions and containers', () => {
  let cluster: Cluster;
  let run: Run;
  let worker: Machine;

  beforeAll(async () => {
    cluster = await bootNodes({
      rke2: { version: 'v1.32.6+rke2r1' },
      nodes: [
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
      ],
    });
    worker = cluster.node('w-1');
    for (const machine of cluster.nodes) await makeLayers(machine);
    run = await runOn(cluster);
    await walkToCauses(run, 'trouble-all');
  });

  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
  });

  const ask = async (control: string, place: string) => {
    run.actions.probeControl(control);
    await run.idle();
    return verdictIn(run, control, place);
  };
  const plan = async (control: string, place: string) => {
    run.actions.plan(control);
    await run.idle();
    return run.state().plans[findingKey(control, place)];
  };
  const apply = async (control: string, place: string) => {
    expect(await plan(control, place)).toMatchObject({ kind: 'ready' });
    run.actions.apply(control, [place]);
    await run.idle(60_000);
  };
  const undo = async (control: string) => {
    const made = standing(run.state().session).find((c) => c.change.control === control);
    if (!made) throw new Error(`nothing of ${control} stands`);
    run.actions.undo([made.change.id], false);
    await run.idle(60_000);
  };
  const state = () => manifest(worker, '/var/lib/kubelet');

  it('layers as images have them are whole, whatever their modes', async () => {
    expect(await ask('layers-whole', 'w-1')).toMatchObject({
      kind: 'pass',
      found: expect.stringContaining('6 looked at'),
    });
  });

  it('a recursive chmod is seen, and not mended while the node is in service', async () => {
    await worker.must(`chmod -R 755 ${snapshots}`);
    expect(await ask('layers-whole', 'w-1')).toMatchObject({
      kind: 'fail',
      found: expect.stringContaining('6 of 6 are not as images have them'),
    });
    expect(await plan('layers-whole', 'w-1')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('w-1 is in service'),
    });
  });

  it('out of service, its store is moved aside while nothing runs, and comes back', async () => {
    const kubectl = '/var/lib/rancher/rke2/bin/kubectl --kubeconfig /etc/rancher/rke2/rke2.yaml';
    const server = cluster.node('cp-1');
    await server.must(`${kubectl} cordon w-1`);
    expect((await ask('nodes-out-of-service-empty', 'cluster'))?.kind).toBe('fail');
    expect(await plan('nodes-out-of-service-empty', 'cluster')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('nobody would make kube-system/kube-proxy-w-1'),
    });
    // The stand-in makes these without an owner, and its drain ends no pod.
    await server.must(`${kubectl} -n kube-system delete pod kube-proxy-w-1`);
    await server.must(
      `${kubectl} -n kube-system patch pod rke2-canal-w-1 --type merge -p '{"metadata":{"ownerReferences":[{"kind":"DaemonSet"}]}}'`,
    );
    await apply('nodes-out-of-service-empty', 'cluster');
    expect(verdictIn(run, 'nodes-out-of-service-empty', 'cluster')?.found).toBe(
      'w-1 still runs shop/web-6d4b75cb6d-x7k2p',
    );
    await server.must(`${kubectl} -n shop delete pod web-6d4b75cb6d-x7k2p`);
    expect(await ask('nodes-out-of-service-empty', 'cluster')).toMatchObject({ kind: 'pass' });
    // No registry answers these nodes: without a tarball the images could not be had again.
    expect(await plan('layers-whole', 'w-1')).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('may not be had again'),
    });
    await worker.must(`mkdir -p ${images}; echo layers > ${images}/rke2-images.linux-amd64.tar.zst`);
    expect(await plan('layers-whole', 'w-1')).toMatchObject({
      kind: 'ready',
      commands: expect.arrayContaining([expect.stringContaining('rke2-images.linux-amd64.tar.zst')]),
    });
    const before = await state();
    await apply('layers-whole', 'w-1');
    const aside = `${store}.bad-${run.state().session.id}`;
    expect(await worker.must(`systemctl is-active rke2-agent || true; ls -d ${store}*`)).toBe(
      `inactive\n${aside}\n`,
    );
    await undo('layers-whole');
    await worker.must('for n in $(seq 50); do systemctl is-active -q rke2-agent && break; sleep 0.2; done');
    expect(await worker.must('systemctl is-active rke2-agent')).toBe('active\n');
    expect(await state()).toBe(before);
  });

  it('moved aside again and started, it makes its containers anew and is put back into service', async () => {
    await ask('layers-whole', 'w-1');
    await apply('layers-whole', 'w-1');
    await worker.must('systemctl start rke2-agent');
    await makeLayers(worker);
    expect(await ask('layers-whole', 'w-1')).toMatchObject({ kind: 'pass' });
    expect(await ask('nodes-in-service', 'cluster')).toMatchObject({ kind: 'fail' });
    await apply('nodes-in-service', 'cluster');
    expect(verdictIn(run, 'nodes-in-service', 'cluster')).toMatchObject({ kind: 'pass' });
  });

  it.each([
    ['snapshots-out-of-reach', `chmod 0755 ${store}`, '/var/lib/rancher'],
    ['pod-folders-out-of-reach', 'chmod 0755 /var/lib/kubelet', '/var/lib/kubelet'],
  ])('%s: the folder above is closed, that one alone, and opened again', async (control, breaks, door) => {
    await makeLayers(worker);
    await worker.must(breaks);
    const before = await state();
    expect(await ask(control, 'w-1')).toMatchObject({
      kind: 'fail',
      reason: expect.stringContaining('everybody'),
    });
    await apply(control, 'w-1');
    expect(verdictIn(run, control, 'w-1')).toMatchObject({
      kind: 'pass',
      reason: expect.stringContaining('false positive'),
    });
    const changed = (await state()).split('\n').filter((line) => !before.split('\n').includes(line));
    expect(changed.filter((line) => !line.includes('/k8s-harden'))).toEqual(
      changed.filter((line) => line.startsWith(`${door} d 700 `)),
    );
    await undo(control);
    expect(await state()).toBe(before);
  });

  it('the old store comes back after the new one was in use, which stays for a person to look at', async () => {
    await undo('layers-whole');
    await worker.must('for n in $(seq 50); do systemctl is-active -q rke2-agent && break; sleep 0.2; done');
    expect(await worker.must('systemctl is-active rke2-agent')).toBe('active\n');
    const anew = `${store}.bad-${run.state().session.id}.made-anew`;
    expect(await worker.must(`ls -d ${store}*`)).toBe(`${store}\n${anew}\n`);
    expect(await worker.must(`stat -c %a ${snapshots}/1/fs/tmp`)).toBe('755\n');
  });
});
