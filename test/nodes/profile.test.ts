import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import { runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';

const capability = nodesCapability();

describe.skipIf(!capability.ok)('switching the profile on in a running cluster', () => {
  let cluster: Cluster;
  let run: Run;
  const places = ['cp-1', 'cp-2', 'cp-3'];

  beforeAll(async () => {
    cluster = await bootNodes({ rke2: { version: 'v1.23.17+rke2r1' } });
    run = await runOn(cluster);
    await walkToProbe(run, 'cis-1.6');
  });
  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
  });

  const verdict = (control: string, place: string) => verdictIn(run, control, place);
  const applyAll = async (control: string): Promise<void> => {
    run.actions.plan(control);
    await run.idle();
    const ready = places.filter((p) => run.state().plans[findingKey(control, p)]?.kind === 'ready');
    expect(ready, JSON.stringify(run.state().plans)).toEqual(places);
    run.actions.apply(control, ready);
    await run.idle();
  };

  it('is locked until the kernel values and the etcd account pass', async () => {
    run.actions.plan('profile');
    await run.idle();
    expect(run.state().plans[findingKey('profile', 'cp-1')]).toMatchObject({ kind: 'refused' });
  });

  it('is refused until what it would refuse has been seen, then written with a snapshot first', async () => {
    await applyAll('kernel-values');
    await applyAll('kernel-key-quotas');
    await applyAll('etcd-account');
    run.actions.plan('profile');
    await run.idle();
    expect(run.state().plans[findingKey('profile', 'cp-1')]).toMatchObject({
      kind: 'refused',
      instead: expect.stringContaining('w'),
    });
    run.actions.preview('profile');
    await run.idle();
    expect(run.state().previews.profile).toMatchObject({
      kind: 'ready',
      lines: expect.arrayContaining([expect.stringContaining('shop')]),
    });
    run.actions.acknowledge('profile');
    await run.until('acknowledged', (s) => s.session.acknowledged.profile !== undefined);
    await applyAll('profile');
    expect(places.map((p) => verdict('profile', p)?.kind)).toEqual([
      'pending-restart',
      'pending-restart',
      'pending-restart',
    ]);
    expect(run.state().session.restartsDue).toEqual(places);
    expect(await cluster.node('cp-1').must('ls /var/lib/rancher/rke2/server/db/snapshots')).toContain(
      'before-profile',
    );
  });

  it('restarts the servers one at a time, and the profile passes afterwards', async () => {
    run.actions.restart(places);
    await run.idle(90_000);
    expect(
      run.state().session.restarts.map((r) => [r.node, r.outcome?.kind]),
      run.state().output.join('\n'),
    ).toEqual(places.map((p) => [p, 'healthy']));
    expect(run.state().session.restartsDue).toEqual([]);
    expect(places.map((p) => verdict('profile', p)?.kind)).toEqual(['pass', 'pass', 'pass']);
    expect(verdict('etcd-data-owner', 'cp-1')?.kind).toBe('pass');
  });

  it('undone, leaves nothing of what RKE2 made in the cluster', async () => {
    const leftovers = (): Promise<string> =>
      cluster
        .node('cp-1')
        .must(
          'k="/var/lib/rancher/rke2/bin/kubectl --kubeconfig /etc/rancher/rke2/rke2.yaml"; for what in networkpolicies serviceaccounts namespaces; do $k get $what -A -o json; done | grep -E "np.rke2.io|default-network-|automountServiceAccountToken" || true',
        );
    expect(await leftovers()).toContain('default-network-dns-policy');
    const switched = standing(run.state().session).filter((c) => c.change.control === 'profile');
    run.actions.undo(
      switched.map((c) => c.change.id),
      false,
    );
    await run.idle();
    expect(
      standing(run.state().session).map((c) => c.change.control),
      run.state().output.join('\n'),
    ).not.toContain('profile');
    expect(await leftovers()).toBe('');
    run.actions.restart(places);
    await run.idle(90_000);
    expect(await leftovers()).toBe('');
    await applyAll('profile');
    run.actions.restart(places);
    await run.idle(90_000);
    expect(run.state().session.restarts.at(-1)?.outcome?.kind).toBe('healthy');
  });

  it('refuses to restart a server while another is not Ready', async () => {
    await cluster.node('cp-3').must('systemctl stop rke2-server');
    run.actions.restart(['cp-1']);
    await run.idle();
    expect(run.state().view.notice?.text).toContain('cp-3 is not Ready');
    expect(run.state().session.restarts.length).toBe(9);
    await cluster.node('cp-3').must('systemctl start rke2-server');
  });

  it('names the fatal line of a start that fails', async () => {
    const profile = standing(run.state().session).find(
      (c) => c.change.control === 'profile' && c.change.node === 'cp-2',
    );
    expect(profile).toBeDefined();
    await cluster.node('cp-2').must('echo 0 > /proc/sys/vm/overcommit_memory');
    run.actions.restart(['cp-2']);
    await run.idle(90_000);
    expect(run.state().session.restarts.at(-1)?.outcome).toMatchObject({ kind: 'crash-looping' });
    expect(run.state().view.notice?.text).toMatch(
      /invalid kernel parameter value vm.overcommit_memory=0 - expected 1/,
    );
  });
});

describe.skipIf(!capability.ok)('a first start that fails on files of etcd that belong to root', () => {
  it('offers the repair, makes it, and the server is healthy', async () => {
    const cluster = await bootNodes({ nodes: 1, rke2: { version: 'v1.23.17+rke2r1' } });
    const run = await runOn(cluster);
    try {
      await walkToProbe(run, 'cis-1.6');
      await cluster.node('cp-1').must('touch /etc/rke2-standin/etcd-panic');
      for (const control of ['kernel-values', 'kernel-key-quotas', 'etcd-account', 'profile']) {
        if (control === 'profile') {
          run.actions.preview(control);
          await run.idle();
          run.actions.acknowledge(control);
          await run.until('acknowledged', (s) => s.session.acknowledged.profile !== undefined);
        }
        run.actions.plan(control);
        await run.idle();
        run.actions.apply(control, ['cp-1']);
        await run.idle();
      }
      run.actions.restart(['cp-1']);
      await run.idle(90_000);
      expect(run.state().session.restarts.at(-1)?.outcome).toMatchObject({
        kind: 'crash-looping',
        line: expect.stringContaining('permission denied'),
      });
      run.actions.planRepair('cp-1');
      await run.idle();
      expect(run.state().plans[findingKey('etcd-data-owner', 'cp-1')]).toMatchObject({
        kind: 'ready',
        commands: [expect.stringContaining('chown -h etcd:etcd')],
      });
      run.actions.repair('cp-1');
      await run.idle(90_000);
      expect(run.state().session.restarts.at(-1)?.outcome, run.state().output.join('\n')).toMatchObject({
        kind: 'healthy',
      });
    } finally {
      run.actions.quit('left');
      await run.remove();
      await cluster.close();
    }
  });
});
