import { expect, it } from 'vitest';
import { bootCanonical } from '../nodes/canonical.ts';
import { manifest } from '../support/nodes.ts';
import { hurried, sitting } from './sitting.ts';

const names = ['cp-1', 'w-1'];
const kernel = 'sysctl -n vm.overcommit_memory kernel.panic kernel.panic_on_oops';
const kubelet = "tr '\\0' ' ' < /proc/$(pgrep -x kubelet)/cmdline";
const unit = '/etc/systemd/system/snap.k8s.kubelet.service';

sitting(
  'a whole session on real nodes of Canonical Kubernetes',
  {
    columns: 120,
    rows: 40,
    boot: () =>
      bootCanonical([
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
      ]),
    users: { 'cp-1': 'ops' },
  },
  (session) => {
    const on = (command: string): Promise<readonly string[]> =>
      Promise.all(names.map((name) => session.cluster.node(name).must(command)));
    const state = async (): Promise<readonly string[]> => [
      ...(await on(kernel)),
      ...(await on(kubelet)),
      ...(await Promise.all(names.map((name) => manifest(session.cluster.node(name), '/var/snap /snap')))),
    ];
    const restart = async (count: number): Promise<void> => {
      const { at, events } = session;
      const before = events('restart-ended').length;
      await at.press('r', 'type prod and press enter', 'restart -- snap.k8s.kubelet');
      await at.type('prod');
      await at.see('❯ prod');
      await at.keys('Enter');
      await expect.poll(() => events('restart-ended').length, { timeout: 90_000 }).toBe(before + count);
      await at.see('It has ended', 'Restarted and healthy');
      await at.press('Enter', 'No restart is due');
    };
    let start: readonly string[];

    it('finds the roles by their files, and asks the guide', async () => {
      const { at } = session;
      start = await state();
      await session.start(...hurried(at.home, 'canonical'));
      await at.press('Enter', 'Step 1 of 9', '❯ RKE2');
      await at.press('Down', '❯ Canonical Kubernetes');
      await at.press('Enter', 'Step 2 of 9');
      await at.press('G', '❯ Level 1: Hardening guide of Canonical Kubernetes');
      await at.press('Enter', 'Step 3 of 9', 'Cluster prod, 2 nodes');
      const connected = await at.press('c', '2 of 2 nodes connected');
      expect(connected).toMatch(/cp-1 +✔ connected +server\+etcd, v1\.32\.6/);
      expect(connected).toMatch(/w-1 +✔ connected +agent, v1\.32\.6/);
      await at.press('c', 'Step 5 of 9', /\d\d controls asked/);
      await at.press('c', 'Step 6 of 9', '❯ audit.1');
    });

    it('refuses the flag until the kernel values are there, and leads to them', async () => {
      const { at, events } = session;
      await at.press('/', 'esc clear');
      await at.type('kubelet.');
      await at.press('Enter', '❯ kubelet.1');
      await at.press('Down', '❯ kubelet.2');
      await at.press('Enter', 'f needed', /cp-1 +✖ fail +not given/);
      await at.press('a', 'Not now: it needs');
      expect(events('change-intended')).toEqual([]);
      await at.press('f', 'kubelet.1', 'a apply');
    });

    it('applies kernel values and the mode of a unit file, without a restart', async () => {
      const { at } = session;
      await at.press('a', 'yes, apply', 'kernel.panic_on_oops');
      await at.press('y', 'It has ended', 'w-1: done, pass');
      await at.press('Enter', /cp-1 +✔ fixed/, /w-1 +✔ fixed/);
      expect(await on(kernel)).toEqual(names.map(() => '1\n10\n1\n'));
      await at.press('Escape', '❯ kubelet.1');
      for (const next of ['kubelet.2', 'kubelet.3']) await at.press('Down', `❯ ${next}`);
      await at.press('Enter', 'kubelet.3', 'a apply');
      await at.press('a', 'yes, apply', unit);
      await at.press('y', 'It has ended', 'w-1: done, pass');
      await at.press('Enter', /cp-1 +✔ fixed/, /w-1 +✔ fixed/);
      expect(await on(`stat -c %a ${unit}`)).toEqual(names.map(() => '600\n'));
    });

    it('writes the flag, after the cluster’s name, with every line of the file in sight', async () => {
      const { at, events } = session;
      await at.press('p', 'kubelet.2', 'a apply');
      const asked = await at.press('a', 'type prod and press enter', '--protect-kernel-defaults="true"');
      expect(asked).toContain('--anonymous-auth="false"');
      expect(asked).not.toContain('redacted');
      await at.type('prod');
      await at.see('❯ prod');
      await at.press('Enter', 'It has ended');
      await at.press('Enter', 'kubelet.2', /cp-1 +↻ restart due/, /w-1 +↻ restart due/);
      expect(
        events('change-intended').filter((e) => e.change.control === 'kubelet-kernel-defaults'),
      ).toHaveLength(2);
      for (const running of await on(kubelet)) expect(running).not.toContain('protect-kernel-defaults');
    });

    it('a kubelet that cannot start with it is named with its own words, and no other node is restarted', async () => {
      const { at, events, cluster } = session;
      const worker = cluster.node('w-1');
      const before = await cluster.node('cp-1').must('pgrep -x kubelet');
      await worker.must('sysctl -qw kernel.panic=0');
      await at.press('Escape', '❯ kubelet.2');
      await at.press('c', 'Step 7 of 9', '2 restarts are due');
      await at.press('r', 'type prod and press enter');
      await at.type('prod');
      await at.see('❯ prod');
      await at.press('Enter', 'It has ended', 'No other node is restarted');
      expect(events('restart-ended').map((e) => [e.node, e.outcome])).toEqual([
        [
          'w-1',
          { kind: 'crash-looping', line: expect.stringContaining('invalid kernel flag: kernel/panic') },
        ],
      ]);
      expect(await cluster.node('cp-1').must('pgrep -x kubelet')).toBe(before);
      await at.press('Enter', '2 restarts are due', 'starts and dies again');
      // Systemd counts starts for ten seconds; an operator who corrects the value takes longer.
      await worker.must('sysctl -qw kernel.panic=10; systemctl reset-failed snap.k8s.kubelet');
      await at.press('Escape', '❯ kubelet.2');
    });

    it('restarts the kubelets only, the worker’s first, and the flag is in force', async () => {
      const { at, events } = session;
      const api = () => session.cluster.node('cp-1').must('pgrep -x kube-apiserver');
      const before = await api();
      await at.press('c', 'Step 7 of 9', '2 restarts are due');
      await restart(2);
      expect(
        events('restart-ended')
          .slice(1)
          .map((e) => `${e.node} ${e.unit} ${e.outcome.kind}`),
      ).toEqual(['w-1', 'cp-1'].map((name) => `${name} snap.k8s.kubelet healthy`));
      expect(await api()).toBe(before);
      for (const running of await on(kubelet)) expect(running).toContain(' --protect-kernel-defaults=true ');
      await at.press('Escape', '❯ kubelet.2', /kubelet\.2 .*✔ fixed +✔ fixed +✔ fixed/);
    });

    it('undoes the session; after the restart that it asks for, everything is as it was', async () => {
      const { at, events } = session;
      await at.press('u', 'What is to be undone?');
      await at.press('End', '❯ The whole session', '6 changes');
      await at.press('Enter', 'type prod and press enter', '6 changes on w-1 and cp-1');
      await at.type('prod');
      await at.see('❯ prod');
      await at.press('Enter', 'It has ended');
      await at.press('Enter');
      await at.press('Escape', '❯ kubelet.2');
      expect(events('undo-ended').map((e) => e.outcome.kind)).toEqual(
        Array.from({ length: 6 }, () => 'done'),
      );
      await at.press('c', 'Step 7 of 9', '2 restarts are due');
      await restart(2);
      expect(await state()).toEqual(start);
    });

    it('leaves with a record that holds', async () => {
      const { at } = session;
      await at.press('q', 'y leave');
      await at.keys('y');
      expect(await at.exitCode()).toBe(3);
      const [id = ''] = at.sessions();
      expect(await session.run('verify', id)).toContain('nothing was cut off');
      expect(await session.run('export', id)).toContain('protect-kernel-defaults');
    });
  },
);
