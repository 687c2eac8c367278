import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const room = resolve(import.meta.dirname, '../../src/transport');
const files = readdirSync(room).filter((name) => name.endsWith('.ts'));

/** Parts of node-ssh and ssh2 that are known to do harm, and why nobody here may use them. */
const harmful: readonly (readonly [why: string, pattern: RegExp])[] = [
  ['exec() takes any output on stderr for a failure and loses empty words', /\bssh\.exec\(/],
  ['execCommand() keeps all that a node ever says', /execCommand\(/],
  ['cwd runs the command even when cd failed', /\bcwd:/],
  [
    'files do not travel by SFTP, which hardened hosts switch off',
    /sftp|ssh\.(putFile|getFile|putDirectory)/i,
  ],
  ['its own key reading knows no ~ and no passphrase', /privateKeyPath|privateKey:/],
  ['its own prompts answer only what looks like a password', /tryKeyboard/],
  ['its decoded output is cut in the middle of characters', /\.stdout\b|(?<!opened)\.stderr\b/],
  ['a terminal merges the streams and echoes', /\bpty:/],
  ['handshake time is not the whole time', /readyTimeout: [1-9]/],
  ['a promise is always a yes to ssh2', /hostVerifier: async/],
];

describe('known harm of the libraries', () => {
  it.each(harmful)('%s', (_, pattern) => {
    for (const name of files) expect(readFileSync(join(room, name), 'utf8'), name).not.toMatch(pattern);
  });

  it('lies behind one door each: one place connects, one runs commands, and it verifies', () => {
    const using = (pattern: RegExp) =>
      files.filter((name) => pattern.test(readFileSync(join(room, name), 'utf8')));
    expect(using(/new NodeSSH\(/)).toEqual(['link.ts']);
    expect(using(/\bconnection\.exec\(/)).toEqual(['shell.ts']);
    expect(using(/hostVerifier/)).toEqual(['link.ts']);
    expect(using(/new (ssh2\.)?Client\(/)).toEqual([]);
  });

  it('is loaded at the first connection, not when the program starts', () => {
    for (const name of files)
      for (const [line] of readFileSync(join(room, name), 'utf8').matchAll(
        /^import .*'(?:node-ssh|ssh2)';$/gm,
      ))
        expect(line).toMatch(/^import type /);
  });
});
