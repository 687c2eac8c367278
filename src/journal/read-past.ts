import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Recorded } from '../domain/event.ts';
import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import { type End, whyNotWhole } from './end.ts';
import { isSessionId, journalPath } from './folder.ts';
import { headPath } from './head.ts';
import { readJournal } from './read.ts';
import type { Scan } from './scan.ts';

/** What stands in the journal of an earlier session, and where. */
type Past = { readonly path: string; readonly records: readonly Recorded[] };

/**
 * Reads an earlier session without opening it: nothing is locked, marked, mended or written, so that others see it as it was. What
 * `openJournal` would not go on with is refused here too.
 */
export async function readPast(folder: string, id: string): Promise<Result<Past>> {
  const path = journalPath(folder, id);
  if (!isSessionId(id) || !existsSync(path)) return fail({ code: 'session-not-found', session: id });
  const read = await readJournal(path);
  if (!read.ok) return read;
  const { records, damage, verification } = read.value;
  const why = whyClosed(path, { records, ...(damage ? { damage } : {}) }, verification.end);
  return why ? fail(why) : ok({ path, records });
}

/** Why a journal is not gone on with: it is damaged, empty, or not the one its head names. A torn last line is no reason. */
export function whyClosed(
  path: string,
  { records, damage }: Pick<Scan, 'records' | 'damage'>,
  end: End,
): Failure | undefined {
  if (damage && !damage.torn) {
    const { line, message } = damage;
    return { code: 'chain-broken', path, line, message };
  }
  if (records.length === 0) return { code: 'chain-broken', path, line: 1, message: 'nothing stands in it' };
  const why = whyNotWhole(end);
  if (why === undefined) return undefined;
  const copy = `Put it and ${basename(headPath(path))} back from a copy; the undo scripts on the nodes work without them.`;
  return { code: 'refused', message: `${path}: ${why}. ${copy}` };
}
