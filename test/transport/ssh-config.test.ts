import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { expandPath, parseHop, splitPaths } from '../../src/transport/paths.ts';
import { resolveRoute } from '../../src/transport/route.ts';
import { listSshHosts } from '../../src/transport/ssh-hosts.ts';
import { newFolder } from './support/loopback.ts';

let folder: ReturnType<typeof newFolder>;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

async function route(
  lines: readonly string[],
  wanted: { host: string; port?: number; user?: string },
  ssh = 'ssh',
) {
  writeFileSync(folder.at('config'), `${lines.join('\n')}\n`);
  const source = {
    ssh,
    file: folder.at('config'),
    agent: undefined,
    knownHosts: undefined,
    identity: undefined,
  };
  return resolveRoute({ port: 0, user: '', ...wanted }, source);
}

async function hops(...words: Parameters<typeof route>) {
  const result = await route(...words);
  if (!result.ok) throw new Error(word(result.failure).sentence);
  return result.value;
}

describe('the ssh configuration', () => {
  it('gives name, user, port, keys and known_hosts of a host', async () => {
    const [host] = await hops(
      [
        'Host cp',
        '  HostName 10.0.0.5',
        '  User alice',
        '  Port 2222',
        '  IdentityFile ~/.ssh/%h-%r',
        '  IdentitiesOnly yes',
        '  IdentityAgent none',
        '  UserKnownHostsFile ~/kh "/tmp/with blank/kh"',
        '  HashKnownHosts yes',
        '  HostKeyAlias cp-one',
      ],
      { host: 'cp' },
    );
    expect(host).toMatchObject({
      hostname: '10.0.0.5',
      user: 'alice',
      port: 2222,
      identities: [`${homedir()}/.ssh/10.0.0.5-alice`],
      named: true,
      identitiesOnly: true,
      agent: undefined,
      userKnownHosts: [`${homedir()}/kh`, '/tmp/with blank/kh'],
      hashKnownHosts: true,
      hostKeyAlias: 'cp-one',
      strict: false,
    });
  });

  it('gives way to a user and port that the operator wrote', async () => {
    const [host] = await hops(['Host cp', '  User alice', '  Port 2222'], {
      host: 'cp',
      user: 'bob',
      port: 22,
    });
    expect(host).toMatchObject({ user: 'bob', port: 22 });
  });

  it('without a word on a host means OpenSSH as it comes', async () => {
    const [host] = await hops([], { host: 'Some.Host' });
    expect(host).toMatchObject({
      hostname: 'some.host',
      user: userInfo().username,
      port: 22,
      named: false,
      jumps: [],
    });
    expect(host?.identities).toContain(`${homedir()}/.ssh/id_ed25519`);
  });

  it('with jump hosts that have jump hosts gives the whole way', async () => {
    const way = await hops(
      [
        'Host last',
        '  ProxyJump middle,other@[::1]:99',
        'Host middle',
        '  ProxyJump first:2201',
        '  User m',
        'Host first',
        '  HostName 10.1.1.1',
      ],
      { host: 'last' },
    );
    expect(way.map((h) => `${h.user === userInfo().username ? '' : h.user}@${h.hostname}:${h.port}`)).toEqual(
      ['@10.1.1.1:2201', 'm@middle:22', 'other@::1:99', '@last:22'],
    );
  });

  it.each([
    ['a circle of jump hosts', ['Host a', '  ProxyJump b', 'Host b', '  ProxyJump a'], /lead in a circle/],
    [
      'a ProxyCommand',
      ['Host a', '  ProxyCommand nc %h %p'],
      /ProxyCommand \(nc %h %p\), which is not supported/,
    ],
  ])('with %s says so', async (_, lines, sentence) => {
    const result = await route(lines, { host: 'a' });
    expect(!result.ok && word(result.failure).sentence).toMatch(sentence);
  });

  it('that is wrong is named with its line', async () => {
    const result = await route(['Bogus yes'], { host: 'a' });
    expect(!result.ok && word(result.failure).sentence).toMatch(
      /config.*line 1: Bad configuration option: bogus/,
    );
  });

  it('cannot be read without OpenSSH, and the sentence says what to install', async () => {
    const result = await route([], { host: 'a' }, '/nonexistent/ssh');
    expect(!result.ok && word(result.failure).sentence).toMatch(
      /ssh was not found \(\/nonexistent\/ssh\).*Install the OpenSSH client/,
    );
  });

  it('is never given a host that looks like an option', async () => {
    const result = await route([], { host: '-oProxyCommand=touch x' });
    expect(result.ok).toBe(false);
  });
});

describe('the hosts of an ssh configuration', () => {
  it('are those named one by one, included files too, as OpenSSH would reach them', async () => {
    mkdirSync(folder.at('config.d'));
    writeFileSync(folder.at('config.d/one.conf'), 'Host cp-2\n  User carol\n');
    writeFileSync(folder.at('config.d/two.txt'), 'Host not-me\n');
    writeFileSync(
      folder.at('config'),
      [
        `Include ${folder.at('config.d/*.conf')}`,
        'Host cp-1 cp-1',
        '  Port 2222',
        'Host *.example !x',
        'HOST=cp-3',
        'Host *',
        '  User alice',
        '',
      ].join('\n'),
    );
    expect(await listSshHosts(folder.at('config'), 'me')).toEqual([
      { name: 'cp-2', host: 'cp-2', port: 22, user: 'carol' },
      { name: 'cp-1', host: 'cp-1', port: 2222, user: 'alice' },
      { name: 'cp-3', host: 'cp-3', port: 22, user: 'alice' },
    ]);
  });

  it('are none when there is no file', async () => {
    expect(await listSshHosts(folder.at('nothing'), 'me')).toEqual([]);
  });
});

describe('addresses and paths', () => {
  it.each([
    ['host', { user: '', host: 'host', port: 0 }],
    ['u@host:22', { user: 'u', host: 'host', port: 22 }],
    ['a@b@host', { user: 'a@b', host: 'host', port: 0 }],
    ['[fe80::1]:2200', { user: '', host: 'fe80::1', port: 2200 }],
    ['fe80::1', { user: '', host: 'fe80::1', port: 0 }],
    ['ssh://u@host:1/', { user: 'u', host: 'host', port: 1 }],
  ])('%s is taken apart', (text, hop) => expect(parseHop(text)).toEqual(hop));

  it('expand as OpenSSH expands them', () => {
    expect(expandPath('~/a%%b')).toBe(`${homedir()}/a%b`);
    expect(expandPath('/x/%h', { h: 'cp' })).toBe('/x/cp');
    expect(expandPath('/x/%Z~')).toBe('/x/%Z~');
    expect(splitPaths('/a b/c /d ~/e')).toEqual(['/a b/c', '/d', '~/e']);
    expect(splitPaths('')).toEqual([]);
  });
});
