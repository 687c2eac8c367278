import { randomBytes } from 'node:crypto';
import { open, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import { journalPath } from './folder.ts';
import { processStart } from './process-start.ts';
import { messageOf } from './system-message.ts';

/** The right to append to one journal. */
export type Lock = { readonly release: () => Promise<void> };

type Holder = { readonly file: string; readonly host: string; readonly pid: number; readonly start: string };

/**
 * Takes the right to append to a journal. Every process first puts down a file of its own, then looks for others: of two
 * that come at once at least one sees the other, so both may give way but never both go on. All there is to know stands in the
 * file's name, so there is no half-written lock. A holder that no longer runs is cleared away.
 */
export async function takeLock(folder: string, id: string): Promise<Result<Lock>> {
  const path = journalPath(folder, id);
  try {
    const start = (await processStart(process.pid)) ?? 'unknown';
    const nonce = randomBytes(4).toString('hex');
    const own = [id, fileWord(hostname()), process.pid, start, nonce, 'lock'].join('.');
    await (await open(join(folder, own), 'wx', 0o600)).close();
    const release = () => rm(join(folder, own), { force: true });
    for (const holder of await holders(folder, id)) {
      if (holder.file === own) continue;
      if (await isGone(holder)) {
        await rm(join(folder, holder.file), { force: true });
        continue;
      }
      await release();
      const where = isHere(holder) ? '' : ` on ${decodeURIComponent(holder.host)}`;
      const message = `process ${holder.pid}${where} has it open (${holder.file})`;
      return fail({ code: 'journal-unwritable', path, message });
    }
    return ok({ release });
  } catch (error) {
    return fail({ code: 'journal-unwritable', path, message: messageOf(error) });
  }
}

async function holders(folder: string, id: string): Promise<readonly Holder[]> {
  return (await readdir(folder)).flatMap((file) => {
    const [owner, host, pid, start, nonce, suffix, more] = file.split('.');
    const ours = owner === id && suffix === 'lock' && more === undefined;
    return ours && host && pid && start && nonce ? [{ file, host, pid: Number(pid), start }] : [];
  });
}

function isHere(holder: Holder): boolean {
  return holder.host === fileWord(hostname());
}

/** Gone for certain: it ran on this machine, and no process of that number and start time does. */
async function isGone(holder: Holder): Promise<boolean> {
  if (!isHere(holder)) return false;
  const now = await processStart(holder.pid);
  if (now !== undefined) return holder.start !== 'unknown' && now !== holder.start;
  return !answers(holder.pid) || process.platform === 'linux';
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function fileWord(text: string): string {
  return encodeURIComponent(text).replaceAll('.', '%2E');
}
