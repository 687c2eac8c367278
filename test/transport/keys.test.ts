import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listAgent } from '../../src/transport/agent.ts';
import { createHostKeyCheck, fingerprintOf } from '../../src/transport/host-key.ts';
import { createIdentityReader, inspectKey, readIdentity } from '../../src/transport/keys.ts';
import { newFolder, operator } from './support/loopback.ts';
import { makeKey, publicKey } from './support/sshd.ts';

let folder: ReturnType<typeof newFolder>;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

function part(bytes: Buffer | string): Buffer {
  const body = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** The outer form of an OpenSSH private key, as far as it can be read without a passphrase. */
function outerForm(type: string): string {
  const one = Buffer.from([0, 0, 0, 1]);
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    part('none'),
    part('none'),
    part(''),
    one,
    part(Buffer.concat([part(type), part('x')])),
    part('secret half'),
  ]);
  const words = ['BEGIN', 'END'].map((word) => `-----${word} OPENSSH PRIVATE KEY-----`);
  return `${words[0]}\n${body.toString('base64')}\n${words[1]}\n`;
}

describe('a key file', () => {
  it.each([
    ['-t', 'ed25519', 'ssh-ed25519'],
    ['-t', 'rsa', 'ssh-rsa'],
    ['-t', 'ecdsa', 'ecdsa-sha2-nistp256'],
  ])('%s %s tells its type and public half without a passphrase', async (flag, type, name) => {
    const path = makeKey(folder.at('key'), flag, type, '-N', 'locked up');
    const { rm } = await import('node:fs/promises');
    const half = Buffer.from(publicKey(path).split(' ')[1] ?? '', 'base64');
    await rm(`${path}.pub`);
    const identity = await readIdentity(path);
    expect(identity).toMatchObject({ type: name, encrypted: true });
    expect(identity?.publicKey?.equals(half)).toBe(true);
  });

  it('in PEM form tells only that it is locked', async () => {
    const path = makeKey(folder.at('key'), '-t', 'rsa', '-m', 'PEM', '-N', 'locked up');
    const { rm } = await import('node:fs/promises');
    await rm(`${path}.pub`);
    expect(await readIdentity(path)).toMatchObject({ type: '', encrypted: true });
  });

  it.each([
    ['sk-ssh-ed25519@openssh.com', /FIDO security key/],
    ['ssh-ed25519-cert-v01@openssh.com', /OpenSSH certificate/],
    ['ssh-dss', /ssh-dss keys are not supported/],
  ])('of type %s is said to be unsupported', async (type, problem) => {
    writeFileSync(folder.at('key'), outerForm(type), { mode: 0o600 });
    expect(await readIdentity(folder.at('key'))).toMatchObject({
      type,
      problem: expect.stringMatching(problem),
    });
  });

  it('in PKCS#8 form says how to rewrite it', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const text = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(inspectKey(text).problem).toMatch(/PKCS#8.*ssh-keygen -p/);
  });

  it.each([
    ['nothing at all'],
    [
      outerForm('x')
        .replace(/[A-Z]{4}\n-----END/, '\n-----END')
        .slice(0, 60),
    ],
  ])('that is no key is said to be none', (text) => expect(inspectKey(text).problem).toBeDefined());

  it('that others may read is not used', async () => {
    const path = makeKey(folder.at('key'));
    chmodSync(path, 0o640);
    expect((await readIdentity(path))?.problem).toMatch(/mode 0640/);
  });

  it('that is only there in public is for an agent to use', async () => {
    const path = makeKey(folder.at('key'));
    const identity = await readIdentity(`${path}.pub`);
    expect(identity).toMatchObject({ type: 'ssh-ed25519', encrypted: false });
    expect(identity?.text).toBeUndefined();
    expect(await readIdentity(folder.at('other'))).toBeUndefined();
  });

  it('is looked at once for nodes that are connected together, and again when it was mended', async () => {
    const path = makeKey(folder.at('key'));
    chmodSync(path, 0o640);
    let now = 0;
    const read = createIdentityReader(() => now);
    const first = read(path);
    expect(read(path)).toBe(first);
    expect((await first)?.problem).toMatch(/mode 0640/);
    chmodSync(path, 0o600);
    now = 999;
    expect(read(path)).toBe(first);
    now = 1000;
    expect((await read(path))?.problem).toBeUndefined();
  });

  it('in a folder that may not be entered is not taken for one that is not there', async () => {
    writeFileSync(folder.at('file'), '');
    expect(await readIdentity(folder.at('file/key'))).toBeUndefined();
    symlinkSync(folder.at('circle'), folder.at('circle'));
    expect((await readIdentity(folder.at('circle')))?.problem).toBeDefined();
  });
});

describe('an agent', () => {
  it.each([
    ['says nothing', () => undefined, /does not answer/],
    ['hangs up', (s: import('node:net').Socket) => void s.end(), /closed the connection/],
    ['refuses', (s: import('node:net').Socket) => void s.write(Buffer.from([0, 0, 0, 1, 5])), /refuses/],
    [
      'talks nonsense',
      (s: import('node:net').Socket) => void s.write(Buffer.from([0, 0, 0, 9, 12, 0, 0, 0, 7, 0, 0, 0, 99])),
      /makes no sense/,
    ],
    [
      'threatens with a flood',
      (s: import('node:net').Socket) => void s.write(Buffer.from([255, 255, 255, 255])),
      /makes no sense/,
    ],
  ])('that %s is a problem, not a wait', async (_, manners, problem) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => manners(socket));
    });
    await new Promise<void>((resolve) => server.listen(folder.at('agent'), resolve));
    expect(await listAgent(folder.at('agent'), 300)).toMatchObject({
      problem: expect.stringMatching(problem),
    });
    server.close();
  });

  it('that is not there is a problem', async () => {
    expect(await listAgent(folder.at('none'))).toEqual({
      problem: 'there is no such file or folder (ENOENT)',
    });
  });

  it('lists keys of every type', async () => {
    const fido = Buffer.concat([part('sk-ssh-ed25519@openssh.com'), part('x')]);
    const answer = Buffer.concat([Buffer.from([12, 0, 0, 0, 1]), part(fido), part('my token')]);
    const server = createServer((socket) => socket.on('data', () => socket.write(part(answer))));
    await new Promise<void>((resolve) => server.listen(folder.at('agent'), resolve));
    expect(await listAgent(folder.at('agent'))).toEqual([{ key: fido, comment: 'my token' }]);
    server.close();
  });
});

describe('the check of a host key', () => {
  const key = Buffer.concat([part('ssh-ed25519'), part('a'.repeat(32))]);
  const other = Buffer.concat([part('ssh-ed25519'), part('b'.repeat(32))]);
  const check = (says: string | undefined, known: Parameters<typeof createHostKeyCheck>[0]['known'] = []) =>
    createHostKeyCheck({
      node: 'n',
      label: 'n',
      host: 'h',
      known,
      strict: false,
      ask: operator({ 'host-key': () => says }).answerer,
      remember: async () => undefined,
      accepted: () => false,
    });
  const decide = (c: ReturnType<typeof check>, shown: Buffer) =>
    new Promise<boolean>((resolve) => {
      const returned: unknown = c.verify(shown, resolve);
      // Anything returned, a promise above all, would be taken for a yes.
      expect(returned).toBeUndefined();
    });

  it.each([['no'], ['Yes'], ['y'], [''], [undefined]])('takes "%s" for a no', async (says) => {
    const c = check(says);
    expect(await decide(c, key)).toBe(false);
    expect(c.refusal()).toMatchObject({ code: 'host-key-unknown', fingerprint: fingerprintOf(key) });
  });

  it('allows the same key again in a later key exchange, and no other', async () => {
    const c = check('yes');
    expect(await decide(c, key)).toBe(true);
    expect(await decide(c, key)).toBe(true);
    expect(await decide(c, other)).toBe(false);
  });

  it('takes a bug for a no', async () => {
    const c = createHostKeyCheck({
      node: 'n',
      label: 'n',
      host: 'h',
      known: [],
      strict: false,
      ask: async () => {
        throw new Error('bug');
      },
      remember: async () => undefined,
      accepted: () => false,
    });
    expect(await decide(c, key)).toBe(false);
  });
});
