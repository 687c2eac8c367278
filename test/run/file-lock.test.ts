import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { holdsFileLock, releaseFileLock, takeFileLock } from '../../src/run/file-lock.ts';

let folder = '';
const path = () => join(folder, '.file.lock');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'k8s-harden-lock-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

async function taken() {
  const lock = await takeFileLock(path());
  if (!lock) throw new Error('not taken');
  return lock;
}

function grow(seconds: number): void {
  const then = Date.now() / 1000 - seconds;
  utimesSync(path(), then, then);
}

describe('the lock of a file', () => {
  it('is one at a time, and leaves nothing behind', async () => {
    const first = await taken();
    expect(await takeFileLock(path())).toBeUndefined();
    await releaseFileLock(first);
    await releaseFileLock(await taken());
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that was taken over is no longer the first holder’s: he may not write, and does not take it away', async () => {
    const first = await taken();
    grow(11);
    const second = await taken();
    expect([await holdsFileLock(first), await holdsFileLock(second)]).toEqual([false, true]);
    await releaseFileLock(first);
    expect(existsSync(path())).toBe(true);
    expect(await holdsFileLock(second)).toBe(true);
    await releaseFileLock(second);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('that is old is taken over by one alone of many', async () => {
    await taken();
    grow(11);
    const many = await Promise.all([1, 2, 3, 4, 5].map(() => takeFileLock(path())));
    const holders = many.filter((lock) => lock !== undefined);
    expect(holders).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['.file.lock']);
  });
});
