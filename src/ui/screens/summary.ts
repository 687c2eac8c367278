import { type Cell, countedNodes } from '../../domain/scope.ts';
import { isRepair, nothingAsked, type Session, standing, unfinished } from '../../domain/session.ts';
import {
  coverageOf,
  coverageWords,
  stateOf,
  type Tally,
  tally,
  tallyAnswers,
  tallyControls,
  tallyWords,
} from '../../domain/tally.ts';
import { type AppState, chosen } from '../../store/state.ts';
import { type BoardRow, boardRows, scopeRows } from '../board.ts';
import { blank, type Line, line, paragraph, shortParagraph, span } from '../line.ts';
import type { Look } from '../look.ts';
import { nextLookWords, wasFound } from '../next-look.ts';
import { type Screen, textPage } from '../page.ts';
import { isToDo, statusOf } from '../standing.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { type Status, statusSpan, statusWord } from '../theme.ts';
import { count, someOf } from '../words.ts';

/** Before and after, node by node; what is open and why. */
export const summary: Screen = (state, look) => {
  const rows = boardRows(state);
  return textPage(
    [blank],
    [
      ...closing(state, rows, look),
      blank,
      ...(!nothingAsked(state.session) && rows.some((r) => r.cells.length > 0)
        ? [...placeTable(state, rows, look), blank, ...openLines(state, rows, look)]
        : paragraph('Nothing was asked yet, so nothing is known of any node.', look.columns)),
    ],
  );
};

function closing(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { session } = state;
  const undone = session.changes.filter((c) => c.undo?.outcome?.kind === 'done').length;
  const open = unfinished(session).length;
  const due = session.restartsDue;
  return [
    line(
      span(` ${count(standing(session).length, 'change stands', 'changes stand')}`, 'strong'),
      span(undone > 0 ? `, ${undone} undone.` : '.'),
      span(open > 0 ? ` ${count(open, 'change has', 'changes have')} no known end.` : '', 'bad'),
    ),
    ...(due.length > 0
      ? paragraph(
          `Restarts are still due on ${someOf(due)}; until then some of it is not active.`,
          look.columns,
          'warn',
        )
      : []),
    ...(nothingAsked(session) ? [] : answerLines(state, rows, look)),
  ];
}

/** What the answers come to, and how many are missing. */
function answerLines(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { session } = state;
  const scope = scopeRows(rows);
  const answers = tallyAnswers(scope);
  const at = coverageOf(scope, countedNodes(session).length);
  const attested = rows.flatMap((r) => r.cells.filter((c) => c.attested)).length;
  return [
    ...(isRepair(session)
      ? [...causeLines(state, rows, look)]
      : [
          ...paragraph(`Controls: ${tallyWords(tallyControls(scope))}.`, look.columns),
          ...paragraph(`Answers: ${tallyWords(answers)}.`, look.columns),
        ]),
    ...paragraph(
      `${coverageWords(at)}${at.missing > 0 ? ' NOT COMPLETE: what is missing counts as open.' : ''}`,
      look.columns,
      at.missing > 0 ? 'warn' : 'plain',
    ),
    ...paragraph(
      `Not applicable: ${answers.notApplicable}. Skipped by you: ${answers.skipped}. Attested by you: ${attested}.`,
      look.columns,
      'dim',
    ),
  ];
}

/** What was seen, and every cause that was found: cured, or standing still. */
function causeLines(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { title = 'No symptom was chosen' } = chosen(state).benchmark ?? {};
  const found = rows.filter(wasFound);
  const now = (status: Status): number => found.filter((r) => r.status === status).length;
  const gone = now('gone') > 0 ? `, ${now('gone')} gone since` : '';
  const words =
    found.length === 0
      ? 'No cause was found.'
      : `${count(found.length, 'cause was', 'causes were')} found, ${now('fixed')} of them cured${gone}: ${found.map((r) => r.name).join('; ')}.`;
  return paragraph(`${title}. ${words}`, look.columns);
}

function placeTable(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const byPlace = new Map<string, Cell[]>();
  for (const cell of rows.flatMap((r) => r.cells)) {
    const mine = byPlace.get(cell.place);
    if (mine) mine.push(cell);
    else byPlace.set(cell.place, [cell]);
  }
  const widths = columnWidths([widest([...byPlace.keys()], 24), 44, 30], 2, look);
  return [
    ...titles(['place', 'now', 'before'], widths, look),
    ...[...byPlace].map(([place, cells]) => {
      const first = tally(
        cells.map((c) => stateOf({ ...c, after: c.before, skipped: undefined, fixed: false, gone: false })),
      );
      const now = tally(cells.map(stateOf));
      const [after, before] = [now, first].map((t) => shortWords(t, state.session));
      return row([span(place), span(after ?? ''), span(before ?? '')], widths, look);
    }),
  ];
}

/** The tally without what does not apply, which is the same before and after. */
function shortWords(counts: Tally, session: Session): string {
  const { open, pass, fixed, gone } = counts;
  if (open + counts.waived + pass === 0) return 'nothing applies here';
  if (isRepair(session))
    return `${open} open, ${pass - fixed - gone} not it, ${fixed} cured${gone > 0 ? `, ${gone} gone since` : ''}`;
  return tallyWords(counts).replace(/, \d+ not applicable$/, '');
}

function openLines(state: AppState, rows: readonly BoardRow[], look: Look): readonly Line[] {
  const { session } = state;
  const next = nextLookWords(state);
  const all = rows.flatMap((r) => r.cells.map((cell) => ({ r, cell, status: statusOf(cell) })));
  const open = all.filter(({ status }) => isToDo(status) && status !== 'not-asked');
  const missing = new Map<string, number>();
  for (const { cell, status } of all)
    if (status === 'not-asked') missing.set(cell.place, (missing.get(cell.place) ?? 0) + 1);
  const skipped = all.filter(({ status }) => status === 'skipped');
  const waived = all.filter(({ status }) => status === 'waived');
  if (open.length + missing.size + skipped.length + waived.length === 0)
    return next ? paragraph(next, look.columns, 'busy') : [line(span(' Nothing is open.', 'good'))];
  return [
    ...(next ? [...paragraph(next, look.columns, 'busy'), blank] : []),
    ...(open.length + missing.size > 0 ? [line(span(' Open, and why', 'strong'))] : []),
    ...open.flatMap(({ r, cell, status }) => itemLines(session, r, cell.place, status, why(cell), look)),
    ...[...missing].map(([place, n]) =>
      line(
        span('   '),
        statusSpan('not-asked', look),
        span(`  ${count(n, 'control')}`),
        span(`  ${place}`, 'dim'),
      ),
    ),
    ...(skipped.length > 0 ? [blank, line(span(' Skipped, and why', 'strong'))] : []),
    ...skipped.flatMap(({ r, cell }) =>
      itemLines(session, r, cell.place, 'skipped', cell.skipped ?? '', look),
    ),
    ...(waived.length > 0 ? [blank, line(span(' Waived, by whom and why', 'strong'))] : []),
    ...waived.flatMap(({ r, cell }) => itemLines(session, r, cell.place, 'waived', why(cell), look)),
  ];
}

function why({ after }: Cell): string {
  return after?.reason ?? `found ${after?.found || 'nothing'}, wanted ${after?.wanted || 'something else'}`;
}

function itemLines(
  session: Session,
  r: BoardRow,
  place: string,
  status: Status,
  why: string,
  look: Look,
): readonly Line[] {
  return [
    line(
      span('   '),
      statusSpan(status, look, statusWord(status, session)),
      span(`  ${r.number} ${r.name}`),
      span(`  ${place}`, 'dim'),
    ),
    ...shortParagraph(why, look.columns, 2, 'dim', 7),
  ];
}
