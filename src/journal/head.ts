import { constants } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import { syncFolder } from './folder.ts';
import { messageOf } from './system-message.ts';

/**
 * What stands beside a journal: how many lines it had, the hash of the last of them, and whether it was closed there. While
 * it is open, `lines` is what it had when it was opened, so a crash leaves a journal that is longer than its head, never shorter.
 */
export type Head = { readonly state: 'open' | 'closed'; readonly lines: number; readonly hash: string };

/** The head of a journal; that there is none, or that it cannot be read, is knowledge of its own. */
export type HeadRead =
  | { readonly kind: 'on-record'; readonly head: Head }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable'; readonly message: string };

/** The side file of a journal. */
export function headPath(journal: string): string {
  return `${journal.replace(/\.jsonl$/, '')}.head`;
}

/** Reads the head that belongs to a journal. */
export async function readHead(journal: string): Promise<HeadRead> {
  let text: string;
  try {
    text = await readFile(headPath(journal), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { kind: 'none' };
    return { kind: 'unreadable', message: messageOf(error) };
  }
  const head = parseHead(text);
  return head ? { kind: 'on-record', head } : { kind: 'unreadable', message: 'it does not hold a head' };
}

/** Writes the head of a journal whole or not at all; it is on the disk when this resolves. Only who holds the lock may. */
export async function writeHead(journal: string, head: Head): Promise<Result<void>> {
  const path = headPath(journal);
  const temporary = `${path}.new`;
  const { state, lines, hash } = head;
  try {
    await rm(temporary, { force: true });
    const { O_CREAT, O_EXCL, O_WRONLY } = constants;
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600);
    try {
      await file.chmod(0o600);
      await file.writeFile(`${JSON.stringify({ state, lines, hash })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(dirname(path));
    return ok(undefined);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    return fail({ code: 'journal-unwritable', path, message: messageOf(error) });
  }
}

function parseHead(text: string): Head | undefined {
  try {
    const { state, lines, hash } = JSON.parse(text);
    const stated = state === 'open' || state === 'closed';
    if (!stated || !Number.isSafeInteger(lines) || lines < 0 || !/^[0-9a-f]{64}$/.test(hash))
      return undefined;
    return { state, lines, hash };
  } catch {
    return undefined;
  }
}
