import { constants, existsSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Event, Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { type Appender, createAppender } from './append.ts';
import { canonical } from './canonical.ts';
import { judgeEnd } from './end.ts';
import { isSessionId, journalPath, prepareFolder, syncFolder } from './folder.ts';
import { type Head, readHead, writeHead } from './head.ts';
import { genesis } from './line.ts';
import { type Lock, takeLock } from './lock.ts';
import { scanFile } from './read.ts';
import { whyClosed } from './read-past.ts';
import type { Redactor } from './redactor.ts';
import type { Scan } from './scan.ts';
import { messageOf } from './system-message.ts';

/** Whose journal, where, and what every event passes through on its way. */
export type JournalOptions = {
  readonly folder: string;
  readonly id: string;
  readonly clock: () => Date;
  readonly redactor: Redactor;
};

/** An open journal. What `record` returns is what was written: redacted, and equal to what a replay will read. */
export type Journal = {
  readonly path: string;
  readonly record: (event: Event) => Promise<Result<Recorded>>;
  readonly close: () => Promise<void>;
};

/** A journal opened again: what stands in it, and the torn line that was kept aside, if there was one. */
export type Resumed = {
  readonly journal: Journal;
  readonly records: readonly Recorded[];
  readonly torn?: { readonly path: string; readonly bytes: number };
};

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

/** Begins the journal of a new session. */
export async function createJournal(options: JournalOptions): Promise<Result<Journal>> {
  return withLock(options, async (lock, path) => {
    const file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL, 0o600);
    await file.chmod(0o600);
    await syncFolder(options.folder);
    const marked = await markOpen(file, path, { lines: 0, hash: genesis });
    if (!marked.ok) {
      await rm(path, { force: true });
      return marked;
    }
    const appender = createAppender(file, path, { seq: 1, prev: genesis }, 0);
    return ok(journalOf(options, path, appender, lock));
  });
}

/**
 * Opens the journal of an earlier session to go on with it. The whole chain and its head are checked first: a damaged or cut one
 * is not continued. A last line that a crash left torn is moved to `<id>.torn`, and the journal itself says so.
 */
export async function openJournal(options: JournalOptions): Promise<Result<Resumed>> {
  return withLock(options, async (lock, path) => {
    if (!existsSync(path)) return fail({ code: 'session-not-found', session: options.id });
    const scanned = await scanFile(path);
    if (!scanned.ok) return scanned;
    const { records, damage, head, hashes, goodLength, lacksNewline } = scanned.value;
    const end = judgeEnd(hashes, await readHead(path));
    const why = whyClosed(path, scanned.value, end);
    if (why) return fail(why);
    const torn = damage ? await keepAside(options, path, scanned.value) : undefined;
    const file = await open(path, O_WRONLY | O_APPEND | O_NOFOLLOW);
    await mend(file, torn ? goodLength : undefined, lacksNewline);
    const marked = await markOpen(file, path, { lines: records.length, hash: head });
    if (!marked.ok) return marked;
    const link = { seq: records.length + 1, prev: head };
    const appender = createAppender(file, path, link, goodLength + (lacksNewline ? 1 : 0));
    const journal = journalOf(options, path, appender, lock);
    const notes: string[] = [];
    if (torn)
      notes.push(`The last line was torn; its ${torn.bytes} bytes were kept in ${basename(torn.path)}.`);
    // Without this line a new head would vouch for an end that nobody compared.
    if (end.kind === 'no-head')
      notes.push(`No head was on record after line ${records.length}; lines cut off there would not show.`);
    const all = [...records];
    for (const text of notes) {
      const noted = await journal.record({ kind: 'noted', text });
      if (!noted.ok) {
        await journal.close();
        return noted;
      }
      all.push(noted.value);
    }
    return ok({ journal, records: all, ...(torn ? { torn } : {}) });
  });
}

async function withLock<T>(
  options: JournalOptions,
  use: (lock: Lock, path: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const { folder, id } = options;
  if (!isSessionId(id)) return fail({ code: 'session-not-found', session: id });
  const path = journalPath(folder, id);
  const prepared = await prepareFolder(folder);
  if (!prepared.ok) return prepared;
  const lock = await takeLock(folder, id);
  if (!lock.ok) return lock;
  try {
    const used = await use(lock.value, path);
    if (!used.ok) await lock.value.release();
    return used;
  } catch (error) {
    await lock.value.release();
    return fail({ code: 'journal-unwritable', path, message: messageOf(error) });
  }
}

function journalOf(options: JournalOptions, path: string, appender: Appender, lock: Lock): Journal {
  let queue: Promise<unknown> = Promise.resolve();
  let closedAt: number | undefined;
  let shut = false;
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  // A head that could not be written still says open, which is the truth as far as anybody can tell.
  const markClosed = async (): Promise<void> => {
    const tip = appender.tip();
    if (tip.lines === closedAt) return;
    const written = await writeHead(path, { state: 'closed', ...tip });
    if (written.ok) closedAt = tip.lines;
  };
  return {
    path,
    async record(event) {
      // The text is made at once, so that an event changed later or an order of arrival cannot alter what was meant.
      const text = canonical(options.redactor.redact(event));
      const at = options.clock().toISOString();
      return inTurn(async () => {
        // A line after a closed head is what a forger leaves.
        if (closedAt !== undefined && !shut) {
          const opened = await writeHead(path, { state: 'open', ...appender.tip() });
          if (!opened.ok) return opened;
          closedAt = undefined;
        }
        const recorded = await appender.append(at, text);
        if (recorded.ok && recorded.value.event.kind === 'session-ended') await markClosed();
        return recorded;
      });
    },
    close: () =>
      inTurn(async () => {
        shut = true;
        await appender.close();
        await markClosed();
        await lock.release();
      }),
  };
}

/** Says beside the journal that it is open from here on, before a line is added. */
async function markOpen(file: FileHandle, path: string, tip: Omit<Head, 'state'>): Promise<Result<void>> {
  const marked = await writeHead(path, { state: 'open', ...tip });
  if (!marked.ok) await file.close();
  return marked;
}

/** Cuts off what was kept aside, or ends the last line; either is on the disk before anything is appended. */
async function mend(file: FileHandle, cutAt: number | undefined, lacksNewline: boolean): Promise<void> {
  try {
    if (cutAt !== undefined) await file.truncate(cutAt);
    if (lacksNewline) await file.appendFile('\n');
    await file.chmod(0o600);
    await file.sync();
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function keepAside(options: JournalOptions, path: string, scanned: Scan) {
  const source = await open(path, 'r');
  try {
    const bytes = (await source.readFile()).subarray(scanned.goodLength);
    const aside = join(options.folder, `${options.id}.torn`);
    const target = await open(aside, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600);
    try {
      await target.appendFile(bytes);
      await target.appendFile('\n');
      await target.sync();
    } finally {
      await target.close();
    }
    await syncFolder(options.folder);
    return { path: aside, bytes: bytes.length };
  } finally {
    await source.close();
  }
}
