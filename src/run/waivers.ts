import { existsSync } from 'node:fs';
import { lstat, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Waiver } from '../domain/waiver.ts';
import type { Invocation } from '../flags.ts';
import { messageOf } from '../journal/system-message.ts';
import type { WaiverFile } from '../store/services.ts';
import { stateFolder } from '../transport/state-folder.ts';
import { type FileLock, holdsFileLock, releaseFileLock, takeFileLock } from './file-lock.ts';

/** The file of waivers: the named one, else that in the state folder. */
export function waiversPath(invocation: Invocation): string {
  return invocation.values.get('waivers')?.[0] ?? join(stateFolder(), 'waivers.yaml');
}

/** The waivers as the file has them now; none where there is no file. The parser loads only when there is one. */
export async function waiversNow(path: string): Promise<Result<readonly Waiver[]>> {
  if (!existsSync(path)) return ok([]);
  const read = await (await import('../profiles/waivers.ts')).readWaivers(path);
  return read.ok ? ok(read.value.waivers) : read;
}

/** The file of waivers, to read and to edit. Whoever edits it reads it anew, so that nobody else's line is lost. */
export function waiverFile(path: string, named: boolean): WaiverFile {
  return {
    file: path,
    named,
    read: () => waiversNow(path),
    add: (waivers, cluster) =>
      edit(path, async (text) =>
        (await import('../profiles/waivers.ts')).addedTo(text, waivers, (waiver) => ({ ...waiver, cluster })),
      ),
    remove: (at) =>
      edit(path, async (text) =>
        text === undefined ? undefined : (await import('../profiles/waivers.ts')).takenFrom(text, at),
      ),
  };
}

const attempts = 20;

/** What it holds after the edit. What somebody else wrote meanwhile is read and kept: nothing is written over unseen. */
async function edit(
  path: string,
  change: (text: string | undefined) => Promise<string | undefined>,
): Promise<Result<readonly Waiver[]>> {
  const { readWaivers, parseWaivers } = await import('../profiles/waivers.ts');
  let lock: FileLock | undefined;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // A link stays one: what it leads to is edited.
    const file = await realpath(path).catch(() => path);
    const kept = await whyKept(file);
    if (kept !== undefined) return fail({ code: 'file-unwritable', path, message: kept });
    lock = await takeFileLock(join(dirname(file), `.${basename(file)}.lock`));
    if (lock === undefined) return busy(path);
    for (let n = 0; n < attempts; n += 1) {
      const before = await readWaivers(file);
      if (!before.ok) return before;
      const text = await change(before.value.text);
      if (text === undefined || text === before.value.text) return ok(before.value.waivers);
      const after = parseWaivers(file, text);
      if (!after.ok) return after;
      if (await replace(file, before.value.text, text, lock)) return ok(after.value.waivers);
    }
    return busy(path);
  } catch (error) {
    return fail({ code: 'file-unwritable', path, message: messageOf(error) });
  } finally {
    if (lock !== undefined) await releaseFileLock(lock);
  }
}

/** Why a file is left as it is: whoever made it read-only, or a link to nothing, meant something by it. */
async function whyKept(file: string): Promise<string | undefined> {
  const now = await lstat(file).catch(() => undefined);
  if (now?.isSymbolicLink()) return 'it is a link to a file that is not there; make that file first';
  return now?.isFile() && (now.mode & 0o222) === 0
    ? 'it is read-only; allow yourself to write it, or name another with --waivers'
    : undefined;
}

/** Writes the text beside the file and renames it, only while the file still says what it said and the lock is ours; false where not. */
async function replace(
  file: string,
  before: string | undefined,
  text: string,
  lock: FileLock,
): Promise<boolean> {
  const beside = `${file}.k8s-harden-${process.pid}`;
  try {
    const old = await stat(file).catch(() => undefined);
    const written = await open(beside, 'wx', 0o644);
    try {
      // Only root can give a file to somebody else; to nobody else does it belong to another.
      if (old) await written.chown(old.uid, old.gid).catch(() => undefined);
      if (old) await written.chmod(old.mode & 0o7777);
      await written.writeFile(text);
      await written.sync();
    } finally {
      await written.close();
    }
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now !== before || !(await holdsFileLock(lock))) return false;
    await rename(beside, file);
    return true;
  } finally {
    await rm(beside, { force: true });
  }
}

function busy<T>(path: string): Result<T> {
  return fail({
    code: 'file-unwritable',
    path,
    message: 'somebody else is writing it; nothing was written, try again',
  });
}
