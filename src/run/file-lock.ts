import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';

/** A lock that was taken: its file, and the word in it that says whose it is. */
export type FileLock = { readonly path: string; readonly holder: string };

const attempts = 20;
const waitMs = 100;
const staleMs = 10_000;

/** Takes a lock; one that was left behind by a crash is taken over. Undefined where somebody else keeps it. */
export async function takeFileLock(path: string): Promise<FileLock | undefined> {
  const lock = { path, holder: randomUUID() };
  for (let n = 0; n < attempts; n += 1) {
    try {
      await writeFile(path, lock.holder, { flag: 'wx', mode: 0o600 });
      return lock;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const stale = await isStale(path);
      if (stale) await takeOver(lock);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      // Of all who saw the old one, the last to put his own there has it.
      if (stale && (await holdsFileLock(lock))) return lock;
    }
  }
  return undefined;
}

/** Whether a lock is still the holder's; another may have taken it over. */
export async function holdsFileLock({ path, holder }: FileLock): Promise<boolean> {
  return (await readFile(path, 'utf8').catch(() => undefined)) === holder;
}

/** Gives a lock back; one that another took over stays his. */
export async function releaseFileLock(lock: FileLock): Promise<void> {
  if (await holdsFileLock(lock)) await rm(lock.path, { force: true });
}

async function isStale(path: string): Promise<boolean> {
  const held = await stat(path).catch(() => undefined);
  return held !== undefined && Date.now() - held.mtimeMs > staleMs;
}

/** Puts a lock in the place of an old one in one move, so that at no time there is none for a third to take. */
async function takeOver({ path, holder }: FileLock): Promise<void> {
  const beside = `${path}.${holder}`;
  try {
    await writeFile(beside, holder, { flag: 'wx', mode: 0o600 });
    if (await isStale(path)) await rename(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
}
