import { findingKey, isOpenAt, type Session, verdictOf } from '../../domain/session.ts';
import type { VerdictKind } from '../../domain/verdict.ts';
import type { AppState } from '../../store/state.ts';
import { type BoardRow, boardRows } from '../board.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { statusAt } from '../standing.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { type Status, statusSpan } from '../theme.ts';
import { count, someOf } from '../words.ts';

/** Before and after, node by node; what is open and why. */
export const summary: Screen = (state, look) => {
  const rows = boardRows(state);
  return textPage(
    [blank],
    [
      ...closing(state, rows, look),
      blank,
      ...placeTable(state, rows, look),
      blank,
      ...openLines(state, rows, look),
    ],
  );
};

function closing(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { session } = state;
  const changes = session.changes.filter((c) => c.outcome?.kind === 'done');
  const undone = changes.filter((c) => c.undo?.outcome?.kind === 'done').length;
  const at = coverage(session, rows);
  const due = session.restartsDue;
  return [
    line(
      span(` ${count(changes.length - undone, 'change stands', 'changes stand')}`, 'strong'),
      span(undone > 0 ? `, ${undone} undone.` : '.'),
    ),
    ...(due.length > 0
      ? paragraph(
          `Restarts are still due on ${someOf(due)}; until then some of it is not active.`,
          look.columns,
          'warn',
        )
      : []),
    ...paragraph(
      `${at.run} of ${at.expected} answers came.${at.run < at.expected ? ` MISSING: ${at.expected - at.run}; this run is not complete.` : ''}`,
      look.columns,
      at.run < at.expected ? 'warn' : 'plain',
    ),
    ...paragraph(
      `Not applicable: ${at.na}. Skipped by you: ${Object.keys(session.skips).length}. Attested by you: ${Object.keys(session.attestations).length}.`,
      look.columns,
      'dim',
    ),
  ];
}

function coverage(
  session: Session,
  rows: readonly BoardRow[],
): { expected: number; run: number; na: number } {
  const all = rows.flatMap((r) => r.places.map((p) => verdictOf(session, r.control.id, p)?.kind));
  return {
    expected: all.length,
    run: all.filter((kind) => kind !== undefined).length,
    na: all.filter((kind) => kind === 'not-applicable').length,
  };
}

function placeTable(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { session } = state;
  const places = [...new Set(rows.flatMap((r) => r.places))];
  const widths = columnWidths([widest(places, 24), 22, 30], 2, look);
  return [
    ...titles(['place', 'before', 'now'], widths, look),
    ...places.map((place) => {
      const mine = rows.filter((r) => r.places.includes(place));
      const first = mine.map((r) => session.before[findingKey(r.control.id, place)]?.kind);
      const now = mine.map((r) => statusAt(session, r.control.id, place));
      return row([span(place), span(beforeWords(first)), span(nowWords(now))], widths, look);
    }),
  ];
}

function beforeWords(kinds: readonly (VerdictKind | undefined)[]): string {
  const pass = kinds.filter((k) => k === 'pass').length;
  const open = kinds.filter((k) => k !== undefined && k !== 'pass' && k !== 'not-applicable').length;
  return `${pass} pass, ${open} open`;
}

function nowWords(statuses: readonly Status[]): string {
  const number = (s: Status): number => statuses.filter((x) => x === s).length;
  const closed = ['pass', 'fixed', 'skipped', 'not-applicable', 'not-asked'];
  const open = statuses.filter((s) => !closed.includes(s)).length;
  return `${number('pass')} pass, ${number('fixed')} fixed, ${open} open, ${number('skipped')} skipped`;
}

function openLines(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { session } = state;
  const open = rows.flatMap((r) =>
    r.places.filter((p) => isOpenAt(session, r.control.id, p)).map((place) => ({ r, place })),
  );
  const skipped = rows.flatMap((r) =>
    r.places.filter((p) => statusAt(session, r.control.id, p) === 'skipped').map((place) => ({ r, place })),
  );
  if (open.length === 0 && skipped.length === 0) return [line(span(' Nothing is open.', 'good'))];
  return [
    ...(open.length > 0 ? [line(span(' Open, and why', 'strong'))] : []),
    ...open.flatMap(({ r, place }) => {
      const verdict = verdictOf(session, r.control.id, place);
      const why =
        verdict?.reason ??
        `found ${verdict?.found || 'nothing'}, wanted ${verdict?.wanted || 'something else'}`;
      return itemLines(r, place, statusAt(session, r.control.id, place), why, look);
    }),
    ...(skipped.length > 0 ? [blank, line(span(' Skipped, and why', 'strong'))] : []),
    ...skipped.flatMap(({ r, place }) =>
      itemLines(r, place, 'skipped', session.skips[findingKey(r.control.id, place)] ?? '', look),
    ),
  ];
}

function itemLines(r: BoardRow, place: string, status: Status, why: string, look: Look): readonly Line[] {
  return [
    line(
      span('   '),
      statusSpan(status, look),
      span(`  ${r.number} ${r.control.title}`),
      span(`  ${place}`, 'dim'),
    ),
    ...paragraph(why, look.columns, 'dim', 7).slice(0, 2),
  ];
}
