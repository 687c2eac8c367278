import { execFileSync, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { chmodSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { word } from '../../src/domain/failure.ts';
import { lookUpHost } from '../../src/transport/known-hosts.ts';
import { createKnownHostsReader } from '../../src/transport/known-hosts-file.ts';
import { readKnownLines } from '../../src/transport/known-hosts-lines.ts';
import { newFolder } from './support/loopback.ts';

const noKeygen = spawnSync('ssh-keygen', ['-?']).error !== undefined;

let folder: ReturnType<typeof newFolder>;
beforeEach(() => {
  folder = newFolder();
});
afterEach(() => folder.remove());

/** A known_hosts file in this test's folder. */
function write(lines: readonly string[] | string, name = 'known_hosts'): string {
  writeFileSync(folder.at(name), typeof lines === 'string' ? lines : `${lines.join('\n')}\n`, 'latin1');
  return folder.at(name);
}

type Found = {
  readonly number: number;
  readonly marker: string;
  readonly type: string;
  readonly key: string;
};

/** What `ssh-keygen -F` finds. */
function asOpenSsh(file: string, name: string): readonly Found[] {
  const { stdout } = spawnSync('ssh-keygen', ['-F', name, '-f', file], { encoding: 'latin1' });
  const pairs = stdout.matchAll(/^# Host .* found: line (\d+) (CA|REVOKED|)\n([^\n]*)\n/gm);
  return [...pairs].flatMap(([, number, kind, line = '']) => {
    const words = line.split(/[ \t\r]+/).filter((w) => w !== '' && !w.startsWith('@'));
    const marker = kind === 'CA' ? 'authority' : kind === 'REVOKED' ? 'revoked' : 'key';
    const [, type = '', key] = words;
    // OpenSSH also prints a line whose key is a carriage return and nothing else.
    return key === undefined ? [] : [{ number: Number(number), marker, type, key }];
  });
}

/** What we find. */
function asWe(text: string, name: string): readonly Found[] {
  return readKnownLines(text)
    .filter((line) => line.isFor(name))
    .map(({ number, marker, type, key }) => ({ number, marker, type, key }));
}

function hashed(name: string, salt: Buffer): string {
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

/** Numbers that look random and are the same in every run. */
function dice(seed: number) {
  let state = seed;
  const roll = (sides: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
  const pick = <T>(of: readonly T[]): T => of[roll(of.length)] as T;
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => roll(256)));
  return { roll, pick, bytes };
}

const hosts = ['cp-1', 'cp-2.prod.example', '10.0.0.5', 'fe80::1%eth0', '::1', 'xn--nd-1', 'a+b'];
const names = hosts.flatMap((host) => [host, `[${host}]:2222`]);

function fileOf(seed: number): string {
  const { roll, pick, bytes } = dice(seed);
  const pattern = (): string => {
    const name = pick(names);
    const at = roll(name.length + 1);
    return pick([
      name,
      name.toUpperCase(),
      `${name.slice(0, at)}*`,
      `*${name.slice(at)}`,
      `${name.slice(0, at)}?${name.slice(at + 1)}`,
      `${name.slice(0, at)}**${name.slice(at + 2)}`,
      `!${name}`,
      `!${name.slice(0, at)}*`,
      `!!${name}`,
      '*',
      '!*',
      '',
      '!',
      '[*]:2222',
      '*.*',
      '^.$',
    ]);
  };
  const hash = (): string => {
    const salt = bytes(pick([20, 20, 20, 20, 19, 21, 0]));
    const whole = hashed(pick(names), salt);
    return pick([
      whole,
      whole,
      whole,
      whole,
      `${whole},cp-1`,
      `cp-1,${whole}`,
      whole.replace('|1|', '|2|'),
      `${whole}=`,
      whole.slice(1),
      whole.replace('=', ''),
    ]);
  };
  const type = (): string =>
    pick([
      'ssh-ed25519',
      'ssh-ed25519',
      'ssh-rsa',
      'ecdsa-sha2-nistp256',
      'ecdsa-sha2-nistp521',
      'sk-ssh-ed25519@openssh.com',
      'sk-ecdsa-sha2-nistp256@openssh.com',
      'ssh-ed25519-cert-v01@openssh.com',
      'sk-ssh-ed25519-cert-v01@openssh.com',
      'rsa-sha2-512',
      'ssh-foo',
      'Ssh-Rsa',
      '1024',
      '#',
    ]);
  const line = (): string => {
    const patterns = Array.from({ length: 1 + roll(4) }, pattern).join(',');
    const marker = pick([
      '',
      '',
      '',
      '',
      '@revoked ',
      '@cert-authority ',
      '@cert-authority   ',
      '@other ',
      '@revoked @revoked ',
      '@ ',
    ]);
    const key = pick([
      bytes(33).toString('base64'),
      bytes(33).toString('base64'),
      bytes(32).toString('base64'),
      '#',
      'not/base64!',
      '',
    ]);
    const gap = (): string => pick([' ', ' ', '  ', marker === '' ? '\t' : ' ', ' \t ']);
    const end = pick(['', '', ' a comment', '\tme@there # so', '\r', ' ', ' \r']);
    const whole = `${pick(['', '', '', ' ', '\t'])}${marker}${roll(3) ? patterns : hash()}${gap()}${type()}${gap()}${key}${end}`;
    return pick([
      whole,
      whole,
      whole,
      whole,
      whole,
      `#${whole}`,
      ` # ${whole}`,
      '',
      '\r',
      patterns,
      `${patterns} `,
      `${patterns} ssh-rsa`,
    ]);
  };
  return Array.from({ length: 150 }, line).join('\n') + pick(['', '\n', '\n\n', '\r\n']);
}

describe.skipIf(noKeygen)('a known_hosts file is read as ssh-keygen -F reads it', () => {
  it('whatever its lines look like', { timeout: 60_000 }, () => {
    let matches = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const text = fileOf(seed);
      const file = write(text);
      for (const name of [...names, 'CP-1', 'elsewhere']) {
        const wanted = asOpenSsh(file, name);
        expect(asWe(text, name), `file ${seed}, host ${name}`).toEqual(wanted);
        matches += wanted.length;
      }
    }
    // Enough was found for the comparison to mean something.
    expect(matches).toBeGreaterThan(500);
  });

  it('when ssh-keygen hashed it', () => {
    const key = Buffer.alloc(33, 7).toString('base64');
    const file = write(names.map((name) => `${name},other ssh-ed25519 ${key}`));
    execFileSync('ssh-keygen', ['-H', '-f', file], { stdio: 'ignore' });
    const text = execFileSync('cat', [file], { encoding: 'latin1' });
    expect(text).not.toContain('cp-1');
    for (const name of [...names, 'other', 'elsewhere'])
      expect(asWe(text, name), name).toEqual(asOpenSsh(file, name));
    expect(asWe(text, 'cp-1')).toHaveLength(1);
    expect(asWe(text, 'other')).toHaveLength(names.length);
  });
});

describe('a known_hosts file', () => {
  const key = (letter: string): string => `ssh-ed25519 ${letter.repeat(20)}`;
  const look = async (
    read: ReturnType<typeof createKnownHostsReader>,
    files: readonly string[],
    host: Partial<Parameters<typeof lookUpHost>[1]> = {},
  ) => lookUpHost(files, { hostname: 'cp-1', port: 22, ...host }, read);
  const keys = async (...words: Parameters<typeof look>): Promise<readonly string[]> => {
    const found = await look(...words);
    if (!found.ok) throw new Error(word(found.failure).sentence);
    return found.value.map(
      (k) => `${k.marker} ${k.key[0]} ${k.where.split(/[/:]/).slice(-2).join(':')}${k.loose ? ' loose' : ''}`,
    );
  };

  // OpenSSH passes over this line, of all lines; that a key was revoked must not hang on a tab.
  it('revokes a key also where a tab stands behind the marker', () => {
    expect(asWe(`@revoked\tcp-1 ${key('A')}\n`, 'cp-1')).toMatchObject([{ marker: 'revoked' }]);
  });

  it('vouches under the name without its port only where the port has no key, and never by an authority', async () => {
    const read = createKnownHostsReader();
    const file = write([
      `cp-1 ${key('A')}`,
      `@cert-authority cp-1 ${key('B')}`,
      `@revoked [cp-1]:2222 ${key('C')}`,
    ]);
    const exact = write([`cp-1 ${key('A')}`, `[cp-1]:2222 ${key('D')}`], 'exact');
    expect(await keys(read, [file], { port: 2222 })).toEqual([
      'revoked C known_hosts:3',
      'key A known_hosts:1 loose',
    ]);
    expect(await keys(read, [file, exact], { port: 2222 })).toEqual([
      'revoked C known_hosts:3',
      'key A known_hosts:1 loose',
      'key D exact:2',
    ]);
    expect(await keys(read, [file], { port: 2222, alias: 'other' })).toEqual([]);
    expect(await keys(read, [file], { hostname: 'CP-1' })).toEqual([
      'key A known_hosts:1',
      'authority B known_hosts:2',
    ]);
  });

  it('is read again when a key was added, when another took its place, and when it went away', async () => {
    const read = createKnownHostsReader();
    expect(await keys(read, [folder.at('known_hosts')])).toEqual([]);
    const file = write([`cp-1 ${key('A')}`]);
    expect(await keys(read, [file])).toEqual(['key A known_hosts:1']);
    writeFileSync(file, `cp-1 ${key('B')}\n`, { flag: 'a' });
    expect(await keys(read, [file])).toEqual(['key A known_hosts:1', 'key B known_hosts:2']);
    renameSync(write([`cp-1 ${key('C')}`, `cp-1 ${key('D')}`], 'new'), file);
    expect(await keys(read, [file])).toEqual(['key C known_hosts:1', 'key D known_hosts:2']);
    rmSync(file);
    expect(await keys(read, [file])).toEqual([]);
  });

  it('is read once for all who ask at the same time, and not again while it stays as it is', async () => {
    const read = createKnownHostsReader();
    const file = write([`cp-* ${key('A')}`]);
    const [one, two] = await Promise.all([read(file), read(file)]);
    const three = await read(file);
    expect(one.ok && one.value).toHaveLength(1);
    expect(two.ok && one.ok && two.value === one.value).toBe(true);
    expect(three.ok && one.ok && three.value === one.value).toBe(true);
  });

  it('that cannot be read says which and why, and is read once it can be', async () => {
    const read = createKnownHostsReader();
    const sentence = async (file: string): Promise<string> => {
      const found = await look(read, [file]);
      return found.ok ? 'read' : word(found.failure).sentence;
    };
    expect(await sentence(folder.at('.'))).toMatch(/: it is a folder/);
    symlinkSync('round', folder.at('round'));
    expect(await sentence(folder.at('round'))).toMatch(/round.*: it is a symbolic link.*\(ELOOP\)/);
    rmSync(folder.at('round'));
    expect(await sentence(write([`cp-1 ${key('A')}`], 'round'))).toBe('read');
  });

  it.skipIf(process.getuid?.() === 0)(
    'that may not be read says so, even if it could be before',
    async () => {
      const read = createKnownHostsReader();
      const file = write([`cp-1 ${key('A')}`]);
      expect(await keys(read, [file])).toEqual(['key A known_hosts:1']);
      chmodSync(file, 0);
      const found = await look(read, [file]);
      expect(!found.ok && word(found.failure).sentence).toMatch(/known_hosts.*: permission denied/);
    },
  );
});
