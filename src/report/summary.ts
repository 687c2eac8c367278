import type { Benchmark, Control } from '../domain/control.ts';
import { word } from '../domain/failure.ts';
import { type Cell, countedNodes, isOpenCell, outsideScope } from '../domain/scope.ts';
import { type ChangeState, openDeed, type Session, standing, unfinished } from '../domain/session.ts';
import {
  type Coverage,
  coverageOf,
  stateOf,
  type Tally,
  tally,
  tallyAnswers,
  tallyControls,
} from '../domain/tally.ts';
import { isOpen } from '../domain/verdict.ts';
import { type Counts, countVerdicts, type Standing, standings } from './counts.ts';
import { type Row, rowsOf } from './scope.ts';

/** A node (or the cluster, or the workstation), before and after. */
export type PlaceSummary = {
  readonly place: string;
  readonly roles: readonly string[];
  readonly version?: string;
  /** Why it was not reached, or what happened last. */
  readonly failure?: string;
  readonly before: Counts;
  readonly after: Counts;
  readonly tally: Tally;
};

/** A control that is open on a place, and why. `skipped` carries the operator's reason. */
export type OpenItem = {
  readonly control: string;
  readonly title: string;
  readonly numbers: readonly string[];
  readonly place: string;
  readonly standing: Standing;
  readonly found: string;
  readonly wanted: string;
  readonly reason: string;
  readonly skipped?: string;
};

/** A change that can be undone, or whose end is not known. */
export type ChangeItem = {
  readonly change: string;
  readonly control: string;
  readonly title: string;
  readonly node: string;
  readonly at: string;
  readonly deed: 'change' | 'undo';
};

/** What a session came to. Every total is the sum of its parts. */
export type Summary = {
  readonly rows: readonly Row[];
  readonly places: readonly PlaceSummary[];
  readonly before: Counts;
  readonly after: Counts;
  /** Each control once, as the overview counts. */
  readonly controls: Tally;
  /** Each control once on each of its places. */
  readonly answers: Tally;
  /** Passing at first and open now. */
  readonly worse: number;
  /** Controls that only another selection asked for; they are in none of the numbers. */
  readonly outside: number;
  /** Everything open, worst first; with what was skipped. */
  readonly open: readonly OpenItem[];
  /** Everything that is accepted as it is, by a waiver that holds. */
  readonly waived: readonly OpenItem[];
  readonly coverage: Coverage;
  readonly restartsDue: readonly string[];
  readonly unfinished: readonly ChangeItem[];
  /** Newest first. */
  readonly undoable: readonly ChangeItem[];
};

/** Sums a session up over the controls it chose. */
export function summarise(session: Session, controls: readonly Control[], benchmark?: Benchmark): Summary {
  const rows = rowsOf(session, controls, benchmark);
  const cells = rows.flatMap((row) => row.cells);
  const open = rows.flatMap((row) =>
    row.cells.filter(isOpenCell).map((cell) => openItem(session, row, cell)),
  );
  const before = countVerdicts(cells.map((cell) => cell.before));
  const after = countVerdicts(cells.map((cell) => cell.after));
  const titles = new Map(rows.map((row) => [row.control, row.title]));
  const item = (state: ChangeState) => changeItem(state, titles);
  return {
    rows,
    places: placesOf(session, rows),
    before,
    after,
    controls: tallyControls(rows),
    answers: tallyAnswers(rows),
    worse: cells.filter((c) => c.before?.kind === 'pass' && c.after && isOpen(c.after.kind)).length,
    outside: outsideScope(session, rows),
    open: standings.flatMap((kind) => open.filter((o) => o.standing === kind)),
    waived: rows.flatMap((row) =>
      row.cells.filter((cell) => cell.after?.kind === 'waived').map((cell) => openItem(session, row, cell)),
    ),
    coverage: coverageOf(rows, countedNodes(session).length),
    restartsDue: session.restartsDue,
    unfinished: unfinished(session).map(item),
    undoable: standing(session).map(item),
  };
}

function openItem(session: Session, row: Row, cell: Cell): OpenItem {
  const { control, title, numbers } = row;
  const { place, after, skipped } = cell;
  return {
    control,
    title,
    numbers,
    place,
    standing: after?.kind ?? 'missing',
    found: after?.found ?? '',
    wanted: after?.wanted ?? '',
    reason: after ? (after.reason ?? '') : (failureOf(session, place) ?? 'it was not asked'),
    ...(skipped === undefined ? {} : { skipped }),
  };
}

function placesOf(session: Session, rows: readonly Row[]): readonly PlaceSummary[] {
  const cells = new Map<string, Cell[]>(session.nodes.map((n) => [n.name, []]));
  for (const cell of rows.flatMap((row) => row.cells)) {
    const own = cells.get(cell.place);
    if (own) own.push(cell);
    else cells.set(cell.place, [cell]);
  }
  const nodes = new Map(session.nodes.map((n) => [n.name, n]));
  return [...cells].map(([place, own]) => {
    const facts = nodes.get(place)?.facts;
    const failure = failureOf(session, place);
    return {
      place,
      roles: facts?.roles ?? [],
      ...(facts?.version === undefined ? {} : { version: facts.version }),
      ...(failure === undefined ? {} : { failure }),
      before: countVerdicts(own.map((cell) => cell.before)),
      after: countVerdicts(own.map((cell) => cell.after)),
      tally: tally(own.map(stateOf)),
    };
  });
}

function failureOf(session: Session, place: string): string | undefined {
  const failure = session.nodes.find((n) => n.name === place)?.failure;
  return failure && word(failure).sentence;
}

function changeItem(state: ChangeState, titles: ReadonlyMap<string, string>): ChangeItem {
  const { id, control, node } = state.change;
  const title = titles.get(control) ?? control;
  return { change: id, control, title, node, at: state.at, deed: openDeed(state) ?? 'change' };
}
