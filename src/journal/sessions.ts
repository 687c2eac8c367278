import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recorded, WizardStep } from '../domain/event.ts';
import { reduce } from '../domain/reduce.ts';
import { noSession, standing, unfinished } from '../domain/session.ts';
import type { Purpose } from '../domain/trouble.ts';
import { whyNotWhole } from './end.ts';
import { isSessionId, journalPath } from './folder.ts';
import { headPath } from './head.ts';
import { type JournalRead, readJournal } from './read.ts';

/** A past session in a line: enough to choose it by. */
export type SessionEntry = {
  readonly id: string;
  readonly path: string;
  readonly startedAt: string;
  readonly lastAt: string;
  readonly ended: boolean;
  readonly operator: string;
  readonly distribution: string;
  readonly cluster: string;
  readonly nodes: number;
  /** The hosts of its nodes. */
  readonly hosts: readonly string[];
  readonly lab: boolean;
  readonly readOnly: boolean;
  /** Changes whose end is not known. */
  readonly unfinished: number;
  /** Changes that stand and may be undone. */
  readonly changes: number;
  /** Where it was left, and on how many nodes a restart is due. */
  readonly step: WizardStep;
  readonly purpose?: Purpose;
  readonly restartsDue: number;
  /** It ended as finished, not merely left. */
  readonly finished: boolean;
  readonly damage?: string;
  /** The damage forbids going on with it; a torn last line does not. */
  readonly closed: boolean;
};

type Noted = {
  readonly size: number;
  readonly modified: number;
  /** When the head beside it was written; 0 without one. */
  readonly head: number;
  readonly entry: SessionEntry;
};
type Notes = Readonly<Record<string, Noted>>;

const form = 4;

/**
 * The sessions in a folder, newest first; a folder that is not there or not ours to read has none. Journals that have not
 * grown and whose head is the same are not read again: what they hold is noted in `index.json`, which may be deleted at any time.
 */
export async function listSessions(folder: string): Promise<readonly SessionEntry[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const ids = names
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => name.slice(0, -'.jsonl'.length))
    .filter(isSessionId);
  const before = await readNotes(folder);
  const after: Record<string, Noted> = {};
  for (const id of ids) {
    const noted = await look(folder, id, before[id]);
    if (noted) after[id] = noted;
  }
  const changed = ids.some((id) => after[id] !== before[id]);
  if (changed || Object.keys(before).length !== ids.length) await writeNotes(folder, after);
  return Object.values(after)
    .map((noted) => noted.entry)
    .toSorted((a, b) => compare(b.startedAt, a.startedAt) || compare(b.id, a.id));
}

async function look(folder: string, id: string, noted: Noted | undefined): Promise<Noted | undefined> {
  const path = journalPath(folder, id);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  const head = (await stat(headPath(path)).catch(() => undefined))?.mtimeMs ?? 0;
  const same = noted?.size === found.size && noted.modified === found.mtimeMs && noted.head === head;
  if (same && noted.entry?.path === path) return noted;
  const read = await readJournal(path);
  const entry = read.ok
    ? entryOf(id, path, read.value.records, damageOf(read.value), isClosed(read.value))
    : entryOf(id, path, [], 'the file cannot be read', true);
  return { size: found.size, modified: found.mtimeMs, head, entry };
}

function damageOf({ damage, verification }: JournalRead): string | undefined {
  return damage?.message ?? whyNotWhole(verification.end);
}

function isClosed({ records, damage, verification }: JournalRead): boolean {
  return (
    (damage !== undefined && !damage.torn) ||
    whyNotWhole(verification.end) !== undefined ||
    records.length === 0
  );
}

function entryOf(
  id: string,
  path: string,
  records: readonly Recorded[],
  damage: string | undefined,
  closed: boolean,
): SessionEntry {
  // Findings are most of a journal and say nothing that is listed here.
  const session = records.filter((r) => r.event.kind !== 'found').reduce(reduce, noSession);
  const { startedAt, lastAt, operator, distribution, cluster, nodes, lab, readOnly, ended } = session;
  const said = damage ?? (records.length === 0 ? 'nothing stands in it' : undefined);
  return {
    id,
    path,
    startedAt,
    lastAt,
    ended: ended !== undefined,
    operator,
    distribution: distribution ?? '',
    cluster,
    nodes: nodes.length,
    hosts: nodes.map((n) => n.host),
    lab,
    readOnly,
    unfinished: unfinished(session).length,
    changes: standing(session).length,
    step: session.step,
    ...(session.purpose === undefined ? {} : { purpose: session.purpose }),
    restartsDue: session.restartsDue.length,
    finished: ended === 'finished',
    ...(said === undefined ? {} : { damage: said }),
    closed,
  };
}

async function readNotes(folder: string): Promise<Notes> {
  try {
    const parsed = JSON.parse(await readFile(join(folder, 'index.json'), 'utf8'));
    return parsed?.form === form && typeof parsed.sessions === 'object' ? (parsed.sessions ?? {}) : {};
  } catch {
    return {};
  }
}

async function writeNotes(folder: string, sessions: Notes): Promise<void> {
  const temporary = join(folder, `.index-${randomBytes(4).toString('hex')}`);
  try {
    await writeFile(temporary, JSON.stringify({ form, sessions }), { mode: 0o600, flag: 'wx' });
    await rename(temporary, join(folder, 'index.json'));
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
