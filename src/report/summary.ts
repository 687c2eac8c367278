import type { Benchmark, Control } from '../domain/control.ts';
import { word } from '../domain/failure.ts';
import { type ChangeState, type Session, standing, unfinished } from '../domain/session.ts';
import { isOpen } from '../domain/verdict.ts';
import { type Counts, countVerdicts, type Standing } from './counts.ts';
import { type Cell, type Row, scopeOf } from './scope.ts';

/** A node (or the cluster, or the workstation), before and after. */
export type PlaceSummary = {
  readonly place: string;
  readonly roles: readonly string[];
  readonly version?: string;
  /** Why it was not reached, or what happened last. */
  readonly failure?: string;
  readonly before: Counts;
  readonly after: Counts;
  readonly open: number;
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

/** How many answers there should be, and how many there are: expected = answered + unknown + missing. */
export type Coverage = {
  readonly controls: number;
  readonly nodes: number;
  readonly expected: number;
  readonly answered: number;
  readonly unknown: number;
  readonly missing: number;
};

/** What a session came to. Every total is the sum of its parts. */
export type Summary = {
  readonly rows: readonly Row[];
  readonly places: readonly PlaceSummary[];
  readonly before: Counts;
  readonly after: Counts;
  /** Open at first and passing now. */
  readonly fixed: number;
  /** Passing at first and open now. */
  readonly worse: number;
  readonly skipped: number;
  /** Everything open, worst first; with what was skipped. */
  readonly open: readonly OpenItem[];
  readonly coverage: Coverage;
  readonly restartsDue: readonly string[];
  readonly unfinished: readonly ChangeItem[];
  /** Newest first. */
  readonly undoable: readonly ChangeItem[];
};

const order: readonly Standing[] = [
  'fail',
  'configured-not-active',
  'pending-restart',
  'unknown',
  'manual',
  'missing',
];

/** Sums a session up over the controls it chose. */
export function summarise(session: Session, controls: readonly Control[], benchmark?: Benchmark): Summary {
  const rows = scopeOf(session, controls, benchmark);
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
    fixed: cells.filter((c) => c.before && isOpen(c.before.kind) && c.after?.kind === 'pass').length,
    worse: cells.filter((c) => c.before?.kind === 'pass' && c.after && isOpen(c.after.kind)).length,
    skipped: open.filter((o) => o.skipped !== undefined).length,
    open: order.flatMap((kind) => open.filter((o) => o.standing === kind)),
    coverage: {
      controls: rows.length,
      nodes: session.nodes.length,
      expected: cells.length,
      answered: cells.length - after.unknown - after.missing,
      unknown: after.unknown,
      missing: after.missing,
    },
    restartsDue: session.restartsDue,
    unfinished: unfinished(session).map(item),
    undoable: standing(session).map(item),
  };
}

/** Whether a control is open in a place; one that was never asked is. */
export function isOpenCell(cell: Cell): boolean {
  return cell.after === undefined || isOpen(cell.after.kind);
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
      open: own.filter(isOpenCell).length,
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
  return { change: id, control, title, node, at: state.at, deed: state.undo ? 'undo' : 'change' };
}
