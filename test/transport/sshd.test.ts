import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
import { type ConnectorOptions, createConnector } from '../../src/transport/ssh.ts';
import { newFolder, operator } from './support/loopback.ts';
import { makeKey, noSshd, publicKey, type Sshd, startAgent, startSshd } from './support/sshd.ts';

let folder: ReturnType<typeof newFolder>;
let cleaning: (() => unknown)[] = [];

beforeEach(() => {
  folder = newFolder();
});
afterEach(async () => {
  for (const clean of cleaning.toReversed()) await clean();
  cleaning = [];
  folder.remove();
});

async function sshd(...lines: readonly string[]): Promise<Sshd> {
  const server = await startSshd(...lines);
  cleaning.push(server.stop);
  return server;
}

/** An ssh configuration for these tests alone. */
function config(...lines: readonly string[]): string {
  const path = folder.at('config');
  writeFileSync(
    path,
    [
      ...lines,
      'Host *',
      `  UserKnownHostsFile ${folder.at('known_hosts')}`,
      '  GlobalKnownHostsFile none',
      '',
    ].join('\n'),
  );
  return path;
}

async function connect(
  host: string,
  options: ConnectorOptions,
  says: Parameters<typeof operator>[0] = {},
  port = 0,
) {
  const person = operator(says);
  const result = await createConnector({ agent: false, ...options }).connect(
    { name: 'n1', host, port, user: '' },
    { readOnly: false, deadlineMs: 8000, answerer: person.answerer },
  );
  if (result.ok) cleaning.push(() => result.value.target.close());
  return { result, asked: person.asked, failure: result.ok ? undefined : result.failure };
}

const hello = { kind: 'command', words: ['uname', '-s'] } as const;

async function greet(target: Target, deadlineMs = 8000) {
  return (await target.ask([hello], { deadlineMs })).get(questionKey(hello));
}

function hostLines(server: Sshd, ...more: readonly string[]): string[] {
  return [
    'Host node',
    '  HostName 127.0.0.1',
    `  Port ${server.port}`,
    '  User root',
    `  IdentityFile ${server.at('login')}`,
    ...more,
  ];
}

describe.skipIf(noSshd)('a real OpenSSH server', () => {
  it('is reached by its name in the ssh configuration, asked, and left', async () => {
    const server = await sshd();
    const { result, asked } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    if (!result.ok) throw new Error(word(result.failure).sentence);
    expect(await greet(result.value.target)).toEqual({ kind: 'said', text: 'Linux\n' });
    const printed = execFileSync('ssh-keygen', ['-lf', server.at('host.pub')], { encoding: 'utf8' });
    expect(asked).toEqual([
      {
        kind: 'host-key',
        node: 'n1',
        host: '127.0.0.1',
        keyType: 'ssh-ed25519',
        fingerprint: printed.split(' ')[1],
      },
    ]);
    expect(readFileSync(folder.at('known_hosts'), 'utf8')).toBe(
      `[127.0.0.1]:${server.port} ${server.hostKey}\n`,
    );
    expect(statSync(folder.at('known_hosts')).mode & 0o777).toBe(0o600);
  });

  it('writes a hashed name where the configuration wants that, and OpenSSH finds it', async () => {
    const server = await sshd();
    const lines = [...hostLines(server), '  HashKnownHosts yes'];
    const { result } = await connect('node', { sshConfig: config(...lines) }, { 'host-key': 'yes' });
    expect(result.ok).toBe(true);
    expect(readFileSync(folder.at('known_hosts'), 'utf8')).toMatch(/^\|1\|/);
    const found = execFileSync('ssh-keygen', [
      '-F',
      `[127.0.0.1]:${server.port}`,
      '-f',
      folder.at('known_hosts'),
    ]);
    expect(found.toString()).toContain(server.hostKey);
    const again = await connect('node', { sshConfig: config(...lines) });
    expect(again.result.ok).toBe(true);
  });

  it.each([
    ['its own name and port', (s: Sshd) => `[127.0.0.1]:${s.port} ${s.hostKey}`],
    ['a wildcard', (s: Sshd) => `[127.0.0.*]:${s.port},!other ${s.hostKey}`],
    ['its name without the port, as OpenSSH allows', (s: Sshd) => `127.0.0.1 ${s.hostKey}`],
  ])('is known by %s', async (_, line) => {
    const server = await sshd();
    writeFileSync(folder.at('known_hosts'), `${line(server)}\n`);
    const { result, asked } = await connect('node', { sshConfig: config(...hostLines(server)) });
    expect(result.ok).toBe(true);
    expect(asked).toEqual([]);
  });

  it('is known by an alias', async () => {
    const server = await sshd();
    writeFileSync(folder.at('known_hosts'), `cp-one ${server.hostKey}\n`);
    const { result } = await connect('node', {
      sshConfig: config(...hostLines(server, '  HostKeyAlias cp-one')),
    });
    expect(result.ok).toBe(true);
  });

  it('with a changed key is left at once, with file and line, whatever the operator would say', async () => {
    const server = await sshd();
    const other = publicKey(makeKey(folder.at('other')));
    writeFileSync(folder.at('known_hosts'), `# mine\n[127.0.0.1]:${server.port} ${other}\n`);
    const lines = hostLines(server, '  StrictHostKeyChecking no');
    const { failure, asked } = await connect('node', { sshConfig: config(...lines) }, { 'host-key': 'yes' });
    expect(failure).toMatchObject({
      code: 'host-key-changed',
      where: expect.stringMatching(/known_hosts:2$/),
    });
    expect(asked).toEqual([]);
    expect(server.log()).not.toContain('Accepted');
  });

  it('known by a key of another type only counts as changed', async () => {
    const server = await sshd();
    const other = publicKey(makeKey(folder.at('other'), '-t', 'ecdsa'));
    writeFileSync(folder.at('known_hosts'), `[127.0.0.1]:${server.port} ${other}\n`);
    const { failure } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    expect(failure?.code).toBe('host-key-changed');
  });

  it('with several keys shows the one it is known by', async () => {
    const ecdsa = makeKey(folder.at('ecdsa'), '-t', 'ecdsa');
    const server = await sshd(`HostKey ${ecdsa}`);
    writeFileSync(folder.at('known_hosts'), `[127.0.0.1]:${server.port} ${publicKey(ecdsa)}\n`);
    const { result } = await connect('node', { sshConfig: config(...hostLines(server)) });
    expect(result.ok).toBe(true);
  });

  it('with a revoked key is left, although another line knows it', async () => {
    const server = await sshd();
    const line = `[127.0.0.1]:${server.port} ${server.hostKey}`;
    writeFileSync(folder.at('known_hosts'), `${line}\n@revoked * ${server.hostKey}\n`);
    const { failure } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    expect(failure?.code).toBe('host-key-revoked');
  });

  it('vouched for by an authority only is asked about, and the sentence says why', async () => {
    const server = await sshd();
    writeFileSync(
      folder.at('known_hosts'),
      `@cert-authority [127.0.0.1]:* ${publicKey(makeKey(folder.at('ca')))}\n`,
    );
    const { failure, asked } = await connect('node', { sshConfig: config(...hostLines(server)) });
    expect(asked[0]).toMatchObject({
      kind: 'host-key',
      note: expect.stringMatching(/known_hosts:1 .*@cert-authority/),
    });
    expect(failure && word(failure).sentence).toMatch(/certificate authority .*not supported/);
  });

  it('is not reached when known_hosts cannot be read', async () => {
    const server = await sshd();
    mkdirSync(folder.at('known_hosts'));
    const folderThere = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    expect(folderThere.failure).toMatchObject({ code: 'known-hosts-unreadable', message: 'it is a folder' });
  });

  it('unknown under StrictHostKeyChecking yes is not even asked about', async () => {
    const server = await sshd();
    const lines = hostLines(server, '  StrictHostKeyChecking yes');
    const { failure, asked } = await connect('node', { sshConfig: config(...lines) }, { 'host-key': 'yes' });
    expect(failure?.code).toBe('host-key-unknown');
    expect(asked).toEqual([]);
  });

  it('is reached over two jump hosts, each with its own host key, and they are shared', async () => {
    const [first, second, last] = [await sshd(), await sshd(), await sshd()];
    const all = [first, second, last] as const;
    const hosts = all.flatMap((s, n) => [
      `Host hop${n}`,
      '  HostName 127.0.0.1',
      `  Port ${s.port}`,
      '  User root',
      `  IdentityFile ${s.at('login')}`,
    ]);
    const path = config('Host hop2', '  ProxyJump hop0,hop1', ...hosts);
    const person = operator({ 'host-key': 'yes' });
    const connector = createConnector({ agent: false, sshConfig: path });
    const options = { readOnly: false, deadlineMs: 8000, answerer: person.answerer };
    const results = await Promise.all(
      ['a', 'b', 'c'].map((name) => connector.connect({ name, host: 'hop2', port: 0, user: '' }, options)),
    );
    const targets = results.map((r) => {
      if (!r.ok) throw new Error(word(r.failure).sentence);
      return r.value.target;
    });
    for (const target of targets) expect(await greet(target)).toEqual({ kind: 'said', text: 'Linux\n' });
    expect(first.log().match(/Accepted publickey/g)).toHaveLength(1);
    expect(second.log().match(/Accepted publickey/g)).toHaveLength(1);
    expect(last.log().match(/Accepted publickey/g)).toHaveLength(3);
    for (const s of all) expect(readFileSync(folder.at('known_hosts'), 'utf8')).toContain(s.hostKey);
    for (const target of targets) await target.close();
    await expect
      .poll(() => first.log())
      .toMatch(/(Disconnected from|Connection closed by|Received disconnect from)/);
  });

  it('behind a jump host with a changed key is not reached', async () => {
    const [jump, last] = [await sshd(), await sshd()];
    writeFileSync(
      folder.at('known_hosts'),
      `[127.0.0.1]:${jump.port} ${publicKey(makeKey(folder.at('other')))}\n`,
    );
    const path = config(...hostLines(last, `  ProxyJump root@127.0.0.1:${jump.port}`));
    const { failure } = await connect('node', { sshConfig: path }, { 'host-key': 'yes' });
    expect(failure).toMatchObject({ code: 'host-key-changed', node: 'jump host 127.0.0.1' });
    // The one connection is the test's own, that saw it start.
    expect(last.log().match(/Connection from/g)).toHaveLength(1);
  });

  it.each([1, 2])('that allows %i sessions answers six batches at once', async (sessions) => {
    const server = await sshd(`MaxSessions ${sessions}`);
    const { result } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    if (!result.ok) throw new Error(word(result.failure).sentence);
    const { target } = result.value;
    const answers = await Promise.all(Array.from({ length: 6 }, () => greet(target, 15_000)));
    expect(answers).toEqual(answers.map(() => ({ kind: 'said', text: 'Linux\n' })));
  });

  it('goes on after a batch that hung, within its sessions', async () => {
    const server = await sshd('MaxSessions 2');
    const { result } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    if (!result.ok) throw new Error(word(result.failure).sentence);
    const { target } = result.value;
    const pipe = folder.at('pipe');
    execFileSync('mkfifo', [pipe]);
    const hang = { kind: 'command', words: ['cat', pipe] } as const;
    for (let round = 0; round < 2; round++)
      expect((await target.ask([hang], { deadlineMs: 300 })).get(questionKey(hang))).toMatchObject({
        kind: 'lost',
      });
    // Whoever still reads the pipe comes to its end once it was opened and closed.
    const asking = greet(target, 15_000);
    closeSync(openSync(pipe, 'r+'));
    const answer = await asking;
    expect(answer).toEqual({ kind: 'said', text: 'Linux\n' });
  });

  it('that drops logins because it has too many at once is tried again', async () => {
    const server = await sshd('MaxStartups 1:100:1');
    const held = await holdLogin(server);
    const connecting = connect('node', { sshConfig: config(...hostLines(server)) }, { 'host-key': 'yes' });
    await expect
      .poll(() => server.log(), { timeout: 3000, interval: 10 })
      .toMatch(/drop connection|exceeded MaxStartups/);
    held.destroy();
    expect((await connecting).result.ok).toBe(true);
  });
});

/** A connection that takes a place for logins and never logs in. */
async function holdLogin(server: Sshd): Promise<Socket> {
  for (;;) {
    const socket = createConnection({ host: '127.0.0.1', port: server.port });
    socket.on('error', () => undefined);
    const greeted = await new Promise<boolean>((resolve) => {
      socket.once('data', (bytes) => resolve(bytes.toString().startsWith('SSH-')));
      socket.once('close', () => resolve(false));
    });
    if (greeted) return socket;
  }
}

describe.skipIf(noSshd)('keys', () => {
  it('of an agent with many are offered with the configured one first, so that two attempts are enough', async () => {
    const server = await sshd('MaxAuthTries 2');
    const others = [1, 2, 3, 4, 5].map((n) => makeKey(folder.at(`other${n}`)));
    const agent = startAgent(folder.path, [...others, server.at('login')]);
    cleaning.push(agent.stop);
    const { result } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)), agent: agent.socket },
      { 'host-key': 'yes' },
    );
    expect(result.ok).toBe(true);
  });

  it('that a server refused come last the next time', async () => {
    const server = await sshd('MaxAuthTries 2');
    const others = [1, 2].map((n) => makeKey(folder.at(`other${n}`)));
    const agent = startAgent(folder.path, [...others, server.at('login')]);
    cleaning.push(agent.stop);
    const path = config('Host node', '  HostName 127.0.0.1', `  Port ${server.port}`, '  User root');
    const connector = createConnector({ sshConfig: path, agent: agent.socket });
    const options = { readOnly: false, deadlineMs: 8000, answerer: operator({ 'host-key': 'yes' }).answerer };
    const node = { name: 'n1', host: 'node', port: 0, user: '' };
    const first = await connector.connect(node, options);
    expect(first).toMatchObject({
      ok: false,
      failure: {
        code: 'auth-failed',
        offered: 'publickey',
        tried: expect.stringMatching(/agent key .*agent key .*Too many/),
      },
    });
    const second = await connector.connect(node, options);
    expect(second.ok).toBe(true);
    if (second.ok) await second.value.target.close();
  });

  it.each([
    ['ed25519', ['-t', 'ed25519']],
    ['rsa', ['-t', 'rsa', '-b', '2048']],
    ['rsa in PEM form', ['-t', 'rsa', '-b', '2048', '-m', 'PEM']],
    ['ecdsa', ['-t', 'ecdsa']],
  ])('of type %s open with their passphrase, which is asked for once', async (_, words) => {
    const server = await sshd();
    const key = makeKey(folder.at('locked'), ...words, '-N', 'pass phrase 7');
    appendFileSync(server.at('authorized'), readFileSync(`${key}.pub`));
    const path = config(
      'Host node',
      '  HostName 127.0.0.1',
      `  Port ${server.port}`,
      '  User root',
      `  IdentityFile ${key}`,
    );
    const secrets: string[] = [];
    const person = operator({ 'host-key': 'yes', passphrase: 'pass phrase 7' });
    const connector = createConnector({ agent: false, sshConfig: path, onSecret: (s) => secrets.push(s) });
    for (const name of ['a', 'b']) {
      const result = await connector.connect(
        { name, host: 'node', port: 0, user: '' },
        { readOnly: false, deadlineMs: 8000, answerer: person.answerer },
      );
      expect(result.ok).toBe(true);
      if (result.ok) await result.value.target.close();
    }
    expect(person.asked.filter((q) => q.kind === 'passphrase')).toEqual([
      { kind: 'passphrase', node: 'a', keyPath: key },
    ]);
    expect(secrets).toEqual(['pass phrase 7']);
  });

  it.each([
    ['a plain file', []],
    ['a file with a passphrase', ['-N', 'pass phrase 7']],
    ['a key of the agent', undefined],
  ])('count as the first of two factors: %s', async (_, words) => {
    const server = await sshd('AuthenticationMethods publickey,publickey');
    const key = makeKey(folder.at('first'), ...(words ?? []));
    appendFileSync(server.at('authorized'), readFileSync(`${key}.pub`));
    const agent = words === undefined ? startAgent(folder.path, [key]) : undefined;
    if (agent) cleaning.push(agent.stop);
    const { result, failure, asked } = await connect(
      'node',
      {
        sshConfig: config(
          'Host node',
          '  HostName 127.0.0.1',
          `  Port ${server.port}`,
          '  User root',
          `  IdentityFile ${key}`,
          `  IdentityFile ${server.at('login')}`,
        ),
        ...(agent ? { agent: agent.socket } : {}),
      },
      { 'host-key': 'yes', passphrase: 'pass phrase 7' },
    );
    expect(failure).toBeUndefined();
    if (result.ok) expect(await greet(result.value.target)).toEqual({ kind: 'said', text: 'Linux\n' });
    expect(asked.filter((q) => q.kind === 'passphrase')).toHaveLength(words?.length ? 1 : 0);
  });

  it.each([
    ['SHA-512, as OpenSSH does by itself', 'rsa-sha2-512', []],
    ['what the configuration says', 'rsa-sha2-256', ['  PubkeyAcceptedAlgorithms rsa-sha2-256']],
  ])('of type rsa sign with %s', async (_, algorithm, more) => {
    const server = await sshd(`PubkeyAcceptedAlgorithms ${algorithm}`);
    const key = makeKey(folder.at('rsa'), '-t', 'rsa', '-b', '2048');
    appendFileSync(server.at('authorized'), readFileSync(`${key}.pub`));
    const { failure } = await connect(
      'node',
      { sshConfig: config(...hostLines(server, `  IdentityFile ${key}`, ...more)) },
      { 'host-key': 'yes' },
    );
    expect(failure).toBeUndefined();
  });

  it('that the server would not accept anyway cost no passphrase', async () => {
    const server = await sshd();
    const key = makeKey(folder.at('locked'), '-N', 'pass phrase 7');
    const path = config(
      'Host node',
      '  HostName 127.0.0.1',
      `  Port ${server.port}`,
      '  User root',
      `  IdentityFile ${key}`,
    );
    const { asked, failure } = await connect(
      'node',
      { sshConfig: path },
      { 'host-key': 'yes', passphrase: 'x' },
    );
    expect(asked.map((q) => q.kind)).toEqual(['host-key']);
    expect(failure).toMatchObject({ code: 'auth-failed', offered: 'publickey', tried: `key file ${key}` });
  });

  it('with a wrong passphrase are named, and the passphrase is not', async () => {
    const server = await sshd();
    const key = makeKey(folder.at('locked'), '-N', 'pass phrase 7');
    appendFileSync(server.at('authorized'), readFileSync(`${key}.pub`));
    const path = config(
      'Host node',
      '  HostName 127.0.0.1',
      `  Port ${server.port}`,
      '  User root',
      `  IdentityFile ${key}`,
    );
    const { failure } = await connect(
      'node',
      { sshConfig: path },
      { 'host-key': 'yes', passphrase: 'wrong-zebra' },
    );
    expect(failure).toEqual({ code: 'key-unusable', path: key, message: 'the passphrase does not open it' });
  });

  it('that others may read are not used, as in OpenSSH', async () => {
    const server = await sshd();
    chmodSync(server.at('login'), 0o644);
    const { failure } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    expect(failure).toMatchObject({
      code: 'key-unusable',
      message: expect.stringMatching(/others may read it \(mode 0644\)/),
    });
  });

  it('given on the command line go first', async () => {
    const server = await sshd('MaxAuthTries 1');
    const path = config(...hostLines(server).map((line) => line.replace(/login$/, 'nothing')));
    const { result } = await connect(
      'node',
      { sshConfig: path, identity: server.at('login') },
      { 'host-key': 'yes' },
    );
    expect(result.ok).toBe(true);
  });
});

describe.skipIf(noSshd)('a login shell', () => {
  const noise = 'echo Welcome on stdout; echo Welcome on stderr >&2';
  it.each([
    ['bash', '/bin/bash', { '.bashrc': noise }, 'BASH_ENV={home}/.bashrc'],
    ['zsh', '/usr/bin/zsh', { '.zshenv': noise }, 'ZDOTDIR={home}'],
    ['fish', '/usr/bin/fish', { 'fish/config.fish': noise }, 'XDG_CONFIG_HOME={home}'],
    ['csh', '/bin/csh', { '.cshrc': 'echo Welcome on stdout' }, 'HOME={home}'],
    ['dash', '/bin/dash', {}, 'HOME={home}'],
  ])('%s with a noisy start is no hindrance', async (_, shell, files, environment) => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(folder.at(`${name}/..`), { recursive: true });
      writeFileSync(folder.at(name), `${text}\n`);
    }
    const run = folder.at('login-shell');
    writeFileSync(
      run,
      `#!/bin/sh\nexec env ${environment.replace('{home}', folder.path)} ${shell} -c "$SSH_ORIGINAL_COMMAND"\n`,
    );
    chmodSync(run, 0o755);
    const server = await sshd(`ForceCommand ${run}`);
    const { result } = await connect(
      'node',
      { sshConfig: config(...hostLines(server)) },
      { 'host-key': 'yes' },
    );
    if (!result.ok) throw new Error(word(result.failure).sentence);
    for (let round = 0; round < 2; round++)
      expect(await greet(result.value.target)).toEqual({ kind: 'said', text: 'Linux\n' });
  });
});
