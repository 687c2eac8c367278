import { type Answer, answersOf } from './answers.ts';
import { oneLine } from './clean.ts';
import { standingWords } from './counts.ts';
import type { ReportInput } from './input.ts';
import { recordLines } from './record.ts';

/** The columns in their order: the name, and what stands in it for one answer. */
const columns: readonly (readonly [string, (answer: Answer, input: ReportInput) => string])[] = [
  ['numbers', ({ row }) => row.numbers.join(' ')],
  ['control', ({ row }) => row.control],
  ['title', ({ row }) => row.title],
  ['place', ({ cell }) => cell.place],
  ['before', ({ cell }) => standingWords[cell.before?.kind ?? 'missing']],
  ['after', ({ standing }) => standingWords[standing]],
  ['open', ({ open }) => (open ? 'yes' : 'no')],
  ['fixed', ({ cell }) => (cell.fixed ? 'yes' : 'no')],
  ['found', ({ cell }) => cell.after?.found ?? ''],
  ['wanted', ({ cell }) => cell.after?.wanted ?? ''],
  ['why', ({ why }) => why],
  ['skipped', ({ cell }) => cell.skipped ?? ''],
  ['attested', ({ cell }) => (cell.attested ? 'yes' : 'no')],
  ['session', (_, { session }) => session.id],
  ['cluster', (_, { session }) => session.cluster],
  ['benchmark', (_, { session }) => session.benchmark ?? ''],
  ['level', (_, { session }) => String(session.level ?? '')],
  ['last entry', (_, { session }) => session.lastAt],
];

/** A table for spreadsheets: a line for every control on every place, and in the last column of each how far it may be believed. */
export function csv(input: ReportInput): string {
  const record = field(recordLines(input).join('. '));
  const answers = answersOf(input).controls.flatMap((control) => control.answers);
  const lines = answers.map((answer) => [...columns.map(([, text]) => field(text(answer, input))), record]);
  // Without an answer there is still a record, and how far it may be believed has to be said.
  const none = [[...columns.map(() => field('')), record]];
  return [[...columns.map(([name]) => field(name)), field('record')], ...(lines.length > 0 ? lines : none)]
    .map((line) => `${line.join(',')}\r\n`)
    .join('');
}

/**
 * A text as one field: always in quotes, on one line, and never a formula, neither in whole nor after a semicolon, which is
 * where some spreadsheets begin another cell.
 */
function field(text: string): string {
  const harmless = oneLine(text)
    .replaceAll('"', '""')
    .replaceAll(/(^|;)([\s"']*)(?=[=+\-@\uff0b\uff0d\uff1d\uff20])/g, "$1'$2");
  return `"${harmless}"`;
}
