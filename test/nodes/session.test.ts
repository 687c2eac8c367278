import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import { applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';

const capability = nodesCapability();

describe.skipIf(!capability.ok)('a session on real nodes', () => {
  let cluster: Cluster;
  let run: Run;

  beforeAll(async () => {
    cluster = await bootNodes({ rke2: { version: 'v1.23.17+rke2r1' } });
    run = await runOn(cluster);
  });
  afterAll(async () => {
    run?.actions.quit('left');
    await run?.remove();
    await cluster?.close();
  });

  it('probes, applies kernel values everywhere, and undo leaves the nodes as they were', async () => {
    const before = await Promise.all(cluster.nodes.map((n) => manifest(n)));
    await walkToProbe(run, 'cis-1.6');
    const verdict = (control: string, place: string) => verdictIn(run, control, place);
    expect(run.state().session.nodes.map((n) => n.failure)).toEqual(cluster.nodes.map(() => undefined));
    expect(run.state().session.nodes.map((n) => n.facts?.version)).toEqual(
      cluster.nodes.map(() => 'v1.23.17+rke2r1'),
    );
    expect(verdict('kernel-values', 'cp-1')).toMatchObject({ kind: 'fail' });

    const places = cluster.nodes.map((n) => n.name);
    run.actions.plan('kernel-values');
    await run.idle();
    expect(run.state().plans[findingKey('kernel-values', 'cp-1')]).toMatchObject({ kind: 'ready' });
    run.actions.apply('kernel-values', places);
    await run.idle();
    expect(
      places.map((p) => verdict('kernel-values', p)?.kind),
      run.state().output.join('\n'),
    ).toEqual(['pass', 'pass', 'pass']);
    expect(await cluster.node('cp-2').must('cat /proc/sys/vm/overcommit_memory')).toBe('1\n');

    await applyOn(run, 'etcd-account', ['cp-1']);
    expect(verdict('etcd-account', 'cp-1')?.kind).toBe('pass');

    run.actions.undo(
      standing(run.state().session).map((c) => c.change.id),
      false,
    );
    await run.idle();
    expect(standing(run.state().session), run.state().output.join('\n')).toEqual([]);
    expect(verdict('kernel-values', 'cp-1')?.kind).toBe('fail');
    const after = await Promise.all(cluster.nodes.map((n) => manifest(n)));
    expect(after).toEqual(before);
  });
});
