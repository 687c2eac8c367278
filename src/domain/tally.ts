import { type Cell, isOpenCell, type ScopeRow } from './scope.ts';
import { type Status, worstFirst } from './verdict.ts';

/** What one answer, or one control on all its places, comes to. */
export type State = 'open' | 'skipped' | 'waived' | 'pass' | 'fixed' | 'gone' | 'not-applicable';

/** How many there are of each: open and skipped are what does not pass, pass, fixed and gone what does, so that all add up. */
export type Tally = {
  readonly total: number;
  /** Neither passing nor not applicable; what was skipped is among them. */
  readonly open: number;
  readonly skipped: number;
  /** Accepted as it is, by a waiver that holds. */
  readonly waived: number;
  /** Passing; what was fixed or is gone is among them. */
  readonly pass: number;
  readonly fixed: number;
  readonly gone: number;
  readonly notApplicable: number;
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

/** What one answer comes to. */
export function stateOf(cell: Cell): State {
  if (isOpenCell(cell)) return cell.skipped === undefined ? 'open' : 'skipped';
  if (cell.after?.kind === 'not-applicable' || cell.after?.kind === 'waived') return cell.after.kind;
  if (cell.gone) return 'gone';
  return cell.fixed ? 'fixed' : 'pass';
}

/** What a control comes to: the worst of its places. One without a place was not asked, and is open. */
export function stateOfRow(row: ScopeRow): State {
  const states: ReadonlySet<string> = new Set(row.cells.map(stateOf));
  if (states.has('open')) return 'open';
  return worstFirst.filter(isState).find((state) => states.has(state)) ?? 'open';
}

function isState(status: Status): status is Exclude<State, 'open'> {
  return ['skipped', 'waived', 'pass', 'fixed', 'gone', 'not-applicable'].includes(status);
}

/** Counts states. Every screen and every report counts with this. */
export function tally(states: readonly State[]): Tally {
  const n = (state: State): number => states.filter((s) => s === state).length;
  return {
    total: states.length,
    open: n('open') + n('skipped'),
    skipped: n('skipped'),
    waived: n('waived'),
    pass: n('pass') + n('fixed') + n('gone'),
    fixed: n('fixed'),
    gone: n('gone'),
    notApplicable: n('not-applicable'),
  };
}

/** The tally of controls, each counted once. */
export function tallyControls(rows: readonly ScopeRow[]): Tally {
  return tally(rows.map(stateOfRow));
}

/** The tally of answers: each control counted once on each of its places. */
export function tallyAnswers(rows: readonly ScopeRow[]): Tally {
  return tally(rows.flatMap((row) => row.cells.map(stateOf)));
}

/** How complete the answers are. */
export function coverageOf(rows: readonly ScopeRow[], nodes: number): Coverage {
  const cells = rows.flatMap((row) => row.cells);
  const unknown = cells.filter((c) => c.after?.kind === 'unknown').length;
  const missing = cells.filter((c) => c.after === undefined).length;
  return {
    controls: rows.length,
    nodes,
    expected: cells.length,
    answered: cells.length - unknown - missing,
    unknown,
    missing,
  };
}

/** `15 open (3 of them skipped), 34 pass (2 of them fixed), 3 not applicable`. */
export function tallyWords({ open, skipped, waived, pass, fixed, notApplicable }: Tally): string {
  const part = (n: number, word: string): string => (n > 0 ? ` (${n} of them ${word})` : '');
  return `${open} open${part(skipped, 'skipped')}${waived > 0 ? `, ${waived} waived` : ''}, ${pass} pass${part(fixed, 'fixed')}, ${notApplicable} not applicable`;
}

/** How complete the answers are, in one sentence. */
export function coverageWords(coverage: Coverage): string {
  const { controls, nodes, expected, answered, unknown, missing } = coverage;
  const some = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
  return `${some(controls, 'control')} on ${some(nodes, 'node')}: ${some(expected, 'answer')} expected, ${answered} came, ${unknown} came without a value, ${missing} missing.`;
}
