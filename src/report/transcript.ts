import { reachedAs } from '../domain/address.ts';
import type { Session } from '../domain/session.ts';
import { coverageWords } from '../domain/tally.ts';
import { count, timeWords } from './clean.ts';
import { countWords } from './counts.ts';
import { changeHistory, decisions } from './history.ts';
import type { ReportInput } from './input.ts';
import { logLine } from './log-line.ts';
import { inline, list, table } from './markdown.ts';
import { groupOpen, openLine } from './open-lines.ts';
import { chainWords } from './record.ts';
import { chosen, distributionWords, misfitsOf } from './scope.ts';
import { type Summary, summarise } from './summary.ts';
import { totalWords } from './summary-text.ts';
import { changeSection, controlSection } from './transcript-control.ts';
import { restartWords } from './words.ts';

/** The transcript for people: who did what, where, when, why, and what is left, in Markdown. */
export function transcript(input: ReportInput): string {
  const { session, records, profile } = input;
  const { controls, benchmark } = chosen(session, profile);
  const summary = summarise(session, controls, benchmark);
  const changes = changeHistory(session.changes, records);
  const decided = decisions(records);
  const known = new Set(summary.rows.map((row) => row.control));
  const others = changes.filter(({ state }) => !known.has(state.change.control));
  return `${[
    `# Hardening transcript: ${inline(session.cluster || session.id)}`,
    table(['What', 'Value'], header(input, benchmark?.title)),
    ...misfitsOf(session, profile).map(({ sentence }) => inline(sentence)),
    '## Summary',
    placesTable(session, summary),
    coverageWords(summary.coverage),
    totalWords(summary).join(' '),
    ...(summary.outside > 0
      ? [
          `${count(summary.outside, 'control')} that only another selection asked for ${summary.outside === 1 ? 'is' : 'are'} in none of these numbers; the journal keeps the answers.`,
        ]
      : []),
    ...section('Open', groupOpen(summary.open).map(openLine).map(inline)),
    ...section(
      'Unfinished',
      summary.unfinished.map((u) =>
        inline(
          `${u.title}: the ${u.deed} of change ${u.change} on ${u.node}, announced ${timeWords(u.at)}, has no known end`,
        ),
      ),
    ),
    ...section(
      'Restarts due',
      summary.restartsDue.map((node) => `${inline(node)}: what was changed there is not active yet`),
    ),
    ...section(
      'Can be undone',
      // Nothing of a practice cluster outlives its program.
      (session.lab ? [] : summary.undoable).map((u) =>
        inline(`${u.title}: change ${u.change} on ${u.node}, announced ${timeWords(u.at)}`),
      ),
    ),
    '## Controls',
    ...summary.rows.flatMap((row) =>
      controlSection(
        row,
        decided.filter((d) => d.control === row.control),
        changes.filter(({ state }) => state.change.control === row.control),
      ),
    ),
    ...(others.length > 0 ? ['## Other changes', ...others.flatMap(changeSection)] : []),
    ...section(
      'Restarts',
      session.restarts.map(
        (r) => `${timeWords(r.at)}: ${inline(`${r.unit} on ${r.node}: ${restartWords(r.outcome)}`)}`,
      ),
    ),
    ...section(
      'Notes',
      session.notes.map((n) => `${timeWords(n.at)}: ${inline(n.text)}`),
    ),
    '## Log',
    table(
      ['Time', 'What happened'],
      records.map(({ at, event }) => [inline(timeWords(at)), inline(logLine(event))]),
    ),
  ].join('\n\n')}\n`;
}

function header(
  { session, records, profile, chain, head }: ReportInput,
  benchmark: string | undefined,
): readonly (readonly string[])[] {
  const level = session.level === undefined ? '' : `, level ${session.level}`;
  const mode = [modeWords(session), session.lab && 'practice lab, nothing real was touched'];
  const resumed = records.filter(({ event }) => event.kind === 'session-resumed').length;
  return [
    ['Session', session.id],
    ['Operator', session.operator],
    ['Program', session.program],
    ['Started', timeWords(session.startedAt)],
    ['Last entry', timeWords(session.lastAt)],
    ['Ended', endWords(session, chain)],
    ...(resumed > 0 ? [['Resumed', count(resumed, 'time')]] : []),
    ['Cluster', session.cluster],
    ['Distribution', distributionWords(session, profile) ?? 'not chosen'],
    [
      'Benchmark',
      session.benchmark === undefined ? 'not chosen' : `${benchmark ?? session.benchmark}${level}`,
    ],
    ['Mode', mode.filter(Boolean).join('; ')],
    ['Record', `${records.length} entries, ${chainWords(chain)}`],
    ...(head === undefined ? [] : [['Last hash', head]]),
  ].map(([name, value]) => [name ?? '', inline(value ?? '')]);
}

function modeWords({ readOnly, changes }: ReportInput['session']): string {
  if (!readOnly) return 'changes allowed';
  return changes.length > 0
    ? 'read-only since it was resumed; changes were allowed before'
    : 'read-only, nothing was changed';
}

function endWords({ ended }: Session, chain: ReportInput['chain']): string {
  if (chain === 'still open') return 'not yet: this was written while the session was open';
  return ended === undefined ? 'not ended' : endings[ended];
}

const endings: Readonly<Record<NonNullable<Session['ended']>, string>> = {
  finished: 'finished',
  left: 'left before the end',
  interrupted: 'interrupted',
};

function placesTable(session: Session, summary: Summary): string {
  const nodes = new Map(session.nodes.map((node) => [node.name, node]));
  const rows = summary.places.map((p) => {
    const node = nodes.get(p.place);
    const address = node ? reachedAs(node) : '';
    const what = [p.roles.join(' and '), p.version].filter(Boolean).join(' ');
    return [p.place, address, what, countWords(p.before), countWords(p.after), p.failure ?? ''].map(inline);
  });
  const all = ['all', '', '', countWords(summary.before), countWords(summary.after), ''];
  return table(['Place', 'Address', 'What it is', 'Before', 'After', 'Failure'], [...rows, all]);
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`## ${title}`, list(items)];
}
