import { type Benchmark, type Control, numbersOf, type Profile } from '../domain/control.ts';
import { remember } from '../domain/remember.ts';
import type { LoadedPlan } from '../domain/review-plan.ts';
import { type ScopeRow, scopeOf } from '../domain/scope.ts';
import { isRepair, type Session } from '../domain/session.ts';
import { type Tally, tallyAnswers, tallyControls } from '../domain/tally.ts';
import { faultOf } from '../domain/trouble.ts';
import { type AppState, chosen, walked } from '../store/state.ts';
import { causesFirst } from './causes.ts';
import { isToDo, statusOf, worst } from './standing.ts';
import { type Status, statusWord } from './theme.ts';
import { impactWord } from './words.ts';

/** One control on the overview: what is said of it on each place, and all in all. */
export type BoardRow = {
  readonly control: Control;
  /** Its title; in a repair, the fault that it finds. */
  readonly name: string;
  readonly number: string;
  readonly level: 1 | 2;
  readonly cells: ScopeRow['cells'];
  readonly places: readonly string[];
  readonly statuses: readonly Status[];
  readonly status: Status;
  /** Everything the filter looks at, in small letters. */
  readonly words: string;
};

/** The list of the overview, and the tick that shows only what is open. */
export const boardList = 'controls';
export const onlyOpenList = 'controls-only-open';

const labels = remember(
  (
    controls: readonly Control[],
    benchmark: Benchmark,
  ): ReadonlyMap<string, Pick<BoardRow, 'number' | 'level'>> => {
    const first = new Map(benchmark.items.toReversed().map((item) => [item.control, item]));
    return new Map(
      controls.map((c) => [
        c.id,
        { number: first.get(c.id)?.number ?? '', level: first.get(c.id)?.level ?? 1 },
      ]),
    );
  },
);

const board = remember(
  (
    session: Session,
    profile: Profile,
    benchmark: Benchmark,
    controls: readonly Control[],
  ): readonly BoardRow[] => {
    const named = labels(controls, benchmark);
    const scope = scopeOf(session, controls);
    const rows = controls.map((control, i): BoardRow => {
      const cells = scope[i]?.cells ?? [];
      const places = cells.map((cell) => cell.place);
      const statuses = cells.map(statusOf);
      const status = worst(statuses);
      const { number, level } = named.get(control.id) ?? { number: '', level: 1 };
      const fault = isRepair(session) ? faultOf(profile.troubles, session.trouble, control.id) : undefined;
      const said = [...new Set(statuses)].map((s) => statusWord(s, session)).join(' ');
      const words =
        `${number} ${control.id} ${control.title} ${fault ?? ''} ${said} ${impactWord(control.impact)} ${control.roles.join(' ')} ${control.why} ${control.breaks}`.toLowerCase();
      return { control, name: fault ?? control.title, number, level, cells, places, statuses, status, words };
    });
    return isRepair(session) ? causesFirst(rows, session.pointed) : rows;
  },
);

/** Those of the plan are walked first. */
const plannedFirst = remember((rows: readonly BoardRow[], { plan }: LoadedPlan): readonly BoardRow[] => {
  const planned = new Set(plan.items.map((item) => item.control));
  const isPlanned = ({ control }: BoardRow): boolean => planned.has(control.id);
  return [...rows.filter(isPlanned), ...rows.filter((row) => !isPlanned(row))];
});

/** Every control of the session, in the order in which it is walked. */
export function boardRows(state: AppState): readonly BoardRow[] {
  const { profile, benchmark } = chosen(state);
  const rows = profile && benchmark ? board(state.session, profile, benchmark, walked(state)) : [];
  return state.plan && !isRepair(state.session) ? plannedFirst(rows, state.plan) : rows;
}

const filtered = remember(
  (rows: readonly BoardRow[], filter: string, onlyOpen: boolean): readonly BoardRow[] => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0 && !onlyOpen) return rows;
    return rows.filter((r) => (!onlyOpen || isToDo(r.status)) && words.every((w) => r.words.includes(w)));
  },
);

/** The controls that the overview lists now. */
export function shownRows(state: AppState): readonly BoardRow[] {
  const { filter, picked } = state.view;
  return filtered(boardRows(state), filter[boardList] ?? '', (picked[onlyOpenList] ?? []).length > 0);
}

/** The row of one control. */
export function rowOf(state: AppState, control: string): BoardRow | undefined {
  return boardRows(state).find((r) => r.control.id === control);
}

/** The benchmark's numbers for a control, `-` when it is only there because another needs it. */
export function numbers(state: AppState, control: string): string {
  const { benchmark } = chosen(state);
  return (benchmark ? numbersOf(benchmark, control).join(', ') : '') || '-';
}

/** The rows as every screen and every report counts them; see `domain/tally.ts`. */
export const scopeRows = remember((rows: readonly BoardRow[]): readonly ScopeRow[] =>
  rows.map(({ control, cells }) => ({ control: control.id, cells })),
);

/** How many controls stand where. */
export function boardCounts(state: AppState): Tally {
  return talliedOf(scopeRows(boardRows(state)));
}

const talliedOf = remember(tallyControls);

/** How many answers were made to pass: a control that was fixed on three nodes and is open on a fourth is open, and has three. */
export function fixedFindings(state: AppState): number {
  return fixedOf(scopeRows(boardRows(state)));
}

const fixedOf = remember((rows: readonly ScopeRow[]): number => tallyAnswers(rows).fixed);
