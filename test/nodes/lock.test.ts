import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey } from '../../src/domain/session.ts';
import { applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { until } from './command.ts';

const capability = nodesCapability();
const lock = '/run/k8s-harden/lock';

describe.skipIf(!capability.ok)('two wizards on the same nodes', () => {
  let cluster: Cluster;
  const open: Run[] = [];

  const wizardOf = async (operator: string): Promise<Run> => {
    const run = await runOn(cluster, { services: { operator } });
    open.push(run);
    await walkToProbe(run, 'cis-1.6');
    return run;
  };
  const holderOn = async (name: string) => (await cluster.node(name).exec(`cat ${lock}`)).stdout.trim();
  const holder = (run: Run) => `${run.state().session.operator}, session ${run.state().session.id}`;
  const leave = async (run: Run): Promise<void> => {
    run.actions.quit('left');
    await run.until('left', (s) => s.session.ended === 'left');
  };
  const changesOf = (run: Run) => run.state().session.changes.map((c) => [c.change.node, c.outcome?.kind]);

  let ana: Run;
  let ben: Run;

  beforeAll(async () => {
    cluster = await bootNodes({
      rke2: { version: 'v1.23.17+rke2r1' },
      nodes: [
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
      ],
    });
    [ana, ben] = await Promise.all([wizardOf('ana@desk'), wizardOf('ben@laptop')]);
  });

  afterAll(async () => {
    for (const run of open) run.actions.quit('left');
    await Promise.all(open.map((run) => run.remove()));
    await cluster?.close();
  });

  it('may both look', () => {
    for (const run of [ana, ben]) expect(verdictIn(run, 'kernel-values', 'cp-1')?.kind).toBe('fail');
  });

  it('do not both change: the second is told who is there, and nothing is touched', async () => {
    await applyOn(ana, 'kernel-values', ['cp-1']);
    expect(changesOf(ana)).toEqual([['cp-1', 'done']]);
    expect(await holderOn('cp-1')).toBe(holder(ana));
    expect(await cluster.node('cp-1').must(`stat -c '%a %U' ${lock}`)).toBe('600 root\n');

    const before = await manifest(cluster.node('cp-1'));
    await applyOn(ben, 'kernel-key-quotas', ['cp-1']);
    expect(changesOf(ben)).toEqual([]);
    expect(ben.state().view.notice?.text).toContain(`${holder(ana)} is working on cp-1.`);
    expect(await manifest(cluster.node('cp-1'))).toBe(before);
    expect(await holderOn('cp-1')).toBe(holder(ana));
  });

  it('do not restart under each other', async () => {
    const pid = () => cluster.node('cp-1').must('systemctl show -P MainPID rke2-server');
    const before = await pid();
    ben.actions.restart(['cp-1']);
    await ben.idle();
    expect(ben.state().session.restarts).toEqual([]);
    expect(ben.state().view.notice?.text).toContain(`${holder(ana)} is working on cp-1.`);
    expect(await pid()).toBe(before);
  });

  it('leave the others to whoever comes first, even at the same moment', async () => {
    for (const run of [ana, ben]) {
      run.actions.plan('kernel-values');
      await run.idle();
      expect(run.state().plans[findingKey('kernel-values', 'w-1')]?.kind).toBe('ready');
    }
    for (const run of [ana, ben]) run.actions.apply('kernel-values', ['w-1']);
    await Promise.all([ana.idle(), ben.idle()]);
    const made = [ana, ben].map(
      (run) => run.state().session.changes.filter((c) => c.change.node === 'w-1').length,
    );
    expect(made.toSorted()).toEqual([0, 1]);
    const [winner, other] = made[0] === 1 ? [ana, ben] : [ben, ana];
    expect(await holderOn('w-1')).toBe(holder(winner));
    expect(other.state().view.notice?.text).toContain(`${holder(winner)} is working on w-1.`);
  });

  it('take over only when told to, and the first one notices', async () => {
    ben.actions.takeOver('cp-1');
    await ben.idle();
    expect(ben.state().view.notice?.text).toBe('You hold cp-1 now.');
    expect(await holderOn('cp-1')).toBe(holder(ben));
    await applyOn(ben, 'kernel-key-quotas', ['cp-1']);
    expect(verdictIn(ben, 'kernel-key-quotas', 'cp-1')?.kind).toBe('pass');

    await applyOn(ana, 'etcd-account', ['cp-1']);
    expect(ana.state().view.notice?.text).toContain(`${holder(ben)} is working on cp-1.`);
    ana.actions.undo(
      ana
        .state()
        .session.changes.filter((c) => c.change.node === 'cp-1')
        .map((c) => c.change.id),
      false,
    );
    await ana.idle();
    expect(ana.state().session.changes.filter((c) => c.undo)).toEqual([]);
    expect((await cluster.node('cp-1').exec('grep ^etcd: /etc/passwd')).stdout).toBe('');
  });

  it('write down whom they took over from', async () => {
    const { journalPath } = ben.state();
    const lines = (await readFile(journalPath, 'utf8'))
      .split('\n')
      .filter((line) => line.includes('"lock-taken"'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`"from":"${holder(ana)}"`);
  });

  it('give back on leaving what is theirs and nothing else', async () => {
    await leave(ana);
    await until('the lock of w-1', 10, async () =>
      (await holderOn('w-1')) !== holder(ana) ? true : undefined,
    );
    expect(await holderOn('cp-1')).toBe(holder(ben));
    await leave(ben);
    for (const name of ['cp-1', 'w-1'])
      await until(`the lock of ${name}`, 10, async () => ((await holderOn(name)) === '' ? true : undefined));
    const eva = await wizardOf('eva@desk');
    await applyOn(eva, 'etcd-account', ['cp-1']);
    expect(changesOf(eva)).toEqual([['cp-1', 'done']]);
  });

  it('find no lock of the dead after a reboot', async () => {
    expect(await holderOn('cp-1')).not.toBe('');
    await cluster.node('cp-1').reboot();
    expect(await holderOn('cp-1')).toBe('');
  });
});
