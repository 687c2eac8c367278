import { remember } from '../../domain/remember.ts';
import { isRepair, type Session } from '../../domain/session.ts';
import type { AppState } from '../../store/state.ts';
import { type BoardRow, boardList, boardRows, onlyOpenList, shownRows } from '../board.ts';
import { blank, type Line, line, type Span, shortParagraph, span } from '../line.ts';
import { highlightedIn } from '../lists.ts';
import type { Look } from '../look.ts';
import { chosenFitness } from '../menu.ts';
import { nextLookWords } from '../next-look.ts';
import type { Screen } from '../page.ts';
import { tally } from '../standing.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { type Status, shortWord, statusLook, statusSpan, statusWord, symbolOf } from '../theme.ts';
import { count, impactWord } from '../words.ts';
import { heads, nodeLegend, symbolLegend, wordCell } from './board-columns.ts';
import { counts, restartWords } from './board-words.ts';

/** Every control against every node. */
export const controls: Screen = (state, look) => {
  const rows = shownRows(state);
  const ids = rows.map((r) => r.control.id);
  const focus = Math.max(0, ids.indexOf(highlightedIn(state, { id: boardList, ids }) ?? ''));
  const names = state.session.nodes.map((n) => n.name);
  const number = numberWidth(rows);
  const { cell: most, impactFits } = layout(names.length, number, look);
  // What the words of the nodes do not need is for the titles.
  const repair = isRepair(state.session);
  // A fault tells more by its name than a symbol does by the room around it.
  const cell =
    most < wordCell
      ? Math.min(most, repair ? String(names.length).length + 1 : most)
      : Math.min(most, Math.max(wordCell, widest(names, most), statusWidth(rows, state.session)));
  const last = totalWidth(boardRows(state), state.session);
  const wants = [number, 20, ...(impactFits ? [12] : []), ...names.map(() => cell), last];
  const shownNames = cell > 0 ? names : [];
  const widths = columnWidths(
    wants.filter((w) => w > 0),
    1,
    look,
  );
  const impact = impactFits ? ['impact'] : [];
  return {
    top: [
      counts(state),
      ...misfitLines(state, look),
      filterLine(state, rows.length),
      ...titles(
        [
          repair ? '' : 'number',
          repair ? 'possible cause' : 'control',
          ...impact,
          ...heads(shownNames, cell),
          'all in all',
        ],
        widths,
        look,
      ),
    ],
    middle:
      rows.length === 0
        ? {
            kind: 'text',
            lines: [
              blank,
              line(
                span(
                  `   ${isRepair(state.session) ? 'No possible cause' : 'No control'} has these words. Escape shows all again.`,
                  'dim',
                ),
              ),
            ],
          }
        : {
            kind: 'list',
            count: rows.length,
            focus,
            at: (i) => {
              const r = rows[i];
              if (!r) return [];
              const cells = shownNames.map((name) => cellOf(r, name, cell, state.session, look));
              const middle = impact.length > 0 ? [span(impactWord(r.control.impact), 'dim')] : [];
              return row(
                [span(r.number), span(r.name), ...middle, ...cells, total(r, state.session, look)],
                widths,
                look,
                i === focus,
              );
            },
          },
    bottom: [
      ...about(rows[focus], rows, widths[1] ?? 0, look),
      ...nodeLegend(names, cell, look),
      ...symbolLegend(boardRows(state), state.session, cell, look),
      ...warnings(state, look),
    ],
  };
};

/** Words for every node come before the impact column, which comes before wider titles. */
function layout(
  nodes: number,
  number: number,
  look: Look,
): { readonly cell: number; readonly impactFits: boolean } {
  const both = cellWidth(nodes, number, 14, look);
  const alone = cellWidth(nodes, number, 0, look);
  const impactFits = look.columns >= 100 && (both >= wordCell || alone < wordCell);
  return { cell: impactFits ? both : alone, impactFits };
}

/** Columns for one node: wide enough for a word, else for a symbol, else no columns at all. */
function cellWidth(nodes: number, number: number, more: number, look: Look): number {
  if (nodes === 0 || look.plain) return 0;
  const room = Math.floor((look.columns - 4 - number - 2 - 26 - 20 - more) / nodes) - 2;
  if (room >= wordCell) return Math.min(room, 13);
  return room >= String(nodes).length ? Math.min(room, 4) : 0;
}

const numberWidth = remember((rows: readonly BoardRow[]): number =>
  widest(
    rows.map((r) => r.number),
    12,
  ),
);

const statusWidth = remember((rows: readonly BoardRow[], session: Session): number =>
  widest(
    [...new Set(rows.flatMap((r) => r.statuses))].map((s) => `? ${shortWord(s, session)}`),
    13,
  ),
);

const titleWidth = remember((rows: readonly BoardRow[]): number =>
  widest(
    rows.map((r) => r.name),
    1_000,
  ),
);

function cellOf(r: BoardRow, node: string, cell: number, session: Session, look: Look): Span {
  const at = r.places.indexOf(node);
  const status: Status = at < 0 ? 'not-applicable' : (r.statuses[at] ?? 'not-asked');
  if (at < 0) return span('');
  return cell >= wordCell
    ? statusSpan(status, look, shortWord(status, session))
    : { text: symbolOf(status, look), tone: statusLook[status].tone };
}

/** The last column takes what its longest words need, a symbol before them; the titles have the rest. */
const totalWidth = remember((rows: readonly BoardRow[], session: Session): number =>
  Math.max(
    'all in all'.length,
    2 +
      widest(
        rows.map((r) => totalWords(r, session)),
        18,
      ),
  ),
);

function total(r: BoardRow, session: Session, look: Look): Span {
  return statusSpan(r.status, look, totalWords(r, session));
}

function totalWords(r: BoardRow, session: Session): string {
  const { n, of } = tally(r.statuses, r.status);
  const word = statusWord(r.status, session);
  return of > 1 && n < of ? `${n} of ${of} ${word}` : word;
}

/** What the benchmark is not made for, before anything else is read of its controls. */
function misfitLines(state: AppState, look: Look): readonly Line[] {
  const odd = chosenFitness(state);
  return odd ? shortParagraph(odd, look.columns, 3, 'warn') : [];
}

function filterLine(state: AppState, shown: number): Line {
  const { view } = state;
  const text = view.filter[boardList] ?? '';
  const only = (view.picked[onlyOpenList] ?? []).length > 0 ? 'only what is left to do; o shows all. ' : '';
  if (view.filtering === boardList)
    return line(span(' filter: ', 'strong'), span(text, 'busy'), span('_', 'cursor'));
  if (text) return line(span(` filter: ${text}`, 'busy'), span(`, ${shown} shown. ${only}esc clears`, 'dim'));
  return line(span(only ? ` ${shown} shown, ${only}` : restartWords(state), 'dim'));
}

/** The highlighted control in full, where the table cuts titles. */
function about(
  r: BoardRow | undefined,
  rows: readonly BoardRow[],
  columns: number,
  look: Look,
): readonly Line[] {
  if (!r || look.plain || (look.columns >= 100 && titleWidth(rows) <= columns)) return [];
  return [line(span(` ${r.name}`, 'strong'), span(`, ${impactWord(r.control.impact)}`, 'dim'))];
}

function warnings(state: AppState, look: Look): readonly Line[] {
  const missing = state.session.missing.length;
  const next = nextLookWords(state);
  return [
    ...(next ? shortParagraph(next, look.columns, 2, 'busy') : []),
    ...(missing > 0
      ? [
          line(
            span(
              ` Not complete: ${count(missing, 'node')} gave no answer. C connects, then r asks again.`,
              'warn',
            ),
          ),
        ]
      : []),
  ];
}
