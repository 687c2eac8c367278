import { type Cell, isOpenCell } from '../domain/scope.ts';
import { findingKey } from '../domain/session.ts';
import type { Standing } from './counts.ts';
import type { ReportInput } from './input.ts';
import { openWhy } from './open-lines.ts';
import { chosen, type Row } from './scope.ts';
import { type Summary, summarise } from './summary.ts';

/** One answer that counts: a control on one place, and what came of it. */
export type Answer = {
  readonly row: Row;
  readonly cell: Cell;
  readonly standing: Standing;
  /** Neither passing nor not applicable. */
  readonly open: boolean;
  /** Found and wanted, the reason, and why it was skipped, on one line; why there is no answer where there is none. */
  readonly why: string;
};

/** A control with its answers, in the order of its places. */
export type Answered = { readonly row: Row; readonly answers: readonly Answer[] };

/** Every answer that counts, control by control, with the sums over them. */
export function answersOf({ session, profile }: ReportInput): {
  readonly summary: Summary;
  readonly controls: readonly Answered[];
} {
  const selected = chosen(session, profile);
  const summary = summarise(session, selected.controls, selected.benchmark);
  const open = new Map(summary.open.map((item) => [findingKey(item.control, item.place), openWhy(item)]));
  const controls = summary.rows.map((row) => ({
    row,
    answers: row.cells.map((cell): Answer => {
      const { found = '', wanted = '', reason = '' } = cell.after ?? {};
      return {
        row,
        cell,
        standing: cell.after?.kind ?? 'missing',
        open: isOpenCell(cell),
        why: open.get(findingKey(row.control, cell.place)) ?? openWhy({ found, wanted, reason }),
      };
    }),
  }));
  return { summary, controls };
}
