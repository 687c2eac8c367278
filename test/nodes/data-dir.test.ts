import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { standing } from '../../src/domain/session.ts';
import { applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, waitForRke2 } from './cluster.ts';
import type { Machine } from './machine.ts';

const capability = nodesCapability();
const dataDir = '/srv/rke2 data/k8s';
const usual = '/var/lib/rancher/rke2';

describe.skipIf(!capability.ok)('a data folder that was moved', () => {
  let cluster: Cluster;
  let server: Machine;
  let run: Run;

  beforeAll(async () => {
    cluster = await bootNodes({
      dataDir,
      rke2: { version: 'v1.23.17+rke2r1' },
      nodes: [{ name: 'cp-1', role: 'server' }],
    });
    server = cluster.node('cp-1');
    await waitForRke2(server);
    run = await runOn(cluster);
    await walkToProbe(run, 'cis-1.6', 2);
  });

  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
  });

  const used = () => manifest(server, `'${dataDir}'`);

  it('is found', () => {
    expect(run.state().session.nodes[0]?.facts).toMatchObject({ dataDir, roles: ['server', 'etcd'] });
  });

  it('is where every question looks', () => {
    for (const control of ['pod-manifests', 'etcd-manifest', 'etcd-data-mode'])
      expect(verdictIn(run, control, 'cp-1')?.kind, control).toBe('pass');
    expect(verdictIn(run, 'etcd-data-owner', 'cp-1')?.kind).toBe('unknown');
    expect(verdictIn(run, 'default-service-accounts', 'cluster')?.kind).toBe('fail');
    const told = JSON.stringify(Object.values(run.state().session.findings));
    expect(told).not.toContain(usual);
  });

  it('is what every command and its undo name, and undo brings it back', async () => {
    await server.must(
      `chmod 666 '${dataDir}/agent/pod-manifests/kube-scheduler.yaml'; chmod 755 '${dataDir}/server/db/etcd'`,
    );
    const before = await used();
    await applyOn(run, 'kernel-values', ['cp-1']);
    await applyOn(run, 'kernel-key-quotas', ['cp-1']);
    await applyOn(run, 'etcd-account', ['cp-1']);
    run.actions.preview('profile');
    await run.idle();
    run.actions.acknowledge('profile');
    await run.until('acknowledged', (s) => s.session.acknowledged.profile !== undefined);
    run.actions.probe();
    await run.idle();
    for (const control of ['etcd-data-owner', 'etcd-data-mode', 'pod-manifests'])
      expect(verdictIn(run, control, 'cp-1')?.kind, control).toBe('fail');
    for (const control of ['profile', 'etcd-data-owner', 'etcd-data-mode', 'pod-manifests'])
      await applyOn(run, control, ['cp-1']);
    await applyOn(run, 'default-service-accounts', ['cluster']);
    expect(
      ['profile', 'etcd-data-owner', 'etcd-data-mode', 'pod-manifests'].map(
        (c) => verdictIn(run, c, 'cp-1')?.kind,
      ),
      run.state().output.join('\n'),
    ).toEqual(['pending-restart', 'pass', 'pass', 'pass']);
    expect(verdictIn(run, 'default-service-accounts', 'cluster')?.kind).toBe('pass');
    expect(await server.must(`stat -c %U:%G '${dataDir}/server/db/etcd/member/snap/db'`)).toBe('etcd:etcd\n');
    expect(await server.must(`ls '${dataDir}/server/db/snapshots'`)).toContain('before-profile');

    const { changes } = run.state().session;
    const commands = changes.flatMap((c) => c.commands).join('\n');
    expect(commands).toContain(dataDir);
    expect(commands).not.toContain(usual);

    run.actions.undo(
      standing(run.state().session).map((c) => c.change.id),
      false,
    );
    await run.idle();
    expect(standing(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(await server.must('cat /var/lib/k8s-harden/*/*/undo.sh')).toContain(`'${dataDir}/server/db/etcd'`);
    expect(await server.must(`cat /var/lib/k8s-harden/*/*/undo.sh | sed '/PATH=/d'`)).not.toContain(usual);
    const kept = (text: string) => text.split('\n').filter((line) => !line.includes('/db/snapshots'));
    expect(kept(await used())).toEqual(kept(before));
    expect((await server.exec(`ls -A ${usual}`)).stdout).toBe('');
  });

  it.each([
    ['a file of the folder', '/etc/rancher/rke2/config.yaml.d/05-data.yaml', `data-dir: ${dataDir}`],
    ['the environment of the unit', '/etc/default/rke2-server', `RKE2_DATA_DIR="${dataDir}"`],
  ])('is found in %s as well', async (_, path, line) => {
    const config = '/etc/rancher/rke2/config.yaml';
    const before = await server.must(`cat ${config}`);
    await server.must(
      `sed -i '/^data-dir:/d' ${config}; mkdir -p $(dirname ${path}); cat > ${path}`,
      `${line}\n`,
    );
    try {
      run.actions.connect('cp-1');
      await run.idle();
      expect(run.state().session.nodes[0]?.facts?.dataDir).toBe(dataDir);
    } finally {
      await server.must(`rm ${path}; rmdir $(dirname ${path}) 2>/dev/null; cat > ${config}`, before);
      run.actions.connect('cp-1');
      await run.idle();
    }
  });

  it('is restarted into', async () => {
    for (const control of ['kernel-values', 'kernel-key-quotas', 'etcd-account', 'profile'])
      await applyOn(run, control, ['cp-1']);
    run.actions.restart(['cp-1']);
    await run.idle(90_000);
    expect(run.state().session.restarts.at(-1)?.outcome?.kind, run.state().output.join('\n')).toBe('healthy');
    expect(verdictIn(run, 'profile', 'cp-1')?.kind).toBe('pass');
    expect(verdictIn(run, 'etcd-data-owner', 'cp-1')?.kind).toBe('pass');
  });
});
