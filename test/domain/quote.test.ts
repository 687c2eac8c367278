import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandLine, quote } from '../../src/domain/quote.ts';

const shells = [
  ['sh', ['/bin/sh']],
  ['bash', ['/usr/bin/bash']],
  ['busybox sh', ['/usr/bin/busybox', 'sh']],
] as const;

const nasty = [
  '',
  ' ',
  "'",
  "''",
  '"',
  '\\',
  '\\\\',
  "\\'",
  '$HOME',
  '$(id)',
  '`id`',
  '!!',
  '!x',
  '~',
  '~root',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '-n',
  '--',
  '=x',
  'a=b',
  '#',
  'a#b',
  '&',
  '|',
  ';',
  '<',
  '>',
  '(',
  ')',
  '\n',
  'a\nb\n',
  '\t',
  '\r',
  '\u0001\u0002\u007f',
  'é✓漢字',
  'if',
  'then',
  'a b  c',
  ' leading and trailing ',
];

/** A sequence that looks random and is the same on every run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomWords(count: number): readonly string[] {
  const next = numbers(7);
  const alphabet = [...'ab \'"\\$`!*?[]{}()<>|&;#~=%-+,.:/\n\t\r\u0001\u001b\u007fé漢\u{1f600}'];
  return Array.from({ length: count }, () =>
    Array.from(
      { length: Math.floor(next() * 12) },
      () => alphabet[Math.floor(next() * alphabet.length)],
    ).join(''),
  );
}

describe.each(shells.filter(([, [path]]) => existsSync(path)))('quoting for %s', (_, [path, ...first]) => {
  it('gives every word back as it was', () => {
    const words = [...nasty, ...randomWords(1500)];
    const script = `printf '%s\\0' ${commandLine(words)}`;
    const out = execFileSync(path, first, { input: script, env: { LC_ALL: 'C', HOME: '/nowhere' } });
    expect(out.toString('utf8').split('\0').slice(0, -1)).toEqual(words);
  });

  it('keeps a quoted word a word where a command could stand', () => {
    for (const word of ['if', 'a=b', '=x', '~root']) {
      const out = execFileSync(path, first, { input: `set -- ${quote(word)}; printf %s "$1"` });
      expect(out.toString()).toBe(word);
    }
  });
});

describe('quote', () => {
  it('refuses what no shell word can hold', () => {
    expect(() => quote('a\0b')).toThrow();
  });

  it('leaves plain words readable', () => {
    expect(commandLine(['chown', '-R', 'etcd:etcd', '/var/lib/etcd'])).toBe(
      'chown -R etcd:etcd /var/lib/etcd',
    );
  });
});
