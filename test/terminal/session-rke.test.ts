import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bootDocker, containersOn, filesOf, type RkeSide, rkeUp, writeRkeSide } from '../nodes/rke.ts';
import { manifest } from '../support/nodes.ts';
import { sitting } from './sitting.ts';

const names = ['cp-1', 'w-1'];
const kernel = 'sysctl -n vm.overcommit_memory kernel.panic kernel.panic_on_oops';
const command = 'rke up --config cluster.yml';

sitting(
  'a whole session on real nodes of RKE with docker',
  {
    columns: 80,
    rows: 24,
    boot: () =>
      bootDocker([
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
      ]),
    env: (home) => ({ PATH: `${join(home, 'bin')}:${process.env.PATH}` }),
  },
  (session) => {
    const nodes = () => names.map((name) => session.cluster.node(name));
    const readings = () => Promise.all(nodes().map((node) => node.must(kernel)));
    const containers = () => Promise.all(nodes().map(containersOn));
    const state = async () => [
      ...(await readings()),
      await containers(),
      ...(await Promise.all(nodes().map((node) => manifest(node, '/var/lib/etcd')))),
      ...(await filesOf(side)),
    ];
    const makeCluster = async (): Promise<void> => {
      const { at, events } = session;
      const before = events('restart-ended').length;
      await at.press('r', 'type prod and press enter', command);
      await at.type('prod');
      await at.see('❯ prod');
      await at.keys('Enter');
      await expect.poll(() => events('restart-ended').length, { timeout: 90_000 }).toBe(before + 1);
      await at.see('It has ended', 'Finished building Kubernetes cluster successfully');
      await at.press('Enter', 'No restart is due');
    };
    let side: RkeSide;
    let start: Awaited<ReturnType<typeof state>>;
    let made: readonly (readonly string[])[];

    it('knows the nodes by their containers, and asks the guide', async () => {
      const { at } = session;
      side = await writeRkeSide(session.cluster, at.home);
      await rkeUp(side);
      start = await state();
      made = await containers();
      await session.start('--template', 'cluster.yml');
      await at.press('Enter', 'Step 1 of 9', '❯ RKE2');
      await at.press('G', /❯ RKE$/m, 'end of life');
      await at.press('Enter', 'Step 2 of 9', '❯ Level 1: CIS');
      await at.press('Down');
      await at.press('Down', '❯ Level 1: Rancher hardening guide 2.1');
      await at.press('Enter', 'Step 3 of 9', 'Cluster prod, 2 nodes');
      const connected = await at.press('c', '2 of 2 nodes connected');
      expect(connected).toMatch(/cp-1 +✔ connected +server\+etcd, v1\.24\.17-rancher1/);
      expect(connected).toMatch(/w-1 +✔ connected +agent, v1\.24\.17-rancher1/);
      await at.press('c', 'Step 5 of 9', '33 controls asked');
      await at.press('c', 'Step 6 of 9', /❯ 1\.1\.1 /);
    });

    it('what docker says is judged on the node; what changes it is in cluster.yml, and needs the kernel values', async () => {
      const { at, events } = session;
      await at.press('/', 'esc clear');
      await at.type('2.1.1');
      await at.press('Enter', /❯ 2\.1\.1 /);
      await at.press('Enter', 'The kubelet runs with', /cp-1 +✖ fail/, /w-1 +✖ fail/);
      await at.press('n', '2.1.1 cluster.yml', 'f needed');
      await at.press('a', 'Not now: it needs');
      await at.press('f', 'Kernel values of the guide', 'a apply');
      expect(events('change-intended')).toEqual([]);
    });

    it('applies the kernel values on the nodes', async () => {
      const { at } = session;
      await at.press('a', 'yes, apply', 'sysctl.d');
      await at.press('y', 'It has ended', 'w-1: done, pass');
      await at.press('Enter', /cp-1 +✔ fixed/, /w-1 +✔ fixed/);
      expect(await readings()).toEqual(names.map(() => '1\n10\n1\n'));
    });

    it('and those that the kubelet compares besides, for it would not start with others', async () => {
      const { at } = session;
      await at.press('Escape', /❯ 2\.1\.1 /);
      await at.press('Enter', 'The kubelet runs with', 'f needed');
      await at.press('f', 'Kernel values the kubelet compares besides', 'a apply');
      await at.press('a', 'yes, apply', 'sysctl.d');
      await at.press('y', 'It has ended', 'w-1: done, pass');
      await at.press('Enter', /cp-1 +✔ fixed/, /w-1 +✔ fixed/);
    });

    it('edits cluster.yml, after y, for it waits for rke up, and no container changes by that', async () => {
      const { at } = session;
      await at.press('Escape', /❯ 2\.1\.1 /);
      await at.press('Enter', 'The kubelet runs with', 'It comes with “cluster.yml gives the kubelet');
      await at.press('f', '2.1.1 cluster.yml', 'a apply');
      await at.press('a', 'yes, apply', 'keeps a copy of cluster.rkestate');
      await at.press('End', '+      protect-kernel-defaults: "true"');
      await at.press('y', 'It has ended', 'workstation: done, pass');
      await at.press('Enter', /workstation +✔ fixed/);
      const [file = ''] = await filesOf(side);
      expect(file).toMatch(/^# The cluster of the shop\./);
      expect(file).toContain('protect-kernel-defaults: "true"');
      expect(await containers()).toEqual(made);
    });

    it('a rke up that fails half-way says why, stays due, and what it left is not taken for a pass', async () => {
      const { at, events } = session;
      await session.cluster.node('w-1').must('sysctl -qw kernel.panic=0');
      await at.press('Escape', /❯ 2\.1\.1 /);
      await at.press('c', 'Step 7 of 9', '1 restart is due');
      await at.press('r', 'type prod and press enter', command);
      await at.type('prod');
      await at.see('❯ prod');
      await at.press('Enter', 'It has ended', 'ended with exit code 1');
      await at.press('Enter', '1 restart is due', 'invalid kernel flag: kernel/panic');
      expect(events('restart-ended').map((e) => e.outcome.kind)).toEqual(['failed']);
      await at.press('Escape', /❯ 2\.1\.1 /, /2\.1\.1 +The kubelet runs .*✔ +\? +/);
      await session.cluster.node('w-1').must('sysctl -qw kernel.panic=10');
    });

    it('runs rke up, and the containers have the flags', async () => {
      const { at, events } = session;
      await at.press('c', 'Step 7 of 9', '1 restart is due');
      await makeCluster();
      expect(events('restart-ended').map((e) => `${e.node}: ${e.unit}: ${e.outcome.kind}`)).toEqual([
        `workstation: ${command}: failed`,
        `workstation: ${command}: healthy`,
      ]);
      const kubelets = (all: readonly string[]) => all.filter((line) => line.startsWith('/kubelet '));
      for (const [i, now] of (await containers()).entries()) {
        expect(kubelets(now)).toEqual([expect.stringContaining('"--protect-kernel-defaults=true"')]);
        expect(kubelets(now)).toEqual([expect.stringContaining(' running ')]);
        const others = (all: readonly string[] | undefined) => all?.filter((line) => !kubelets([line])[0]);
        expect(others(now)).toEqual(others(made[i]));
      }
      await at.press('Escape', /❯ 2\.1\.1 /, /2\.1\.1 +The kubelet runs .*✔ +✔ +✔ fixed/);
    });

    it('undoes the session; after one more rke up everything is as it was', async () => {
      const { at, events } = session;
      await at.press('u', 'What is to be undone?');
      await at.press('End', '❯ The whole session', '5 changes');
      await at.press('Enter', 'yes, undo');
      await at.press('y', 'It has ended');
      await at.press('Enter');
      await at.press('Escape', /❯ 2\.1\.1 /);
      expect(events('undo-ended').map((e) => e.outcome.kind)).toEqual([
        'done',
        'done',
        'done',
        'done',
        'done',
      ]);
      await at.press('c', 'Step 7 of 9', '1 restart is due');
      await makeCluster();
      expect(await state()).toEqual(start);
    });

    it('leaves with a record that holds', async () => {
      const { at } = session;
      await at.press('q', 'y leave');
      await at.keys('y');
      expect(await at.exitCode()).toBe(3);
      const [id = ''] = at.sessions();
      expect(await session.run('verify', id)).toContain('nothing was cut off');
      expect(await session.run('export', id)).toContain(command);
    });
  },
);
