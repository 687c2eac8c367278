import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { nodesCapability } from '../nodes/capability.ts';
import type { Cluster } from '../nodes/cluster.ts';
import { type Built, builtProgram } from './build.ts';
import { type Operator, sitDown } from './operator.ts';
import { bootProd, nameNodes, servers } from './prod.ts';
import { whyNoTmux } from './tmux.ts';

const capability = nodesCapability();
const missing = whyNoTmux() ?? (capability.ok ? undefined : capability.reason);
// A busy machine may take its time; what must not happen is still waited for no longer than it takes.
vi.setConfig({ testTimeout: 180_000 });

if (missing) console.warn(`LEFT OUT: the session in a real terminal on real nodes: ${missing}`);

/** A whole session, from the first screen to the shell, in a terminal of this size; only these servers are restarted. */
export function wholeSession(columns: number, rows: number, restarted: readonly string[]): void {
  describe.skipIf(missing !== undefined)(`a whole session on real nodes at ${columns}×${rows}`, () => {
    const left = servers.length - restarted.length;
    const named = left === 0 ? 'one server after the other' : 'the ticked server';
    let built: Built;
    let cluster: Cluster;
    let at: Operator;
    beforeAll(async () => {
      built = await builtProgram();
      cluster = await bootProd();
      at = await sitDown({ program: built.program, columns, rows });
      nameNodes(cluster, at.home);
    });
    afterAll(async () => {
      await at?.close();
      await cluster?.close();
      built?.remove();
    });

    // One step stands on the one before it; after one that failed the rest would only wait.
    let broken = false;
    beforeEach((context) => {
      if (broken) context.skip('an earlier step failed');
    });
    afterEach(async ({ task }) => {
      if (task.result?.state !== 'fail') return;
      broken = true;
      console.error(`${(await at.screen()).join('\n')}\n${JSON.stringify(at.records().slice(-3), null, 1)}`);
    });

    const events = <K extends Event['kind']>(kind: K) =>
      at.records().flatMap(({ event }) => (event.kind === kind ? [event as Event & { kind: K }] : []));
    const intended = (): readonly string[] =>
      events('change-intended').map(({ change }) => `${change.control} ${change.node}`);
    const onServers = (command: string): Promise<readonly string[]> =>
      Promise.all(servers.map((name) => cluster.node(name).must(command)));
    const reading = (): Promise<readonly string[]> =>
      onServers('sysctl -n vm.overcommit_memory kernel.panic kernel.panic_on_oops');

    it('chooses, and names the last node by a paste', async () => {
      const flags = ['--known-hosts', 'known_hosts', '--identity', cluster.keyPath, '--ssh-config', 'none'];
      await at.start('--inventory', 'prod.yaml', ...flags);
      await at.see('Harden a cluster', /❯ Harden/);
      await at.press('Enter', 'Step 1 of 9', '❯ RKE2');
      await at.press('Enter', 'Step 2 of 9', '❯ Level 1: CIS Kubernetes Benchmark 1.12', 'another may fit');
      await at.press('Down', '❯ Level 2: CIS Kubernetes Benchmark 1.12');
      await at.press('Down', '❯ Level 1: CIS Kubernetes Benchmark 1.6');
      await at.press('Enter', 'Step 3 of 9', 'Cluster prod, 3 nodes');
      await at.press('e', 'ctrl-s save');
      await at.paste(`cp-3=root@127.0.0.1:${cluster.node('cp-3').port} server\n`);
      await at.see('cp-3=root@');
      await at.press('C-s', 'Cluster prod, 4 nodes', `root@127.0.0.1:${cluster.node('cp-3').port}`);
    });

    it('connects: the key of an unknown node is compared and accepted, a wrong one refused for good', async () => {
      const asked = await at.press('c', 'cp-3', 'not known yet');
      expect(asked).toContain(cluster.node('cp-3').fingerprint);
      // Enter is no, and says nothing to the node; asked again, y is yes.
      await at.press('Enter', '2 of 4 nodes connected');
      await at.press('G');
      await at.press('r', 'not known yet', cluster.node('cp-3').fingerprint);
      await at.press('y', '3 of 4 nodes connected');
      expect(readFileSync(join(at.home, 'known_hosts'), 'utf8')).toContain(
        `[127.0.0.1]:${cluster.node('cp-3').port} ssh-ed25519`,
      );

      await at.press('g');
      await at.press('Down');
      const refused = await at.press('Down', /❯ w-1\s+✖/, 'is not the one in', 'ssh-keygen -R');
      expect(refused).not.toContain('yes, it is the key');
      await at.press('y', '3 of 4 nodes connected');
      const refusals = () =>
        events('node-failed').filter((e) => e.failure.code === 'host-key-changed').length;
      const before = refusals();
      await at.press('r');
      await expect.poll(refusals, { timeout: 10_000 }).toBe(before + 1);
      await at.see('3 of 4 nodes connected', 'is not the one in');
      expect(events('host-key-accepted').map((e) => e.node)).toEqual(['cp-3']);
      expect(events('node-connected').map((e) => e.node)).not.toContain('w-1');
    });

    it('probes', async () => {
      const probed = await at.press('c', 'Step 5 of 9', '20 controls asked');
      expect(probed.match(/✔ answered/g)).toHaveLength(3);
      const all = await at.press('c', 'Step 6 of 9', '20 controls', 'host.1');
      expect(all).toMatch(/❯ host\.1/);
    });

    it('applies kernel values on all, after y and not after Enter', async () => {
      const before = await reading();
      await at.press('Enter', 'host.1', 'a apply', 'a apply');
      await at.press('a', 'yes, apply', 'sysctl.d', 'cp-1, cp-2 and cp-3');
      await at.press('Enter', 'a apply');
      expect(intended()).toEqual([]);
      expect(await reading()).toEqual(before);
      await at.press('a', 'yes, apply');
      await at.press('y', 'It has ended', /cp-3: done, pass/);
      await at.press('Enter', /cp-1\s+✔ fixed/, /cp-2\s+✔ fixed/, /cp-3\s+✔ fixed/);
      expect(await reading()).toEqual(servers.map(() => '1\n10\n1\n'));
      expect(intended()).toEqual(servers.map((name) => `kernel-values ${name}`));

      await at.press('n', 'host.2', 'a apply', 'a apply');
      await at.press('a', 'yes, apply');
      await at.press('y', 'It has ended', /cp-3: done, pass/);
      await at.press('Enter', 'host.2', /cp-3\s+✔ fixed/);
    });

    it('creates the etcd account, undoes it on one node, creates it again', async () => {
      await at.press('n', 'host.3', 'a apply');
      await at.press('a', 'yes, apply', 'useradd');
      await at.press('y', 'It has ended', /cp-3: done, pass/);
      await at.press('Enter', 'host.3', /cp-3\s+✔ fixed/);
      expect(await onServers('getent passwd etcd | cut -d: -f1,7')).toEqual(
        servers.map(() => 'etcd:/sbin/nologin\n'),
      );

      // The list begins at the newest change of this control: cp-3's account.
      await at.press('u', 'What is to be undone?', /❯ cp-3: A local account/, /This control everywhere/);
      await at.press('Enter', 'yes, undo', '/etc/passwd');
      await at.press('End', 'userdel etcd');
      await at.press('y', 'It has ended');
      await at.press('Enter', 'What is to be undone?');
      await at.press('Escape', 'host.3', /cp-3\s+✖ fail/, /cp-1\s+✔ fixed/);
      expect((await cluster.node('cp-3').exec('grep -c "^etcd:" /etc/passwd /etc/group')).code).toBe(1);

      await at.press('a', 'yes, apply', 'cp-3');
      await at.press('y', 'It has ended', /cp-3: done, pass/);
      await at.press('Enter', 'host.3', /cp-3\s+✔ fixed/);
    });

    it('switches the profile on: seen, acknowledged, its name typed', async () => {
      await at.press('n', 'runtime.1', 'a apply');
      await at.press('a', 'i I have read it');
      await at.press('End', 'What would be refused');
      await at.press('i', 'runtime.1', 'Noted in the record');
      await at.press('a', 'type prod and press enter', 'profile');
      await at.press('Enter', 'Nothing is done until “prod” stands here', 'type prod and press enter');
      await at.press('Escape', 'runtime.1');
      expect(events('change-intended').filter((e) => e.change.control === 'profile')).toEqual([]);
      await at.press('a', 'type prod and press enter');
      await at.type('prod');
      await at.see('prod');
      await at.press('Enter', 'It has ended');
      await at.press('Enter', 'runtime.1', /restart due/);
      expect(await onServers('grep -h ^profile: /etc/rancher/rke2/config.yaml.d/*')).toEqual(
        servers.map(() => 'profile: cis-1.6\n'),
      );
      expect(events('acknowledged').map((e) => e.control)).toEqual(['profile']);
    });

    it('skips one with a reason', async () => {
      await at.press('Escape', '20 controls');
      await at.press('/', 'esc clear');
      await at.type('5.1.5');
      await at.see('5.1.5');
      await at.press('Enter', /❯ 5\.1\.5/);
      await at.press('Enter', 'Default service accounts');
      await at.press('s', 'Skip “Default service accounts');
      await at.press('Enter', 'A skip needs a reason');
      await at.type('the shop team moves in March');
      await at.see('moves in March');
      await at.press('Enter', 'Who answers for it?');
      await at.press('Enter', /cluster\s+- skipped/, 'the shop team');
      await at.press('Escape', /\b1 (of them )?skipped/);
      await at.press('Escape', '4.2.6', '5.2.1');
    });

    it(`restarts ${named}, after the cluster’s name`, async () => {
      const since = () => onServers('systemctl show -p ActiveEnterTimestampMonotonic --value rke2-server');
      const before = await since();
      await at.press('c', 'Step 7 of 9', '3 restarts are due');
      if (restarted.length < servers.length) await at.press('Space', '[x] cp-1');
      await at.press('r', /type prod/);
      await at.press('Enter', 'Nothing is done until “prod” stands here', /type prod/);
      await at.press('Escape', '3 restarts are due');
      expect(events('restart-intended')).toEqual([]);
      await at.press('r', /type prod/);
      await at.type('prod');
      // An enter that comes with the name counts for nothing, so the name is seen first.
      await at.see('❯ prod');
      await at.keys('Enter');
      await expect.poll(() => events('restart-ended').length, { timeout: 90_000 }).toBe(restarted.length);
      await at.see('It has ended');
      await at.press('Enter', left === 0 ? 'No restart is due' : `${left} restarts are due`);
      expect(events('restart-ended').map((e) => `${e.node} ${e.outcome.kind}`)).toEqual(
        restarted.map((name) => `${name} healthy`),
      );
      const after = await since();
      for (const [i, name] of servers.entries()) {
        expect(Number(after[i]) > Number(before[i]), name).toBe(restarted.includes(name));
      }
      expect(await onServers('systemctl is-active rke2-server')).toEqual(servers.map(() => 'active\n'));
    });

    it('ends with a summary and a transcript, and leaves the terminal as it was', async () => {
      await at.press('c', 'Step 8 of 9', 'changes stand');
      await at.press('c', 'Step 9 of 9', 'Markdown');
      await at.press('Enter', 'Nothing was written');
      await at.press('w', 'Written to');
      await at.press('q', 'y leave');
      await at.press('n', 'Step 9 of 9');
      await at.press('q', 'y leave');
      await at.keys('y');
      expect(await at.exitCode()).toBe(3);
      expect([await at.flag('alternate_on'), await at.flag('cursor_flag')]).toEqual(['0', '1']);
      // Where lines break depends on the size.
      const printed = (await at.history()).replaceAll(/\s+/g, ' ');
      expect(printed).toContain('prod');
      expect(printed.includes('Restarts due')).toBe(left > 0);
      expect(printed).toContain('Default service accounts');
      expect(printed).toContain('the shop team moves in March');
      const [id = ''] = at.sessions();
      expect(printed).toContain(`k8s-harden.cjs export ${id}`);
      expect((await at.written()).includes('\x1b[3J')).toBe(false);

      const [name = ''] = readdirSync(at.home).filter((file) => file.endsWith('.md'));
      expect(statSync(join(at.home, name)).mode & 0o777).toBe(0o600);
      const transcript = readFileSync(join(at.home, name), 'utf8');
      expect(transcript).toContain('useradd -r');
      expect(transcript).toContain('vm.overcommit_memory');
      expect(transcript).toContain('the shop team moves in March');
      expect(transcript).toContain(cluster.node('cp-3').fingerprint);
      expect(transcript).toMatch(/restart/i);
    });

    it('verify and export say the same of it without a terminal', async () => {
      const [id = ''] = at.sessions();
      const env = { ...process.env, XDG_STATE_HOME: join(at.home, 'state'), XDG_DATA_HOME: at.home };
      const run = async (...args: readonly string[]): Promise<string> =>
        (await promisify(execFile)(process.execPath, [built.program, ...args], { env, cwd: at.home })).stdout;
      const verified = await run('verify', id);
      expect(verified).toContain('nothing was cut off');
      const [head = ''] = /[0-9a-f]{64}$/m.exec(verified) ?? [];
      expect((await at.history()).replaceAll(/\s+/g, '')).toContain(`Lasthash:${head}`);
      expect(await run('verify', id, '--head', head)).toContain('It is the last line.');
      expect(await run('export', id)).toContain('the shop team moves in March');
    });
  });
}
