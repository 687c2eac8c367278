import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { selectControls } from '../../src/domain/control.ts';
import { findingKey, standing } from '../../src/domain/session.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { applyOn, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, type NodeSpec } from './cluster.ts';
import { nextSecond, putCase, stateOf } from './real-case.ts';
import { cured, current, old, type Row } from './real-rows.ts';

const capability = nodesCapability();

describe.skipIf(!capability.ok)('the controls of RKE2 on real nodes', () => {
  it('are all tried here', async () => {
    const loaded = await loadProfiles([join(import.meta.dirname, '../../profiles')], (type, spec) =>
      resources.get(type)?.schema.parse(spec),
    );
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
    // Those of the two hardening guides; controls-cis.test.ts tries what the benchmarks ask beyond them.
    const guides = ['cis-1.6', 'hardening-guide'];
    const automated = loaded.value
      .filter((profile) => profile.distribution.id === 'rke2')
      .flatMap((profile) =>
        profile.benchmarks
          .filter((benchmark) => guides.includes(benchmark.id))
          .flatMap((benchmark) => selectControls(profile, benchmark, 2)),
      )
      .filter(
        (control) => control.target === 'node' && control.wants.some((want) => want.type !== 'attested'),
      )
      .map((control) => control.id);
    const tried = [...old, ...current].map((row) => row.control).concat(cured);
    expect([...new Set(tried)].toSorted()).toEqual([...new Set(automated)].toSorted());
  });

  const suites: readonly (readonly [string, string, readonly NodeSpec[], readonly Row[]])[] = [
    ['v1.23.17+rke2r1', 'cis-1.6', [{ name: 'cp-1', role: 'server' }], old],
    [
      'v1.32.6+rke2r1',
      'hardening-guide',
      [
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
      ],
      current,
    ],
  ];

  describe.each(suites)('%s', (version, benchmark, nodes, rows) => {
    let cluster: Cluster;
    let run: Run;
    let start: readonly string[];

    beforeAll(async () => {
      cluster = await bootNodes({ rke2: { version }, nodes });
      for (const machine of cluster.nodes) await machine.must('useradd -r -g operator operator');
      start = await Promise.all(
        cluster.nodes.map((machine) =>
          machine.must('cat /etc/passwd /etc/shadow /etc/group; ls -A /etc/sysctl.d'),
        ),
      );
      run = await runOn(cluster);
      await walkToProbe(run, benchmark);
      if (benchmark === 'hardening-guide')
        for (const control of ['kernel-values', 'kernel-key-quotas', 'etcd-account'])
          await applyOn(run, control, control === 'etcd-account' ? ['cp-1'] : nodes.map((n) => n.name));
    });

    afterAll(async () => {
      run?.actions.quit('left');
      await run?.remove();
      await cluster?.close();
    });

    const look = async (control: string, node: string) => {
      run.actions.probeControl(control);
      await run.idle();
      return verdictIn(run, control, node);
    };
    const told = () => run.state().output.join('\n');

    if (rows === old)
      it('audit-log-path fails, and says what makes it pass', async () => {
        expect(verdictIn(run, 'audit-log-path', 'cp-1')?.kind).toBe('fail');
        run.actions.plan('audit-log-path');
        await run.idle();
        const plan = run.state().plans[findingKey('audit-log-path', 'cp-1')];
        expect(plan).toMatchObject({ kind: 'refused', instead: expect.stringMatching(/\S/) });
      });

    it.each(rows.map((row) => [row.control, row.node, row] as const))(
      '%s on %s: fails, is applied, passes, goes back, and is kept',
      async (control, node, row) => {
        const machine = cluster.node(node);
        if (row.from) await putCase(machine, control, row.from);
        if (row.spoil) await machine.must(row.spoil);
        if (row.restart) await nextSecond(machine);
        const before = await stateOf(machine);
        expect(await look(control, node)).toMatchObject({ kind: 'fail' });
        if (row.preview) {
          run.actions.preview(control);
          await run.idle();
          run.actions.acknowledge(control);
          await run.until('acknowledged', (s) => s.session.acknowledged[control] !== undefined);
        }

        const after = row.restart ? 'pending-restart' : 'pass';
        await applyOn(run, control, [node]);
        expect(verdictIn(run, control, node), told()).toMatchObject({ kind: after });
        expect(await stateOf(machine)).not.toBe(before);
        expect(run.state().session.restartsDue.includes(node)).toBe(row.restart !== undefined);

        const last = run.state().session.changes.at(-1);
        run.actions.undo([last?.change.id ?? ''], false);
        await run.idle();
        expect(last && run.state().session.changes.at(-1)?.undo?.outcome, told()).toEqual({ kind: 'done' });
        expect(await stateOf(machine)).toBe(before);
        expect(verdictIn(run, control, node)).toMatchObject({ kind: 'fail' });

        await applyOn(run, control, [node]);
        expect(verdictIn(run, control, node), told()).toMatchObject({ kind: after });
        if (!row.restart) return;
        run.actions.restart([node]);
        await run.idle(60_000);
        expect(run.state().session.restarts.at(-1)?.outcome, told()).toMatchObject({ kind: 'healthy' });
        expect(verdictIn(run, control, node)).toMatchObject({ kind: 'pass' });
        expect(run.state().session.restartsDue).not.toContain(node);
      },
      90_000,
    );

    it('pass all together in the end, and go back together', async () => {
      run.actions.probe();
      await run.idle();
      for (const row of rows)
        expect(verdictIn(run, row.control, row.node), row.control).toMatchObject({ kind: 'pass' });
      if (rows === old) expect(verdictIn(run, 'audit-log-path', 'cp-1')?.kind).toBe('pass');
      run.actions.undo(
        standing(run.state().session).map((c) => c.change.id),
        false,
      );
      await run.idle(60_000);
      expect(
        standing(run.state().session).map((c) => c.change.control),
        told(),
      ).toEqual([]);
      expect(
        await Promise.all(
          cluster.nodes.map((machine) =>
            machine.must('cat /etc/passwd /etc/shadow /etc/group; ls -A /etc/sysctl.d'),
          ),
        ),
      ).toEqual(start);
    });
  });
});
