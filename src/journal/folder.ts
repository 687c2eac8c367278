import { chmod, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import { messageOf } from './system-message.ts';

/** Whether a text may be the id of a session, and so part of a file name. */
export function isSessionId(id: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9:_-]{0,127}$/.test(id);
}

/** The journal of a session. */
export function journalPath(folder: string, id: string): string {
  return join(folder, `${id}.jsonl`);
}

/** Makes the folder, for its owner only. */
export async function prepareFolder(folder: string): Promise<Result<void>> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    return ok(undefined);
  } catch (error) {
    return fail({ code: 'journal-unwritable', path: folder, message: messageOf(error) });
  }
}

/** Makes a new name in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
