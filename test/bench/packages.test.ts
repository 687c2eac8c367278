import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import type { Client } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { noSshd, startSshd } from '../transport/support/sshd.ts';

type Styled = { readonly value: string; readonly styles: readonly unknown[] };
type Output = {
  readonly write: (
    x: number,
    y: number,
    text: string,
    options: { readonly transformers: readonly [] },
  ) => void;
  readonly get: () => { readonly output: string; readonly height: number };
};
type Packages = {
  readonly tokenize: (text: string) => readonly unknown[];
  readonly styledCharsFromTokens: (tokens: readonly unknown[]) => readonly Styled[];
  readonly styledCharsToString: (chars: readonly Styled[]) => string;
  readonly stringWidth: (text: string) => number;
  readonly SshClient: typeof Client;
  readonly Output: new (size: { readonly width: number; readonly height: number }) => Output;
};

// The build's own files are JavaScript without types.
const built = '../../bin/bundle.js';
const { bundle } = (await import(built)) as { bundle: BuildOptions };
const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'k8s-harden-packages-'));
let changed: Packages;
let own: Packages;

async function load(name: string, options: BuildOptions): Promise<Packages> {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    ...bundle,
    ...options,
    stdin: {
      contents: `export * from '@alcalzone/ansi-tokenize';
        export { default as stringWidth } from './node_modules/string-width/index.js';
        export { Client as SshClient } from 'ssh2';
        export { default as Output } from './node_modules/ink/build/output.js';`,
      resolveDir: root,
    },
    outfile,
  });
  return import(pathToFileURL(outfile).href);
}

beforeAll(async () => {
  changed = await load('changed', {});
  own = await load('own', { plugins: [], define: {}, inject: [] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const esc = '\u001b[';
const lines = [
  '',
  'plain',
  `${esc}1mbold${esc}22m plain ${esc}2mdim${esc}22m`,
  `${esc}1m${esc}2mboth${esc}22m${esc}31mred ${esc}1mand bold${esc}22m${esc}39m.`,
  `${esc}31mred${esc}32mgreen${esc}39m${esc}7m inverse${esc}0m reset`,
  `${esc}38;2;1;2;3mtrue${esc}48;5;9m both${esc}49m${esc}39m`,
  `${esc}4mnever closed 漢字 👩‍👩‍👧 ✔ ⚠️ 1️⃣ 🇩🇪 é`,
  '\u001b]8;;https://example.org\u0007link\u001b]8;;\u0007 after',
];

describe('packages as they are bundled', () => {
  it.each(lines)('write and measure %j as they are', (line) => {
    const through = (p: Packages): string => p.styledCharsToString(p.styledCharsFromTokens(p.tokenize(line)));
    expect(through(changed)).toBe(through(own));
    for (const word of line.split(' ')) expect(changed.stringWidth(word), word).toBe(own.stringWidth(word));
  });

  it('draw the same frame, texts over one another included', () => {
    const drawn = ({ Output: Made }: Packages) => {
      const output = new Made({ width: 30, height: lines.length + 2 });
      for (const [y, line] of lines.entries()) output.write(y, y, line, { transformers: [] });
      output.write(3, 2, `${esc}33mover${esc}39m`, { transformers: [] });
      output.write(28, 9, '漢字', { transformers: [] });
      return output.get();
    };
    // The second frame and the third are made of what the ones before took apart.
    const frames = [1, 2, 3].map(() => drawn(changed));
    for (const frame of frames) expect(frame).toEqual(drawn(own));
    expect(frames[0]?.output).toContain('over');
  });
});

describe.skipIf(noSshd)('ssh2 as it is bundled', () => {
  it('has the other keys of a server proven only to who asks for them', async () => {
    const sshd = await startSshd('LogLevel DEBUG2');
    const login = async (Made: typeof Client, asks: boolean): Promise<boolean> => {
      const client = new Made();
      const before = sshd.log().length;
      const proven = new Promise<void>((resolve) => {
        if (asks) client.once('hostkeys', () => resolve());
        else resolve();
      });
      const ready = new Promise<void>((resolve, reject) => {
        client.once('ready', resolve).once('error', reject);
      });
      const privateKey = readFileSync(sshd.at('login'));
      client.connect({ host: '127.0.0.1', port: sshd.port, username: 'root', privateKey });
      await ready;
      // The server announces its keys before it answers this.
      await new Promise<void>((resolve, reject) =>
        client.exec('true', (error, channel) =>
          error ? reject(error) : channel.once('close', () => resolve()).resume(),
        ),
      );
      await proven;
      const gone = new Promise<void>((resolve) => client.once('close', () => resolve()));
      client.end();
      await gone;
      return sshd.log().slice(before).includes('hostkeys-prove-00@openssh.com');
    };
    try {
      expect(await login(own.SshClient, false)).toBe(true);
      expect(await login(changed.SshClient, false)).toBe(false);
      expect(await login(changed.SshClient, true)).toBe(true);
    } finally {
      await sshd.stop();
    }
  });

  it('says something when a server has announced its keys, which it waits for with all else', async () => {
    const sshd = await startSshd('LogLevel DEBUG3');
    const ignored = 'receive packet: type 2\n';
    const login = async (Made: typeof Client): Promise<string> => {
      const client = new Made();
      const before = sshd.log().length;
      const ready = new Promise<void>((resolve, reject) => {
        client.once('ready', resolve).once('error', reject);
      });
      const privateKey = readFileSync(sshd.at('login'));
      client.connect({ host: '127.0.0.1', port: sshd.port, username: 'root', privateKey });
      await ready;
      const said = await new Promise<string>((resolve, reject) =>
        client.exec('echo here', (error, channel) => {
          let text = '';
          if (error) return reject(error);
          channel.on('data', (bytes: Buffer) => {
            text += bytes;
          });
          channel.once('close', () => resolve(text));
        }),
      );
      expect(said).toBe('here\n');
      const gone = new Promise<void>((resolve) => client.once('close', () => resolve()));
      client.end();
      await gone;
      const logged = (): string => sshd.log().slice(before).replaceAll('\r', '');
      await vi.waitFor(() => expect(logged()).toContain('Disconnected from user'), 10_000);
      return logged();
    };
    try {
      expect(await login(own.SshClient)).not.toContain(ignored);
      expect(await login(changed.SshClient)).toContain(ignored);
    } finally {
      await sshd.stop();
    }
  });
});
