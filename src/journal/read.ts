import { readFile } from 'node:fs/promises';
import type { Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { type End, judgeEnd } from './end.ts';
import { type HeadRead, readHead } from './head.ts';
import { type Scan, scan } from './scan.ts';
import { messageOf } from './system-message.ts';

/** How whole a record is, in the words that reports carry. */
export type Chain =
  | 'whole'
  | 'not ended'
  /** It ends with an end of its own, but nothing on record says that this was the last one. */
  | 'end not on record'
  | `cut off after line ${number}`
  | `changed up to line ${number}`
  | `added to after line ${number}`
  | `damaged at line ${number}`;

/** What verifying a journal found. `head`, the hash of the last whole line, pins everything before it. */
export type Verification = {
  readonly chain: Chain;
  readonly records: number;
  readonly head: string;
  /** The hash of every whole line. */
  readonly hashes: readonly string[];
  /** Whether its last entry is the end of the session. */
  readonly ended: boolean;
  readonly end: End;
  readonly damage?: { readonly line: number; readonly message: string };
};

/** The complete records of a journal, and where they stop if it is damaged. */
export type JournalRead = {
  readonly records: readonly Recorded[];
  readonly verification: Verification;
  /** `torn`: only the last line, as a crash leaves it; such a journal can be gone on with. */
  readonly damage?: { readonly line: number; readonly message: string; readonly torn: boolean };
};

/** Reads a journal; every complete record before a damage comes back. */
export async function readJournal(path: string): Promise<Result<JournalRead>> {
  // First the head: a session that goes on meanwhile makes the journal longer than its head, never shorter.
  let head = await readHead(path);
  let scanned = await scanFile(path);
  // A session that was gone on with in between opened its head first: then both are read again.
  for (let again = 0; again < 3 && scanned.ok; again++) {
    if (judgeEnd(scanned.value.hashes, head).kind !== 'added') break;
    const later = await readHead(path);
    if (JSON.stringify(later) === JSON.stringify(head)) break;
    head = later;
    scanned = await scanFile(path);
  }
  if (!scanned.ok) return scanned;
  const { records, damage } = scanned.value;
  const verification = judge(scanned.value, head);
  return ok({
    records,
    verification,
    ...(damage ? { damage: { line: damage.line, message: damage.message, torn: damage.torn } } : {}),
  });
}

/** Says whether a journal is whole: its chain, with the first line that is not, and its end, by the head beside it. */
export async function verifyJournal(path: string): Promise<Result<Verification>> {
  const read = await readJournal(path);
  return read.ok ? ok(read.value.verification) : read;
}

/** Reads and walks a journal file. */
export async function scanFile(path: string): Promise<Result<Scan>> {
  try {
    return ok(scan(await readFile(path)));
  } catch (error) {
    return fail({ code: 'file-unreadable', path, message: messageOf(error) });
  }
}

function judge({ records, head, hashes, damage }: Scan, read: HeadRead): Verification {
  const ended = records.at(-1)?.event.kind === 'session-ended';
  const end = judgeEnd(hashes, read);
  const found = { records: records.length, head, hashes, ended, end };
  if (!damage) return { ...found, chain: chainOf(end, ended, records.length) };
  const { line, message } = damage;
  return { ...found, chain: `damaged at line ${line}`, damage: { line, message } };
}

function chainOf(end: End, ended: boolean, lines: number): Chain {
  if (end.kind === 'cut') return `cut off after line ${end.lines}`;
  if (end.kind === 'changed') return `changed up to line ${end.head}`;
  if (end.kind === 'added') return `added to after line ${end.head}`;
  // Opened again right there: that end is not the last thing that happened.
  if (!ended || (end.kind === 'not-closed' && end.since === lines)) return 'not ended';
  return end.kind === 'as-closed' ? 'whole' : 'end not on record';
}
