import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemCode, systemWords } from '../../src/domain/system-error.ts';

/** The error that a promise ends with. */
async function errorOf(failing: Promise<unknown>): Promise<unknown> {
  return failing.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: unknown) => error,
  );
}

it('says in plain words what the system said, with its code behind and no path twice', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'k8s-harden-words-'));
  try {
    await writeFile(join(folder, 'a'), '');
    const said = async (f: Promise<unknown>): Promise<string> => systemWords(await errorOf(f));
    expect(await said(readFile(join(folder, 'none')))).toBe('there is no such file or folder (ENOENT)');
    expect(await said(readFile(folder))).toBe('it is a folder, not a file (EISDIR)');
    expect(await said(readFile(join(folder, 'a', 'b')))).toBe(
      'part of the path is a file, not a folder (ENOTDIR)',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});

it.each([
  [
    Object.assign(new Error("EWEIRD: odd thing, open '/x/y'"), { code: 'EWEIRD' }),
    'odd thing (EWEIRD)',
    'EWEIRD',
  ],
  [new Error('a bug\nwith more lines'), 'a bug', undefined],
  ['text', 'text', undefined],
])('knows what is the system’s and what is not: %s', (error, words, code) => {
  expect(systemWords(error)).toBe(words);
  expect(systemCode(error)).toBe(code);
});
