import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What a file is to be, besides its bytes; owner and group only where they must differ from our own. */
export type FileForm = {
  readonly mode: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Milliseconds since 1970. */
  readonly modified?: number;
};

/** Puts a file in place whole or not at all: temporary file beside it, owner, mode, fsync, rename, fsync of the folder. */
export async function putFile(path: string, bytes: Buffer, form: FileForm): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.k8s-harden`);
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    try {
      await handle.writeFile(bytes);
      if (form.uid !== undefined && form.gid !== undefined) {
        const now = await handle.stat();
        if (now.uid !== form.uid || now.gid !== form.gid) await handle.chown(form.uid, form.gid);
      }
      await handle.chmod(form.mode);
      if (form.modified !== undefined) await handle.utimes(new Date(), new Date(form.modified));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Puts a file of ours (0600) in place unless there is one already. */
export async function putNew(path: string, bytes: Buffer): Promise<void> {
  const there = await open(path, 'r').catch(() => undefined);
  if (there) return there.close();
  await putFile(path, bytes, { mode: 0o600 });
}

/** Makes a rename or removal in a folder last. */
export async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some filesystems cannot sync a folder.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}
