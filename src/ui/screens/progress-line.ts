import { isRepair } from '../../domain/session.ts';
import type { AppState } from '../../store/state.ts';
import { type BoardRow, boardCounts, boardRows, fixedFindings } from '../board.ts';
import { causeCounts } from '../cause-counts.ts';
import { type Line, line, lineWidth, type Span, span } from '../line.ts';
import type { Look } from '../look.ts';
import { sign } from '../theme.ts';
import { count } from '../words.ts';

/** Which control this is of how many, and how many of all are done. No count is cut: where they need the room, the bar gives way. */
export function progressLine(state: AppState, look: Look): Line {
  const rows = boardRows(state);
  const at = rows.findIndex((r) => r.control.id === state.view.control) + 1;
  const repair = isRepair(state.session);
  const { toGo, words } = repair ? causesDone(rows) : controlsDone(state);
  const said = words.join(` ${sign('dot', look)} `);
  const short = said.replace('not applicable', 'n/a');
  const place = ` ${at} of ${rows.length}`;
  const lead = `${place} ${repair ? 'causes' : 'controls'}  `;
  const gauge = look.plain ? [] : gaugeOf(rows.length, toGo, look);
  const bare = line(span(`${place}  `), span(short, 'dim'));
  const lines = [
    line(span(lead), ...gauge, span(`  ${said}`, 'dim')),
    line(span(lead), ...gauge, span(`  ${short}`, 'dim')),
    line(span(lead), span(short, 'dim')),
  ];
  return lines.find((l) => lineWidth(l) <= look.columns) ?? bare;
}

function gaugeOf(all: number, toGo: number, look: Look): readonly Span[] {
  const bar = look.columns >= 100 ? 30 : 8;
  const done = all === 0 ? 0 : Math.round((bar * (all - toGo)) / all);
  // Only what is done in full has a full bar.
  const full = toGo > 0 ? Math.min(bar - 1, done) : done;
  return [span(sign('full', look).repeat(full), 'good'), span(sign('empty', look).repeat(bar - full), 'dim')];
}

type Done = { readonly toGo: number; readonly words: readonly string[] };

function causesDone(rows: readonly BoardRow[]): Done {
  const counts = causeCounts(rows);
  const toGo = counts.filter((c) => c.toGo).reduce((sum, { many }) => sum + many, 0);
  const rest = counts.filter((c) => !c.toGo).map(({ many, word }) => `${many} ${word}`);
  return { toGo, words: [`${toGo} to go`, ...rest] };
}

function controlsDone(state: AppState): Done {
  const { pass, skipped, waived, open } = boardCounts(state);
  const toGo = open - skipped;
  const findings = fixedFindings(state);
  return {
    toGo,
    words: [
      `${pass} pass`,
      ...(skipped > 0 ? [`${skipped} skipped`] : []),
      ...(waived > 0 ? [`${waived} waived`] : []),
      `${toGo} to go`,
      ...(findings > 0 ? [`${count(findings, 'finding')} fixed`] : []),
    ],
  };
}
