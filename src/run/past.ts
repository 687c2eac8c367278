import { fail, ok, type Result } from '../domain/failure.ts';
import { pastState, practiceWords } from '../domain/past-words.ts';
import { replay } from '../domain/replay.ts';
import type { Invocation } from '../flags.ts';
import { whyNotWhole } from '../journal/end.ts';
import { journalPath } from '../journal/folder.ts';
import { readJournal, verifyJournal } from '../journal/read.ts';
import { listSessions, type SessionEntry } from '../journal/sessions.ts';
import { count, jsonText, oneLine } from '../report/clean.ts';
import { complain } from './complain.ts';
import { exits } from './exits.ts';
import { writeExport } from './export.ts';
import { loadProfiles, sessionsFolder } from './services.ts';
import { verifyWords } from './verify.ts';

/** The name and number of the form in which sessions are listed for programs. */
const sessionsForm = 'k8s-harden/sessions/1';

/** Lists past sessions, newest first: one line each, or JSON for programs. */
export async function listSessionsCommand(invocation: Invocation): Promise<number> {
  const format = invocation.values.get('format')?.[0] ?? 'text';
  if (format !== 'text' && format !== 'json')
    return complain({ code: 'usage', message: `--format ${format}: for sessions it is text or json.` });
  const sessions = await listSessions(sessionsFolder());
  if (format === 'json') {
    process.stdout.write(jsonText({ form: sessionsForm, sessions }));
    return exits.fine;
  }
  if (sessions.length === 0) process.stdout.write('No sessions yet.\n');
  for (const s of sessions) process.stdout.write(`${sessionLine(s)}\n`);
  return exits.fine;
}

/** Writes the transcript of a session; Markdown on standard output unless told otherwise. */
export async function exportCommand(invocation: Invocation): Promise<number> {
  const path = await findJournal(invocation.operands[0] ?? '');
  if (!path.ok) return complain(path.failure);
  const read = await readJournal(path.value);
  if (!read.ok) return complain(read.failure);
  const { records, verification, damage } = read.value;
  const why = damage?.message ?? whyNotWhole(verification.end) ?? whyUnended(verification.chain);
  if (why) {
    const where = damage ? `${path.value}:${damage.line}` : path.value;
    process.stderr.write(`k8s-harden: ${where}: ${why}; what is left of it is exported.\n`);
  }
  const session = replay(records);
  const profiles = await loadProfiles(invocation);
  const profile = profiles.ok
    ? profiles.value.find((p) => p.distribution.id === session.distribution)
    : undefined;
  const written = await writeExport(
    invocation.values.get('format')?.[0] ?? 'markdown',
    { session, records, ...(profile ? { profile } : {}), chain: verification.chain, head: verification.head },
    invocation.values.get('output')?.[0] ?? '-',
  );
  if (!written.ok) return complain(written.failure);
  if (written.value !== '-') process.stderr.write(`Written to ${written.value}\n`);
  return exits.fine;
}

/** What an export has to say of a record that nothing speaks against, but that is not all there will be or was. */
function whyUnended(chain: string): string | undefined {
  return chain === 'not ended' ? 'it has no end, so the session is open or was cut short' : undefined;
}

/** Says whether the record of a session is whole; exit code 3 when something speaks against it. */
export async function verifyCommand(invocation: Invocation): Promise<number> {
  const path = await findJournal(invocation.operands[0] ?? '');
  if (!path.ok) return complain(path.failure);
  const verified = await verifyJournal(path.value);
  if (!verified.ok) return complain(verified.failure);
  const kept = invocation.values.get('head')?.[0];
  const { lines, sound } = verifyWords(path.value, verified.value, kept);
  process.stdout.write(`${lines.join('\n')}\n`);
  return sound ? exits.fine : exits.open;
}

/** The journal of a session named by its id, by the beginning of one that only one has, by `last`, or by a path. */
async function findJournal(name: string): Promise<Result<string>> {
  if (name.includes('/') || name.endsWith('.jsonl')) return ok(name);
  const sessions = await listSessions(sessionsFolder());
  const last = sessions.find((s) => s.nodes > 0) ?? sessions[0];
  if (name === 'last' && last) {
    const damaged = sessions.filter((s) => s.closed && s.id > last.id);
    for (const { path } of damaged)
      process.stderr.write(`k8s-harden: ${path} is newer and damaged; ${last.id} is taken.\n`);
    return ok(last.path);
  }
  const found = sessions.filter((s) => s.id.startsWith(name));
  if (found.length > 1)
    return fail({ code: 'usage', message: `${name} could be ${found.map((s) => s.id).join(' or ')}.` });
  const exact = found[0];
  return exact
    ? ok(journalPath(sessionsFolder(), exact.id))
    : fail({ code: 'session-not-found', session: name });
}

function sessionLine(s: SessionEntry): string {
  const word = pastState(s);
  const detail: Readonly<Record<string, string>> = {
    damaged: `damaged: ${s.damage}`,
    unfinished: `${s.unfinished} unfinished`,
  };
  const stand = s.changes === 1 ? '1 change stands' : `${s.changes} changes stand`;
  const cells = [
    s.id,
    s.startedAt.slice(0, 16).replace('T', ' '),
    `${s.lab ? 'lab ' : ''}${s.cluster || '-'}`,
    count(s.nodes, 'node'),
    practiceWords(s) ?? stand,
    detail[word] ?? word,
  ];
  // A journal says what its writer put there; a terminal must not act on it.
  return oneLine(cells.join('  '));
}
