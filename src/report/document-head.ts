import { reachedAs } from '../domain/address.ts';
import { isRepair, type Session } from '../domain/session.ts';
import type { Block } from './blocks.ts';
import { count, timeWords } from './clean.ts';
import { countWords } from './counts.ts';
import type { ReportInput } from './input.ts';
import { chainWords } from './record.ts';
import { chosen, distributionWords } from './scope.ts';
import type { Summary } from './summary.ts';

/** What the session was: who, when, on what, in which mode, and how far its record may be believed. */
export function headTable({ session, records, profile, chain, head }: ReportInput): Block {
  const { benchmark } = chosen(session, profile);
  const repairs = isRepair(session);
  const level = session.level === undefined || repairs ? '' : `, level ${session.level}`;
  const mode = [modeWords(session), session.lab && 'practice lab, nothing real was touched'];
  const resumed = records.filter(({ event }) => event.kind === 'session-resumed').length;
  const rows = [
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
      repairs ? 'Symptom' : 'Benchmark',
      session.benchmark === undefined ? 'not chosen' : `${benchmark?.title ?? session.benchmark}${level}`,
    ],
    ['Mode', mode.filter(Boolean).join('; ')],
    ['Record', `${records.length} entries, ${chainWords(chain)}`],
    ...(head === undefined ? [] : [['Last hash', head]]),
  ];
  return { kind: 'table', about: 'The session', head: ['What', 'Value'], rows };
}

/** Each place with what it is and its counts before and after. */
export function placesTable(session: Session, summary: Summary): Block {
  const nodes = new Map(session.nodes.map((node) => [node.name, node]));
  const rows = summary.places.map((p) => {
    const node = nodes.get(p.place);
    const address = node ? reachedAs(node) : '';
    const what = [p.roles.join(' and '), p.version].filter(Boolean).join(' ');
    return [p.place, address, what, countWords(p.before), countWords(p.after), p.failure ?? ''];
  });
  return {
    kind: 'table',
    about: 'Each place before and after',
    head: ['Place', 'Address', 'What it is', 'Before', 'After', 'Failure'],
    rows: [...rows, ['all', '', '', countWords(summary.before), countWords(summary.after), '']],
    bars: [
      { column: 3, counts: [...summary.places.map((p) => p.before), summary.before] },
      { column: 4, counts: [...summary.places.map((p) => p.after), summary.after] },
    ],
  };
}

function modeWords({ readOnly, changes }: Session): string {
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
