import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { formats } from '../../src/report/index.ts';
import { bootDocker, rkeUp, writeRkeSide } from '../nodes/rke.ts';
import { callsOn, type ProcessWatch, watchCalls, watchProcesses } from '../nodes/watch.ts';
import { sitting } from './sitting.ts';

const servers = ['cp-1', 'cp-2'];
const path = '/etc/kubernetes/encryption.yaml';
const mark = '<a new key of 32 bytes>';
/** It stands in the documentation of RKE, for everybody to read. */
const sample = Buffer.from('E73F1C830C0205ADE842A1FE48B7397B').toString('base64');

/** A key as it is and in the forms in which it may be carried along. */
function formsOf(key: string): readonly Buffer[] {
  const raw = Buffer.from(key, 'base64');
  const hex = raw.toString('hex');
  const texts = [key, raw.toString('base64url'), encodeURIComponent(key), key.replaceAll('/', '\\/')];
  const twice = Buffer.from(key).toString('base64');
  const others = [hex, hex.toUpperCase(), twice];
  return [raw, ...[...texts, ...others].map((text) => Buffer.from(text.replace(/(=|%3D)+$/, '')))];
}

/** Every file below a folder, with its bytes. */
function filesBelow(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    return entry.isFile() ? [[file.slice(folder.length), readFileSync(file)] as const] : [];
  });
}

sitting(
  'one key for all servers of RKE',
  {
    columns: 120,
    rows: 40,
    boot: () =>
      bootDocker(
        [
          { name: 'cp-1', role: 'server' },
          { name: 'cp-2', role: 'server' },
          { name: 'w-1', role: 'agent' },
        ],
        { version: 'v1.11.6-rancher1' },
      ),
    users: { 'cp-2': 'ops' },
    env: (home) => ({ PATH: `${join(home, 'bin')}:${process.env.PATH}` }),
  },
  (session) => {
    const nodes = () => session.cluster.nodes;
    const onServers = (command: string): Promise<readonly string[]> =>
      Promise.all(servers.map((name) => session.cluster.node(name).must(command)));
    const toControl = async (): Promise<string> => {
      const { at } = session;
      await session.start('--template', 'cluster.yml');
      await at.press('Enter', 'Step 1 of 9', '❯ RKE2');
      await at.press('G', /❯ RKE$/m);
      await at.press('Enter', 'Step 2 of 9', '❯ Level 1: CIS');
      await at.press('Down');
      await at.press('Down', '❯ Level 1: Rancher hardening guide 2.1');
      await at.press('Enter', 'Step 3 of 9', 'Cluster prod, 3 nodes');
      await at.press('c', '3 of 3 nodes connected', 'v1.11.6-rancher1');
      await at.press('c', 'Step 5 of 9', '33 controls asked');
      await at.press('c', 'Step 6 of 9', /❯ 1\.1\.1 /);
      await at.press('/', 'esc clear');
      await at.type('1.1.2');
      await at.press('Enter', /❯ 1\.1\.2 /);
      return at.press('Enter', 'The encryption file of the guide', /w-1 +- n\/a/);
    };
    const leave = async (): Promise<void> => {
      await session.at.press('q', 'y leave');
      await session.at.keys('y');
      expect(await session.at.exitCode()).toBe(3);
    };
    const facts = () => onServers(`stat -c '%a %U:%G' ${path}; sha256sum < ${path}; stat -c '%y %i' ${path}`);
    const disk = () => nodes().map(({ name, upper }) => [name, filesBelow(upper)] as const);
    /** In which of these the key stands. */
    const holding = (all: readonly (readonly [string, Buffer])[]): readonly string[] =>
      all.filter(([, bytes]) => formsOf(key).some((form) => bytes.includes(form))).map(([name]) => name);
    let watch: ProcessWatch;
    let key = '';
    let written: readonly string[];
    afterAll(() => watch?.kill());

    it('shows where the key will stand and not the key, and writes the same bytes on every server', async () => {
      const { at } = session;
      await rkeUp(await writeRkeSide(session.cluster, at.home, 'v1.11.6-rancher1-1'));
      await Promise.all(nodes().map(watchCalls));
      watch = await watchProcesses();
      const found = await toControl();
      for (const name of servers) expect(found).toMatch(new RegExp(`${name} +✖ fail .*${path}`));
      const asked = await at.press('a', 'type prod and press enter', mark);
      expect(asked).toContain(path);
      await at.type('prod');
      await at.see('❯ prod');
      await at.press('Enter', 'It has ended', 'cp-1: done, pass', 'cp-2: done, pass');
      await at.press('Enter', /cp-1 +✔ fixed/, /cp-2 +✔ fixed/);

      written = await facts();
      const [first = '', second = ''] = written;
      expect(first).toMatch(/^600 root:root\n[0-9a-f]{64} /);
      expect(second.split('\n').slice(0, 2)).toEqual(first.split('\n').slice(0, 2));
      const text = await session.cluster.node('cp-1').must(`cat ${path}`);
      key = /secret: (\S+)$/m.exec(text)?.[1] ?? '';
      expect(Buffer.from(key, 'base64')).toHaveLength(32);
      expect(Buffer.from(key, 'base64').toString('base64')).toBe(key);
      expect(holding([['the file', Buffer.from(text)]])).toEqual(['the file']);
    });

    it('a second run, of another program, finds it as it is wanted and has nothing to change', async () => {
      const { at, events } = session;
      await leave();
      const before = events('change-intended').length;
      const found = await toControl();
      for (const name of servers)
        expect(found).toMatch(new RegExp(`${name} +✔ pass +aescbc, fingerprint of`));
      expect(found).not.toContain('a apply');
      expect(await at.press('a')).not.toContain('type prod');
      expect(events('change-intended')).toHaveLength(before);
      expect(await facts()).toEqual(written);
      await leave();
    });

    it('the key was never on the screen, and is in no record, export or other file of the operator', async () => {
      const { at } = session;
      for (const id of at.sessions()) {
        expect(await session.run('verify', id)).toContain('nothing was cut off');
        for (const format of formats) {
          if (format.refuses !== undefined) continue;
          const text = await session.run('export', id, '--format', format.id);
          expect(text.length).toBeGreaterThan(100);
          expect(holding([[format.id, Buffer.from(text)]])).toEqual([]);
        }
      }
      const screens = await at.written();
      expect(screens.includes(mark)).toBe(true);
      expect(
        holding([
          ['screens', screens],
          ['history', Buffer.from(await at.history())],
        ]),
      ).toEqual([]);
      const home = filesBelow(at.home);
      expect(home.map(([file]) => file).filter((file) => file.endsWith('.jsonl'))).toHaveLength(2);
      expect(holding(home)).toEqual([]);
    });

    it('was in the arguments or the environment of no process, here or on the nodes', async () => {
      const seen = Buffer.from(await watch.end(), 'latin1');
      for (const part of ['k8s-harden.cjs --inventory', 'sshd', 'sudo'])
        expect(seen.includes(part), part).toBe(true);
      const calls = (await Promise.all(nodes().map(callsOn))).join('\n');
      expect(calls).toMatch(/\/usr\/local\/sbin\/mv .*encryption\.yaml/);
      expect(
        holding([
          ['processes', seen],
          ['calls', Buffer.from(calls)],
        ]),
      ).toEqual([]);
    });

    it('on the nodes it stands in that file alone: in nothing that is kept, no log and no journal', async () => {
      const kept = await onServers('ls /var/lib/k8s-harden/*/*');
      for (const names of kept) expect(names).toContain('undo.sh');
      await Promise.all(nodes().map((node) => node.must('journalctl --sync')));
      expect(disk().map(([name, files]) => [name, holding(files)])).toEqual([
        ['cp-1', [path]],
        ['cp-2', [path]],
        ['w-1', []],
      ]);
      const forms = formsOf(key).slice(1).join('\n');
      for (const node of nodes())
        expect(await node.must('/bin/grep -rlaF -f - /run /tmp /dev/shm || [ $? = 1 ]', forms)).toBe('');
    });

    it('a key of the documentation is refused, left alone, and copied to no other server', async () => {
      const { at, events } = session;
      const text = (await session.cluster.node('cp-1').must(`cat ${path}`)).replace(key, sample);
      await session.cluster.node('cp-1').must(`cat > ${path}`, text);
      await session.cluster.node('cp-2').must(`rm ${path}`);
      const before = events('change-intended').length;
      await toControl();
      await at.see(/cp-1 +✖ fail +key1 is a key/, 'stands in public documentation; an edit of a file');
      await at.press('Down', /❯ cp-2 +✖ fail/, 'cp-1 has /etc/kubernetes/encryption.yaml already');
      expect(await at.press('a')).not.toContain('type prod');
      expect(events('change-intended')).toHaveLength(before);
      expect(await session.cluster.node('cp-1').must(`cat ${path}`)).toBe(text);
      expect((await session.cluster.node('cp-2').exec(`test -e ${path}`)).code).toBe(1);
      expect((await at.written()).includes(sample)).toBe(false);
      await leave();
    });
  },
);
