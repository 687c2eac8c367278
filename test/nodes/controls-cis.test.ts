import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import type { PlannedChange } from '../../src/store/state.ts';
import { rke2Profile } from '../profiles/rke2.ts';
import { applyOn, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster, waitForRke2 } from './cluster.ts';
import type { Machine } from './machine.ts';
import { caseOf, configurationOf, filesOf, nextSecond, ownConfig, putCase, stateOf } from './real-case.ts';
import { cured, current, old, type Row, suites, unseen } from './real-rows.ts';

const capability = nodesCapability();

/** A change that is refused must say so in its case, and is put right by hand. */
const isRefused = (row: Row): boolean => caseOf(row.control, 'bad').change === 'refused';
const named = (rows: readonly Row[]) => rows.map((row) => [row.control, row.node, row] as const);

it('every control that asks a node of RKE2 is tried on a booted one, or has its reason why not', async () => {
  const { controls } = await rke2Profile();
  const asked = controls
    .filter(({ target, wants }) => target === 'node' && wants.some((want) => want.type !== 'attested'))
    .map((control) => control.id);
  const rows = suites.flatMap(({ files, owned, configured }) => [...files, ...owned, ...configured]);
  const tried = new Set([
    ...[...old, ...current, ...rows].map((row) => row.control),
    ...cured,
    ...suites.flatMap((suite) => suite.brought),
  ]);
  expect(asked.filter((id) => !tried.has(id)).toSorted()).toEqual(Object.keys(unseen).toSorted());
  expect([...tried].filter((id) => !asked.includes(id))).toEqual([]);
});

describe.skipIf(!capability.ok).each(suites)('$version under $benchmark', (suite) => {
  const nodes = ['cp-1', ...suite.agents];
  let cluster: Cluster;
  let run: Run;

  beforeAll(async () => {
    cluster = await bootNodes({
      rke2: { version: suite.version, profile: suite.profile, prepared: true },
      nodes: nodes.map((name) => ({ name, role: name === 'cp-1' ? 'server' : 'agent' })),
    });
    for (const machine of cluster.nodes) await machine.must('useradd -r -g operator operator');
    run = await runOn(cluster);
    await walkToProbe(run, suite.benchmark, 2);
    const reached = run.state().session.nodes.filter((node) => node.facts);
    expect(reached, JSON.stringify(run.state().session.nodes)).toHaveLength(nodes.length);
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
  const planFor = async (control: string, node: string): Promise<PlannedChange | undefined> => {
    run.actions.plan(control);
    await run.idle();
    return run.state().plans[findingKey(control, node)];
  };
  const told = () => run.state().output.join('\n');
  const states = () => Promise.all(cluster.nodes.map(stateOf));

  /** Fails, and is not changed: what is refused says why and what to do instead. */
  const expectRefused = async (control: string, node: string): Promise<void> => {
    expect(await look(control, node), control).toMatchObject({ kind: 'fail' });
    expect(await planFor(control, node), control).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/\S/),
      instead: expect.stringMatching(/\S/),
    });
  };

  /** Fails, is applied, is then as wanted, and goes back to what it was. */
  const expectCured = async (control: string, node: string, after: string): Promise<void> => {
    const machine = cluster.node(node);
    const before = await stateOf(machine);
    expect(await look(control, node)).toMatchObject({ kind: 'fail' });
    await applyOn(run, control, [node]);
    expect(verdictIn(run, control, node), told()).toMatchObject({ kind: after });
    expect(await stateOf(machine)).not.toBe(before);
    const last = run.state().session.changes.at(-1);
    expect(last?.change).toMatchObject({ control, node });
    run.actions.undo([last?.change.id ?? ''], false);
    await run.idle();
    expect(run.state().session.changes.at(-1)?.undo?.outcome, told()).toEqual({ kind: 'done' });
    expect(await stateOf(machine)).toBe(before);
    expect(verdictIn(run, control, node)).toMatchObject({ kind: 'fail' });
  };

  it.each(named(suite.files))(
    '%s on %s: fails, is applied, passes, goes back',
    async (control, node, row) => {
      const machine = cluster.node(node);
      if (row.from) await putCase(machine, control, row.from);
      if (row.spoil) await machine.must(row.spoil);
      await expectCured(control, node, 'pass');
    },
    30_000,
  );

  it('what no node can be brought to fail passes as it comes', () => {
    const here = Object.keys(unseen).flatMap((control) => verdictIn(run, control, 'cp-1') ?? []);
    expect(here.length).toBeGreaterThan(0);
    expect(here.filter((verdict) => verdict.kind !== 'pass')).toEqual([]);
  });

  it.each(named(suite.owned))(
    '%s on %s: fails, is refused, passes when its file is back',
    async (control, node) => {
      const machine = cluster.node(node);
      const files = Object.keys(filesOf(caseOf(control, 'bad')));
      expect(files).not.toEqual([]);
      for (const file of files) await machine.must(`cp -a ${file} ${file}.before`);
      await putCase(machine, control, 'bad');
      const spoiled = await stateOf(machine);
      await expectRefused(control, node);
      expect(await stateOf(machine)).toBe(spoiled);
      for (const file of files) await machine.must(`mv ${file}.before ${file}`);
      expect(await look(control, node)).toMatchObject({ kind: 'pass' });
    },
    30_000,
  );

  describe('with arguments of the operator', () => {
    const applied = suite.configured.filter((row) => !isRefused(row));
    const refused = suite.configured.filter(isRefused);

    beforeAll(async () => {
      for (const machine of cluster.nodes) {
        const rows = suite.configured.filter((row) => row.node === machine.name && row.from);
        if (rows.length === 0) continue;
        const text = configurationOf(rows.map((row) => row.control));
        await machine.must(`mkdir -p "$(dirname ${ownConfig})"; cat > ${ownConfig}`, text);
      }
      await restartByHand(cluster.nodes);
    });

    it.each(named(applied))(
      '%s on %s: fails, is applied, waits for the restart, goes back',
      (control, node) => expectCured(control, node, 'pending-restart'),
      30_000,
    );

    it.each(named(refused))('%s on %s: fails, and is refused', expectRefused);

    it('what was applied passes after the restart and goes back; the rest passes once its lines are out', async () => {
      const before = await states();
      for (const { control, node } of applied) {
        // Of several controls that ask for the same argument, the change of one may be all that the next one wanted.
        if ((await planFor(control, node))?.kind !== 'ready') continue;
        run.actions.apply(control, [node]);
        await run.idle(60_000);
      }
      const changed = new Set(standing(run.state().session).map((c) => c.change.node));
      const due = [...new Set(applied.map((row) => row.node))];
      expect([...changed].toSorted()).toEqual(due.toSorted());
      expect([...run.state().session.restartsDue].toSorted()).toEqual(due.toSorted());
      if (due.length > 0) run.actions.restart(due);
      await run.idle(60_000);
      run.actions.probe();
      await run.idle();
      for (const { control, node } of applied)
        expect(verdictIn(run, control, node), `${control}: ${told()}`).toMatchObject({ kind: 'pass' });
      for (const { control, node } of refused)
        expect(verdictIn(run, control, node), control).toMatchObject({ kind: 'fail' });

      run.actions.undo(
        standing(run.state().session).map((c) => c.change.id),
        false,
      );
      await run.idle(60_000);
      expect(standing(run.state().session), told()).toEqual([]);
      await restartByHand(cluster.nodes);
      expect(await states()).toEqual(before);

      for (const machine of cluster.nodes) await machine.must(`rm -f ${ownConfig}`);
      await restartByHand(cluster.nodes);
      run.actions.probe();
      await run.idle();
      for (const { control, node } of refused)
        expect(verdictIn(run, control, node), control).toMatchObject({ kind: 'pass' });
    });
  });

  if (suite.brought.length > 0)
    it(`only the profile brings ${suite.brought.join(' and ')}`, async () => {
      const server = cluster.node('cp-1');
      const config = '/etc/rancher/rke2/config.yaml';
      await server.must(`cp -a ${config} /root/config && sed -i '/^profile:/d' ${config}`);
      await restartByHand([server]);
      for (const control of suite.brought) await expectRefused(control, 'cp-1');
      await server.must(`mv /root/config ${config}`);
      await restartByHand([server]);
      for (const control of suite.brought)
        expect(await look(control, 'cp-1'), control).toMatchObject({ kind: 'pass' });
    });
});

/** Restarts RKE2 on nodes as an operator would, and waits until what is written next looks newer than the start. */
async function restartByHand(machines: readonly Machine[]): Promise<void> {
  for (const machine of machines) {
    // So many starts in so short a time are the tests', and not a failing service.
    await machine.must(`systemctl reset-failed rke2-${machine.role}; systemctl restart rke2-${machine.role}`);
    await waitForRke2(machine);
    await nextSecond(machine);
  }
}
