import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey, remaining, standing } from '../../src/domain/session.ts';
import { applyOn, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, waitForRke2 } from './cluster.ts';

const capability = nodesCapability();
const kubectl = '/var/lib/rancher/rke2/bin/kubectl';
const asRoot = `${kubectl} --kubeconfig /etc/rancher/rke2/rke2.yaml`;

describe.skipIf(!capability.ok)('controls of the whole cluster', () => {
  let cluster: Cluster;
  let run: Run;

  /** Every object of the cluster by its file; what the API counts up by itself is left out. */
  const objects = (): Record<string, unknown> => {
    const folder = join(cluster.store, 'objects');
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    return Object.fromEntries(
      files
        .map((file) => join(file.parentPath, file.name))
        .filter((path) => path.endsWith('.json') && !path.includes('/events/'))
        .map((path) => {
          const { metadata, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
          const { resourceVersion: _, ...lasting } = metadata;
          return [path.slice(folder.length + 1), { ...rest, metadata: lasting }];
        }),
    );
  };
  const changed = (before: Record<string, unknown>) => {
    const now = objects();
    const names = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...names].filter((n) => JSON.stringify(before[n]) !== JSON.stringify(now[n])).toSorted();
  };
  const undoAll = async (): Promise<void> => {
    run.actions.undo(
      // An undo that broke off has no known end, and is taken up again.
      remaining(run.state().session).map((c) => c.change.id),
      false,
    );
    await run.idle();
  };
  const speaker = () => run.state().session.changes.at(-1)?.change.via ?? '';
  const ofAccounts = (path: string) => path.startsWith('serviceaccounts/');

  beforeAll(async () => {
    cluster = await bootNodes({ nodes: 2, rke2: { version: 'v1.23.17+rke2r1' } });
    await cluster.node('cp-1').must(
      `${asRoot} patch sa default -n shop -p '{"automountServiceAccountToken":true}' && ${asRoot} create -f -`,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'reader', namespace: 'shop', labels: { team: 'web' } },
        automountServiceAccountToken: true,
      }),
    );
    run = await runOn(cluster);
    await walkToProbe(run, 'cis-1.6', 2);
  });

  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
  });

  it('patch every default service account, and undo brings back each as it was', async () => {
    const before = objects();
    expect(verdictIn(run, 'default-service-accounts', 'cluster')).toMatchObject({
      kind: 'fail',
      found: expect.stringContaining('shop'),
    });
    await applyOn(run, 'default-service-accounts', ['cluster']);
    expect(verdictIn(run, 'default-service-accounts', 'cluster')?.kind, run.state().output.join('\n')).toBe(
      'pass',
    );
    expect(changed(before)).toEqual(
      Object.keys(before).filter((path) => ofAccounts(path) && path.endsWith('/default.json')),
    );
    await undoAll();
    expect(remaining(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(objects()).toEqual(before);
    expect(verdictIn(run, 'default-service-accounts', 'cluster')?.kind).toBe('fail');
  });

  it('create a policy where none is, and undo removes that one alone', async () => {
    const before = objects();
    expect(verdictIn(run, 'network-policies', 'cluster')?.kind).toBe('fail');
    await applyOn(run, 'network-policies', ['cluster']);
    expect(verdictIn(run, 'network-policies', 'cluster')?.kind, run.state().output.join('\n')).toBe('pass');
    expect(changed(before)).toContain('networkpolicies/shop/same-namespace-and-ingress.json');
    expect(changed(before).filter((path) => !path.startsWith('networkpolicies/'))).toEqual([]);
    await undoAll();
    expect(objects()).toEqual(before);
  });

  it('leave what RKE2 makes itself to RKE2', async () => {
    for (const control of ['network-policies-system', 'pod-security-policies']) {
      expect(verdictIn(run, control, 'cluster')?.kind, control).toBe('fail');
      run.actions.plan(control);
      await run.idle();
      const plan = run.state().plans[findingKey(control, 'cluster')];
      expect(plan, control).toMatchObject({ kind: 'refused' });
      expect(plan?.kind === 'refused' && plan.reason && plan.instead, control).toBeTruthy();
    }
  });

  it('put back what was done of a change that fails half way', async () => {
    const before = objects();
    const nodes = cluster.nodes.map((n) => n.name);
    // Stands in for an admission webhook that refuses the third patch.
    for (const name of nodes)
      await cluster
        .node(name)
        .must(
          `mv ${kubectl} ${kubectl}.real && cat > ${kubectl} && chmod 755 ${kubectl}`,
          `#!/bin/sh\ncase " $* " in *" patch "*) echo >> /run/patches; [ "$(wc -l < /run/patches)" != 3 ] || { echo 'admission webhook "policy.example" denied the request' >&2; exit 1; } ;; esac\nexec ${kubectl}.real "$@"\n`,
        );
    await applyOn(run, 'default-service-accounts', ['cluster']);
    for (const name of nodes)
      await cluster.node(name).must(`mv ${kubectl}.real ${kubectl}; rm -f /run/patches`);
    expect(run.state().session.changes.at(-1)?.outcome).toMatchObject({
      kind: 'put-back',
      failure: { code: 'change-failed', message: expect.stringContaining('denied the request') },
    });
    expect(run.state().view.notice?.text).toContain('What had been done of it was put back.');
    expect(objects()).toEqual(before);
    expect(verdictIn(run, 'default-service-accounts', 'cluster')?.kind).toBe('fail');
  });

  it('are undone where their originals lie, although another server speaks by then', async () => {
    const before = objects();
    await applyOn(run, 'default-service-accounts', ['cluster']);
    const first = speaker();
    const other = first === 'cp-1' ? 'cp-2' : 'cp-1';
    run.actions.connect(first);
    await run.idle();
    await applyOn(run, 'network-policies', ['cluster']);
    expect(speaker()).toBe(other);
    expect(verdictIn(run, 'network-policies', 'cluster')?.kind).toBe('pass');

    await undoAll();
    expect(remaining(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(objects()).toEqual(before);
  });

  it('stay as they are while the API does not answer, and are undone when it does', async () => {
    const before = objects();
    await applyOn(run, 'default-service-accounts', ['cluster']);
    const via = cluster.node(speaker());
    const applied = objects();
    await via.must(': > /etc/rke2-standin/apiserver-down');
    run.actions.probeControl('default-service-accounts');
    await run.idle();
    expect(verdictIn(run, 'default-service-accounts', 'cluster')).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('refused'),
    });
    await undoAll();
    expect(run.state().session.changes.at(-1)?.undo?.outcome).toMatchObject({
      kind: 'unknown',
      failure: {
        code: 'undo-failed',
        script: expect.stringMatching(/^\/var\/lib\/k8s-harden\/.*\/undo\.sh$/),
      },
    });
    expect(objects()).toEqual(applied);

    await via.must('rm /etc/rke2-standin/apiserver-down');
    await undoAll();
    expect(remaining(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(objects()).toEqual(before);
    expect(verdictIn(run, 'default-service-accounts', 'cluster')?.kind).toBe('fail');
  });

  it('name the server to connect to when it is gone', async () => {
    await applyOn(run, 'default-service-accounts', ['cluster']);
    const via = speaker();
    await cluster.node(via).powerOff();
    await run.until('the loss', (s) =>
      s.session.nodes.some((n) => n.name === via && n.failure !== undefined),
    );
    await undoAll();
    expect(run.state().view.notice?.text).toContain(`${via} is not connected`);
    expect(standing(run.state().session)).toHaveLength(1);
    await cluster.node(via).powerOn();
    await waitForRke2(cluster.node(via));
    run.actions.connect();
    await run.idle();
    await undoAll();
    expect(remaining(run.state().session), run.state().output.join('\n')).toEqual([]);
  });
});
