import { writeFileSync } from 'node:fs';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { questionKey } from '../../src/domain/question.ts';
import { mapBounded } from '../../src/engine/bounded.ts';
import type { ConnectorOptions } from '../../src/transport/ssh.ts';
import {
  type Loopback,
  type Manners,
  newFolder,
  nodeAt,
  operator,
  plainConnector,
  startLoopback,
} from './support/loopback.ts';

const machine = { kind: 'machine' } as const;
let folder: ReturnType<typeof newFolder>;
let server: Loopback | undefined;

beforeEach(() => {
  folder = newFolder();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  folder.remove();
});

type Says = Parameters<typeof operator>[0];

async function connectTo(
  manners: Manners,
  says: Says = { 'host-key': 'yes' },
  deadlineMs = 8000,
  options: ConnectorOptions = {},
) {
  server = await startLoopback(manners);
  const person = operator(says);
  const secrets: string[] = [];
  const connector = plainConnector(folder.at('known_hosts'), {
    ...options,
    onSecret: (secret) => secrets.push(secret),
  });
  const result = await connector.connect(nodeAt(server.port), {
    readOnly: false,
    deadlineMs,
    answerer: person.answerer,
  });
  return { result, person, server, secrets, connector };
}

function failureOf(result: Awaited<ReturnType<typeof connectTo>>['result']) {
  if (result.ok) throw new Error('it connected');
  return result.failure;
}

describe('a connection', () => {
  it('finds out that it is root and asks, all in one channel', async () => {
    const { result, server: s } = await connectTo({});
    if (!result.ok) throw new Error(word(result.failure).sentence);
    expect(result.value.privilege).toBe('root');
    const answers = await result.value.target.ask([machine], { deadlineMs: 5000 });
    expect(answers.get(questionKey(machine))).toMatchObject({ kind: 'said' });
    expect(s.sessions()).toBe(1);
    await result.value.target.close();
  });

  it('asks about a host key that nobody knows, in the form that OpenSSH prints, and remembers it', async () => {
    const first = await connectTo({});
    expect(first.person.asked).toHaveLength(1);
    expect(first.person.asked[0]).toMatchObject({
      kind: 'host-key',
      node: 'n1',
      host: '127.0.0.1',
      keyType: 'ssh-ed25519',
    });
    expect(first.person.asked[0]).toHaveProperty(
      'fingerprint',
      expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
    );
    const again = operator({});
    const second = await plainConnector(folder.at('known_hosts')).connect(nodeAt(first.server.port), {
      readOnly: false,
      deadlineMs: 8000,
      answerer: again.answerer,
    });
    expect(second.ok).toBe(true);
    expect(again.asked).toEqual([]);
    for (const { result } of [first, { result: second }]) if (result.ok) await result.value.target.close();
  });

  it('stops when nobody vouches for the host key, before anything is tried as a login', async () => {
    const { result, server: s } = await connectTo({}, {});
    expect(failureOf(result)).toMatchObject({ code: 'host-key-unknown', keyType: 'ssh-ed25519' });
    expect(s.attempts).toEqual([]);
  });

  it('does not count the time a person takes', async () => {
    const slow: Says = { 'host-key': 'yes' };
    server = await startLoopback({});
    const person = operator(slow);
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(server.port), {
      readOnly: false,
      deadlineMs: 700,
      answerer: async (question) => {
        await new Promise((resolve) => setTimeout(resolve, 900));
        return person.answerer(question);
      },
    });
    expect(result.ok).toBe(true);
    if (result.ok) await result.value.target.close();
  });

  it('connects once more by itself when the server got tired while the fingerprint was compared', async () => {
    let first = true;
    server = await startLoopback({
      socket: (socket) => {
        if (first) closers.push(() => socket.destroy());
        first = false;
      },
    });
    const closers: (() => void)[] = [];
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(server.port), {
      readOnly: false,
      deadlineMs: 5000,
      answerer: async () => {
        closers[0]?.();
        await new Promise((resolve) => setTimeout(resolve, 50));
        return 'yes';
      },
    });
    expect(result.ok).toBe(true);
    expect(server.connections()).toBe(2);
    if (result.ok) await result.value.target.close();
  });

  it('says what both sides offer when they have nothing in common', async () => {
    const { result } = await connectTo({ algorithms: { cipher: ['3des-cbc'] } as never });
    const failure = failureOf(result);
    expect(failure.code).toBe('handshake-failed');
    expect(word(failure).sentence).toMatch(/no matching .*cipher.*we offer .*aes.*it offers 3des-cbc/i);
  });

  it('gives up in time on a server that says nothing', async () => {
    const net = await import('node:net');
    const mute = net.createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const started = performance.now();
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(port), {
      readOnly: false,
      deadlineMs: 400,
      answerer: operator({}).answerer,
    });
    expect(failureOf(result)).toMatchObject({ code: 'connect-timeout', node: 'n1' });
    expect(performance.now() - started).toBeLessThan(3000);
    mute.close();
  });

  it.each([
    ['many at once', 'a\r\n'.repeat(2000), 'node-unreachable', 'greetings without end'],
    ['line by line', `${'a'.repeat(800)}\r\n`, 'handshake-failed', 'more than 64 KiB of greetings'],
  ])('does not listen to greetings without end, %s', async (_, greeting, code, says) => {
    const net = await import('node:net');
    const sockets = new Set<import('node:net').Socket>();
    const flood = net.createServer((socket) => {
      sockets.add(socket);
      const more = (): void => {
        if (socket.destroyed) return;
        socket.write(greeting, () => setImmediate(more));
      };
      socket.on('error', () => undefined).setNoDelay();
      more();
    });
    await new Promise<void>((resolve) => flood.listen(0, '127.0.0.1', resolve));
    const { port } = flood.address() as { port: number };
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(port), {
      readOnly: false,
      deadlineMs: 20_000,
      answerer: operator({}).answerer,
    });
    expect(failureOf(result)).toMatchObject({
      code,
      message: expect.stringContaining(says),
    });
    for (const socket of sockets) socket.destroy();
    flood.close();
  });

  it('can be called off', async () => {
    const net = await import('node:net');
    const mute = net.createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const controller = new AbortController();
    const connecting = plainConnector(folder.at('known_hosts')).connect(nodeAt(port), {
      readOnly: false,
      deadlineMs: 60_000,
      answerer: operator({}).answerer,
      signal: controller.signal,
    });
    controller.abort();
    expect(failureOf(await connecting)).toMatchObject({ code: 'refused' });
    mute.close();
  });

  it('says that a port is closed', async () => {
    const { server: s } = await connectTo({});
    const { port } = s;
    await s.close();
    const result = await plainConnector(folder.at('known_hosts')).connect(nodeAt(port), {
      readOnly: false,
      deadlineMs: 3000,
      answerer: operator({}).answerer,
    });
    expect(failureOf(result)).toMatchObject({
      code: 'node-unreachable',
      message: 'the connection was refused',
    });
  });

  it('gives the words of the first error, not of the close that follows', async () => {
    const { result } = await connectTo({
      socket: (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    });
    expect(failureOf(result)).toMatchObject({
      code: 'node-unreachable',
      message: expect.stringMatching(/before the SSH handshake/),
    });
  });
});

describe('many nodes', () => {
  it('are not held up by those that never answer', async () => {
    server = await startLoopback({});
    const net = await import('node:net');
    const mute = net.createServer(() => undefined);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const silent = (mute.address() as { port: number }).port;
    const { port } = server;
    const connector = plainConnector(folder.at('known_hosts'));
    const answerer = operator({ 'host-key': 'yes' }).answerer;
    const nodes = Array.from({ length: 20 }, (_, n) => ({
      ...nodeAt(n % 7 === 0 ? silent : port),
      name: `n${n}`,
    }));
    const results = await mapBounded(nodes, 8, (node) =>
      connector.connect(node, { readOnly: true, deadlineMs: 3000, answerer }),
    );
    const codes = results.map((r) => (r.ok ? 'ok' : r.failure.code));
    expect(codes).toEqual(nodes.map((_, n) => (n % 7 === 0 ? 'connect-timeout' : 'ok')));
    for (const result of results) if (result.ok) await result.value.target.close();
    mute.close();
  });
});

describe('a link that is reset', () => {
  it.each([
    ['at once', { socket: (socket) => void socket.resetAndDestroy() } satisfies Manners],
    [
      'after its greeting',
      { socket: (socket) => void socket.once('data', () => socket.resetAndDestroy()) } satisfies Manners,
    ],
    ['in the key exchange', { socket: (socket) => void onNth(socket, 2) } satisfies Manners],
    ['in the login', { socket: (socket) => void onNth(socket, 4) } satisfies Manners],
  ] as const)('%s is a failure that is said, never a crash', async (_, manners) => {
    const { result } = await connectTo(manners);
    const failure = failureOf(result);
    expect(['node-unreachable', 'auth-failed', 'handshake-failed']).toContain(failure.code);
  });

  it('after the login loses the node, once', async () => {
    let cut = (): void => undefined;
    const { result } = await connectTo({
      ready: (_, socket) => {
        cut = () => socket.resetAndDestroy();
      },
    });
    if (!result.ok) throw new Error(word(result.failure).sentence);
    const { target } = result.value;
    const told: string[] = [];
    const lost = new Promise<void>((resolve) =>
      target.onLost((failure) => resolve(void told.push(failure.code))),
    );
    cut();
    await lost;
    expect(told).toEqual(['link-lost']);
    const answers = await target.ask([machine], { deadlineMs: 2000 });
    expect(answers.get(questionKey(machine))).toMatchObject({ kind: 'lost' });
    const report = await target.perform({ kind: 'restart', unit: 'rke2-server' }, { deadlineMs: 2000 });
    expect(report).toMatchObject({ kind: 'refused', failure: { code: 'link-lost' } });
    const late = await new Promise<string>((resolve) => target.onLost((failure) => resolve(failure.code)));
    expect(late).toBe('link-lost');
    await target.close();
  });

  it('in the middle of a deed leaves its end unknown', async () => {
    let cut = (): void => undefined;
    const { result } = await connectTo({
      ready: (_, socket) => {
        cut = () => socket.resetAndDestroy();
      },
      output: (bytes, channel) => {
        if (bytes.includes(' root\n')) channel.write(bytes);
        else cut();
      },
    });
    if (!result.ok) throw new Error(word(result.failure).sentence);
    const { target } = result.value;
    const report = await target.perform({ kind: 'restart', unit: 'no-such.service' }, { deadlineMs: 5000 });
    expect(report).toMatchObject({ kind: 'unknown', failure: { code: 'link-lost' } });
  });
});

function onNth(socket: import('node:net').Socket, nth: number): void {
  let seen = 0;
  socket.on('data', () => {
    if (++seen === nth) socket.resetAndDestroy();
  });
}

describe('a login', () => {
  const onlyPassword: Manners = {
    authenticate: (context) => {
      if (context.method === 'password' && context.password === 'right horse') context.accept();
      else context.reject(['password']);
    },
  };

  // To try a key before the server has named its methods saves a round trip, and was once done: it costs a server that
  // counts attempts one too many, and uses up a key that is wanted second.
  describe('with a key', () => {
    const identity = (): string => {
      const made = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
      writeFileSync(folder.at('key'), made.private, { mode: 0o600 });
      writeFileSync(folder.at('key.pub'), made.public);
      return folder.at('key');
    };
    const says = { 'host-key': 'yes', password: 'right horse' } as const;

    it('does not offer it to a server that takes none', async () => {
      const { result, server: s } = await connectTo(onlyPassword, says, 8000, { identity: identity() });
      expect(result.ok).toBe(true);
      expect(s.attempts).toEqual(['none', 'password']);
      if (result.ok) await result.value.target.close();
    });

    it('asks for the methods once, and not again after the key was refused', async () => {
      const manners: Manners = {
        authenticate: (context) => {
          if (context.method === 'password') context.accept();
          else context.reject(['publickey', 'password']);
        },
      };
      const { result, server: s } = await connectTo(manners, says, 8000, { identity: identity() });
      expect(result.ok).toBe(true);
      expect(s.attempts).toEqual(['none', 'publickey', 'password']);
      if (result.ok) await result.value.target.close();
    });

    it('goes on to what a server wants after it', async () => {
      const manners: Manners = {
        authenticate: (context, attempts) => {
          if (context.method === 'publickey') {
            if (context.signature) context.reject(['keyboard-interactive'], true);
            else context.accept();
          } else if (context.method === 'keyboard-interactive' && attempts.includes('publickey'))
            context.prompt('Code: ', () => context.accept());
          else context.reject(['publickey']);
        },
      };
      const { result, server: s } = await connectTo(manners, { ...says, prompt: '123456' }, 8000, {
        identity: identity(),
      });
      expect(result).toMatchObject({ ok: true });
      expect(s.attempts).toEqual(['none', 'publickey', 'publickey', 'keyboard-interactive']);
      if (result.ok) await result.value.target.close();
    });

    it('offers it again as the second factor when it was refused as the first', async () => {
      const [first, second] = ['first', 'second'].map((name) => {
        const made = ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 });
        writeFileSync(folder.at(name), made.private, { mode: 0o600 });
        writeFileSync(folder.at(`${name}.pub`), made.public);
        return { path: folder.at(name), public: made.public.split(' ')[1] ?? '' };
      });
      writeFileSync(
        folder.at('config'),
        `Host *\n  IdentityFile ${first?.path}\n  IdentityFile ${second?.path}\n  IdentitiesOnly yes\n`,
      );
      let half = false;
      const manners: Manners = {
        authenticate: (context) => {
          if (context.method !== 'publickey') return context.reject(['publickey']);
          const wanted = half ? first : second;
          if (context.key.data.toString('base64') !== wanted?.public) return context.reject(['publickey']);
          if (!context.signature || half) return context.accept();
          half = true;
          context.reject(['publickey'], true);
        },
      };
      const { result } = await connectTo(manners, says, 8000, { sshConfig: folder.at('config') });
      expect(result).toMatchObject({ ok: true });
      if (result.ok) await result.value.target.close();
    });

    it('keeps it for a server that wants it second', async () => {
      const manners: Manners = {
        authenticate: (context, attempts) => {
          if (context.method === 'password') context.reject(['publickey'], true);
          else if (context.method === 'publickey' && attempts.includes('password')) context.accept();
          else context.reject(['password']);
        },
      };
      const { result } = await connectTo(manners, says, 8000, { identity: identity() });
      expect(result.ok).toBe(true);
      if (result.ok) await result.value.target.close();
    });
  });

  it('takes a password that is typed, and gives it to the register of secrets', async () => {
    const { result, secrets } = await connectTo(onlyPassword, { 'host-key': 'yes', password: 'right horse' });
    expect(result.ok).toBe(true);
    expect(secrets).toEqual(['right horse']);
    if (result.ok) await result.value.target.close();
  });

  it('tries a wrong password once, and says what was offered and tried without saying the password', async () => {
    const {
      result,
      server: s,
      person,
    } = await connectTo(onlyPassword, { 'host-key': 'yes', password: 'wrong-zebra' });
    const failure = failureOf(result);
    expect(failure).toMatchObject({
      code: 'auth-failed',
      user: 'root',
      offered: 'password',
      tried: 'password',
    });
    expect(s.attempts).toEqual(['none', 'password']);
    expect(person.asked.filter((q) => q.kind === 'password')).toHaveLength(1);
    expect(JSON.stringify(failure)).not.toContain('zebra');
  });

  it('puts every prompt of a server before the operator, whatever it says', async () => {
    const seen: string[][] = [];
    const { result, person, secrets } = await connectTo(
      {
        authenticate: (context) => {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
          context.prompt(
            [
              { prompt: 'Token for \u001b[31mroot:', echo: true },
              { prompt: 'PIN:', echo: false },
            ],
            'Door',
            (first) => {
              seen.push(first);
              context.prompt([{ prompt: 'One-time code: ', echo: false }], (second) => {
                seen.push(second);
                context.accept();
              });
            },
          );
        },
      },
      { 'host-key': 'yes', prompt: (q) => (q.kind === 'prompt' ? `<${q.text.slice(0, 3)}>` : undefined) },
    );
    expect(result.ok).toBe(true);
    expect(seen).toEqual([['<Tok>', '<PIN>'], ['<One>']]);
    const prompts = person.asked.filter((q) => q.kind === 'prompt');
    expect(prompts.map((q) => [q.text, q.echo])).toEqual([
      ['Token for root:', true],
      ['PIN:', false],
      ['One-time code:', false],
    ]);
    expect(secrets).toEqual(['<PIN>', '<One>']);
    if (result.ok) await result.value.target.close();
  });

  it('does not go on to a password when the typed prompts were wrong', async () => {
    const { result, server: s } = await connectTo(
      {
        authenticate: (context) => {
          if (context.method !== 'keyboard-interactive')
            return context.reject(['keyboard-interactive', 'password']);
          context.prompt('Password: ', () => context.reject(['keyboard-interactive', 'password']));
        },
      },
      { 'host-key': 'yes', prompt: 'wrong', password: 'wrong' },
    );
    expect(failureOf(result)).toMatchObject({ code: 'auth-failed', tried: 'keyboard-interactive' });
    expect(s.attempts).toEqual(['none', 'keyboard-interactive']);
  });

  it('goes on to the second factor when the first was accepted', async () => {
    const { result, server: s } = await connectTo(
      {
        authenticate: (context, attempts) => {
          if (context.method === 'password') return context.reject(['keyboard-interactive'], true);
          if (context.method === 'keyboard-interactive' && attempts.includes('password'))
            return void context.prompt('Code: ', () => context.accept());
          context.reject(['password']);
        },
      },
      { 'host-key': 'yes', password: 'p', prompt: '123456' },
    );
    expect(result.ok).toBe(true);
    expect(s.attempts).toEqual(['none', 'password', 'keyboard-interactive']);
    if (result.ok) await result.value.target.close();
  });

  it('leaves unanswered what nobody answers, for an empty answer is a failed login', async () => {
    const answers: string[][] = [];
    const { result } = await connectTo(
      {
        authenticate: (context) => {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
          context.prompt(['User: ', 'Code: '], (given) => {
            answers.push(given);
            context.reject();
          });
        },
      },
      { 'host-key': 'yes', prompt: (q) => (q.kind === 'prompt' && q.text === 'User:' ? 'anna' : undefined) },
    );
    expect(failureOf(result)).toMatchObject({
      code: 'auth-failed',
      tried: 'keyboard-interactive (given up), then it was given up',
    });
    expect(answers).toEqual([]);
  });

  it('answers no server that wants one more factor without end', async () => {
    const { result, person } = await connectTo(
      {
        authenticate: (context) => {
          if (context.method !== 'keyboard-interactive') return context.reject(['keyboard-interactive']);
          context.prompt('Code: ', () => context.reject(['keyboard-interactive'], true));
        },
      },
      { 'host-key': 'yes', prompt: '1' },
    );
    expect(failureOf(result)).toMatchObject({ code: 'auth-failed' });
    expect(person.asked.filter((q) => q.kind === 'prompt')).toHaveLength(5);
  });

  it('ends when the operator gives up', async () => {
    const { result } = await connectTo(onlyPassword, { 'host-key': 'yes' });
    expect(failureOf(result)).toMatchObject({
      code: 'auth-failed',
      tried: expect.stringMatching(/given up/),
    });
  });
});
