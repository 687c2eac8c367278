import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bareConfigOf, createBareConfig, isBare } from '../../src/transport/bare-config.ts';
import { resolveHost } from '../../src/transport/ssh-config.ts';
import { newFolder } from './support/loopback.ts';

const noSsh = spawnSync('ssh', ['-V']).error !== undefined;

let folder: ReturnType<typeof newFolder>;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

/** An ssh that writes down each time it is called. */
function counted(): { readonly ssh: string; readonly calls: () => number } {
  const ssh = folder.at('ssh');
  writeFileSync(ssh, `#!/bin/sh\necho x >> '${folder.at('calls')}'\nexec ssh "$@"\n`);
  chmodSync(ssh, 0o755);
  const calls = (): number =>
    existsSync(folder.at('calls')) ? readFileSync(folder.at('calls'), 'utf8').length / 2 : 0;
  return { ssh, calls };
}

const plain = [
  '10.98.1.10',
  'cp-1',
  'Some.Host',
  'CP-1.prod.example.',
  'a_b',
  'localhost',
  'host',
  'user',
].flatMap((host) =>
  ['', 'root', 'Alice', 'svc.k8s-1', 'port'].flatMap((user) =>
    [0, 22, 2222, 65535].map((port) => ({ host, user, port })),
  ),
);
const odd = [
  { host: '010.0.0.1', user: '', port: 0 },
  { host: '2130706433', user: '', port: 0 },
  { host: '0x7f.1', user: '', port: 0 },
  { host: 'fe80::1%eth0', user: '', port: 0 },
  { host: '2001:0DB8::1', user: 'a', port: 22 },
  { host: 'u@h', user: '', port: 0 },
  { host: 'ssh://u@h:33', user: '', port: 0 },
  { host: '-v', user: '', port: 0 },
  { host: 'a;b', user: '', port: 0 },
  { host: 'h', user: 'a@b', port: 0 },
  { host: 'h', user: '-v', port: 0 },
];

describe.skipIf(noSsh)('without an ssh configuration', () => {
  it('one answer of OpenSSH says what it would say of every plain host', { timeout: 60_000 }, async () => {
    const told = await createBareConfig('ssh')();
    if (told.kind !== 'ran') throw new Error('there is no ssh');
    for (const wanted of plain) {
      expect(isBare(wanted), wanted.host).toBe(true);
      const { stdout } = spawnSync(
        'ssh',
        [
          ...['-G', '-F', 'none'],
          ...(wanted.user ? ['-l', wanted.user] : []),
          ...(wanted.port ? ['-p', String(wanted.port)] : []),
          ...['--', wanted.host],
        ],
        { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } },
      );
      expect(stdout).toContain('hostname ');
      expect(bareConfigOf(wanted, told.out), JSON.stringify(wanted)).toBe(stdout);
    }
  });

  it('OpenSSH is asked once for all plain hosts, and for each that is not', async () => {
    const { ssh, calls } = counted();
    const source = {
      ssh,
      file: false,
      agent: undefined,
      knownHosts: undefined,
      identity: undefined,
    } as const;
    const bare = createBareConfig(ssh);
    for (const wanted of plain.slice(0, 12))
      expect((await resolveHost(wanted, { ...source, bare })).ok).toBe(true);
    expect(calls()).toBe(1);
    for (const wanted of odd) {
      expect(isBare(wanted), `${wanted.user} ${wanted.host}`).toBe(false);
      const before = calls();
      const found = await resolveHost(wanted, { ...source, bare });
      expect(calls()).toBe(before + 1);
      expect(found).toEqual(await resolveHost(wanted, source));
    }
  });

  it('nothing is left to ask where the known hosts are named too', async () => {
    const { ssh, calls } = counted();
    const source = {
      file: false,
      agent: undefined,
      knownHosts: folder.at('known'),
      identity: undefined,
    } as const;
    for (const wanted of plain) {
      const found = await resolveHost(wanted, { ...source, ssh });
      expect(calls()).toBe(0);
      expect(found.ok).toBe(true);
    }
    for (const wanted of odd) {
      const before = calls();
      await resolveHost(wanted, { ...source, ssh });
      expect(calls()).toBe(before + 1);
    }
  });

  it('what is not asked is what OpenSSH would say', async () => {
    const source = {
      file: false,
      agent: undefined,
      knownHosts: folder.at('known'),
      identity: folder.at('key'),
    } as const;
    for (const wanted of plain.slice(0, 12)) {
      const asked = await resolveHost(wanted, { ...source, ssh: 'ssh', knownHosts: undefined });
      const spared = await resolveHost(wanted, { ...source, ssh: 'there-is-no-ssh' });
      if (!asked.ok || !spared.ok) throw new Error('not resolved');
      const { userKnownHosts: _u, globalKnownHosts: _g, identities, ...rest } = asked.value;
      expect(spared.value).toMatchObject(rest);
      expect(spared.value.identities.toSorted()).toEqual(identities.toSorted());
      expect(spared.value.identities[0]).toBe(folder.at('key'));
      expect(spared.value.userKnownHosts).toEqual([folder.at('known')]);
    }
  });

  it('it is asked again after an answer that was a failure', async () => {
    const ssh = folder.at('late');
    const bare = createBareConfig(ssh);
    expect(await bare()).toEqual({ kind: 'missing' });
    writeFileSync(ssh, '#!/bin/sh\nexec ssh "$@"\n');
    chmodSync(ssh, 0o755);
    expect(await bare()).toMatchObject({ kind: 'ran', exit: 0 });
  });
});

describe.skipIf(noSsh)('with an ssh configuration', () => {
  it('OpenSSH is asked for every host', async () => {
    const { ssh, calls } = counted();
    writeFileSync(folder.at('config'), 'Host cp-2\n  Port 2222\n');
    const bare = createBareConfig(ssh);
    const source = {
      ssh,
      bare,
      file: folder.at('config'),
      agent: false,
      knownHosts: undefined,
      identity: undefined,
    } as const;
    const ports = [];
    for (const host of ['cp-1', 'cp-2']) {
      const found = await resolveHost({ host, user: '', port: 0 }, source);
      ports.push(found.ok && found.value.port);
    }
    expect(ports).toEqual([22, 2222]);
    expect(calls()).toBe(2);
  });
});
