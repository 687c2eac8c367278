import { readFile } from 'node:fs/promises';
import type { Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { type Scan, scan } from './scan.ts';

/** How whole a record is, in the words that reports carry. */
export type Chain = 'whole' | 'not ended' | `damaged at line ${number}`;

/** What verifying a journal found. `head`, the hash of the last whole line, pins everything before it. */
export type Verification = {
  readonly chain: Chain;
  readonly records: number;
  readonly head: string;
  readonly damage?: { readonly line: number; readonly message: string };
};

/** The complete records of a journal, and where they stop if it is damaged. */
export type JournalRead = {
  readonly records: readonly Recorded[];
  readonly verification: Verification;
  readonly damage?: { readonly line: number; readonly message: string };
};

/** Reads a journal; every complete record before a damage comes back. */
export async function readJournal(path: string): Promise<Result<JournalRead>> {
  const scanned = await scanFile(path);
  if (!scanned.ok) return scanned;
  const { records, damage } = scanned.value;
  const verification = judge(scanned.value);
  return ok({
    records,
    verification,
    ...(damage ? { damage: { line: damage.line, message: damage.message } } : {}),
  });
}

/** Says whether the chain of a journal is whole, and names the first line that is not. */
export async function verifyJournal(path: string): Promise<Result<Verification>> {
  const scanned = await scanFile(path);
  return scanned.ok ? ok(judge(scanned.value)) : scanned;
}

/** Reads and walks a journal file. */
export async function scanFile(path: string): Promise<Result<Scan>> {
  try {
    return ok(scan(await readFile(path)));
  } catch (error) {
    return fail({ code: 'file-unreadable', path, message: messageOf(error) });
  }
}

/** What the system said of a file operation that failed; anything else is a bug and goes on upwards. */
export function messageOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string')
    return error.message.startsWith(`${error.code}: `)
      ? error.message.slice(error.code.length + 2)
      : error.message;
  throw error;
}

function judge({ records, head, damage }: Scan): Verification {
  if (damage) {
    const { line, message } = damage;
    return { chain: `damaged at line ${line}`, records: records.length, head, damage: { line, message } };
  }
  const ended = records.at(-1)?.event.kind === 'session-ended';
  return { chain: ended ? 'whole' : 'not ended', records: records.length, head };
}
