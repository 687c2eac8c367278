import { isRepair } from '../../domain/session.ts';
import type { AppState } from '../../store/state.ts';
import { type BoardRow, boardCounts, boardRows, fixedFindings } from '../board.ts';
import { causeCounts } from '../cause-counts.ts';
import { type Line, line, type Span, span } from '../line.ts';
import type { Look } from '../look.ts';
import { sign } from '../theme.ts';
import { count } from '../words.ts';

/** Which control this is of how many, and how many of all are done. */
export function progressLine(state: AppState, look: Look): Line {
  const rows = boardRows(state);
  const at = rows.findIndex((r) => r.control.id === state.view.control) + 1;
  const bar = look.columns >= 100 ? 30 : 8;
  const repair = isRepair(state.session);
  const { toGo, words } = repair ? causesDone(rows) : controlsDone(state);
  const done = rows.length === 0 ? 0 : Math.round((bar * (rows.length - toGo)) / rows.length);
  // Only what is done in full has a full bar.
  const full = toGo > 0 ? Math.min(bar - 1, done) : done;
  const gauge: readonly Span[] = look.plain
    ? []
    : [span(sign('full', look).repeat(full), 'good'), span(sign('empty', look).repeat(bar - full), 'dim')];
  const said = words.join(` ${sign('dot', look)} `);
  const what = repair ? 'causes' : 'controls';
  return line(span(` ${at} of ${rows.length} ${what}  `), ...gauge, span(`  ${said}`, 'dim'));
}

type Done = { readonly toGo: number; readonly words: readonly string[] };

function causesDone(rows: readonly BoardRow[]): Done {
  const counts = causeCounts(rows);
  const toGo = counts.filter((c) => c.toGo).reduce((sum, { many }) => sum + many, 0);
  const rest = counts.filter((c) => !c.toGo).map(({ many, word }) => `${many} ${word}`);
  return { toGo, words: [`${toGo} to go`, ...rest] };
}

function controlsDone(state: AppState): Done {
  const { pass, skipped, open } = boardCounts(state);
  const toGo = open - skipped;
  const skips = skipped > 0 ? [`${skipped} skipped`] : [];
  const findings = fixedFindings(state);
  const fixes = findings > 0 ? [`${count(findings, 'finding')} fixed`] : [];
  return { toGo, words: [`${pass} pass`, ...skips, `${toGo} to go`, ...fixes] };
}
