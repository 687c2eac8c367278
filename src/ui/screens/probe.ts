import { isRepair } from '../../domain/session.ts';
import { tallyWords } from '../../domain/tally.ts';
import { isWrong } from '../../domain/verdict.ts';
import type { AppState } from '../../store/state.ts';
import { boardCounts, boardRows } from '../board.ts';
import { causeCounts } from '../cause-counts.ts';
import { blank, type Line, line, paragraph, type Span, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Look } from '../look.ts';
import { chosenFitness } from '../menu.ts';
import { nextLookWords } from '../next-look.ts';
import type { Screen } from '../page.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { sign, spinner, symbolOf } from '../theme.ts';
import { count, someOf } from '../words.ts';

/** How far the asking has come, node by node. */
export const probe: Screen = (state, look) => {
  const { nodes } = state.session;
  const names = nodes.map((n) => n.name);
  const focus = Math.max(0, names.indexOf(highlighted(state) ?? ''));
  const bar = Math.max(10, Math.min(30, look.columns - 50));
  const widths = columnWidths([widest(names, 24), 14, bar + 12], 2, look);
  return {
    top: [
      blank,
      line(span(` ${title(state)}`, 'strong')),
      blank,
      ...titles(['node', '', 'questions answered'], widths, look),
    ],
    middle: {
      kind: 'list',
      count: names.length,
      focus,
      at: (i) =>
        row([span(names[i] ?? ''), ...cells(state, names[i] ?? '', bar, look)], widths, look, i === focus),
    },
    bottom: [blank, ...misfit(state, look), ...outcome(state, look)],
  };
};

function title(state: AppState): string {
  const controls = count(boardRows(state).length, isRepair(state.session) ? 'possible cause' : 'control');
  if (state.work.some((w) => !w.changing)) return `Asking ${controls}. Nothing is changed by this.`;
  return state.session.probed ? `${controls} asked.` : `${controls} to ask. Nothing is changed by this.`;
}

function cells(state: AppState, node: string, bar: number, look: Look): readonly Span[] {
  const p = state.progress[node];
  switch (p?.phase) {
    case 'connecting':
    case 'asking': {
      const part = p.of > 0 ? p.done / p.of : 0;
      const numbers = p.of > 0 ? ` ${p.done} of ${p.of}` : '';
      return [
        span(`${spinner(state.now, look)} asking`.trim(), 'busy'),
        span(`${gauge(part, bar, look)}${numbers}`),
      ];
    }
    case 'done':
      return [span(`${symbolOf('pass', look)} answered`, 'good'), span('')];
    case 'failed':
      return [
        span(`${symbolOf('fail', look)} no answer`, 'bad'),
        span('see Connect; its controls stay unknown'),
      ];
    default:
      return [span('not connected', 'dim'), span('')];
  }
}

function gauge(part: number, bar: number, look: Look): string {
  if (look.plain) return '';
  const full = Math.round(part * bar);
  return sign('full', look).repeat(full) + sign('empty', look).repeat(bar - full);
}

function misfit(state: AppState, look: Look): readonly Line[] {
  const odd = chosenFitness(state);
  return odd ? paragraph(odd, look.columns, 'warn') : [];
}

function counted(state: AppState): string {
  if (!isRepair(state.session)) return `Controls: ${tallyWords(boardCounts(state))}.`;
  const rows = boardRows(state);
  const found = rows.filter((row) => isWrong(row.status)).length;
  if (found > 0)
    return `${someCauses(found)} found. The next screen begins with what was found, the gentlest cure first.`;
  const past = causeCounts(rows).filter(({ word }) => word === 'cured' || word === 'gone since');
  const open = 'What could not be learned, or must be looked at by you, stands first on the next screen.';
  if (past.length > 0)
    return `None of them stands any more: ${past.map(({ many, word }) => `${many} ${word}`).join(', ')}. ${open}`;
  return nextLookWords(state) ?? `None of them was found. ${open}`;
}

function someCauses(found: number): string {
  return found === 1 ? '1 of them was' : `${found} of them were`;
}

function outcome(state: AppState, look: Look): readonly Line[] {
  if (!state.session.probed) return [];
  const missing = state.session.missing;
  return [
    ...paragraph(counted(state), look.columns),
    ...(missing.length > 0
      ? paragraph(
          `Not complete: ${someOf(missing)} gave no answer. What was not answered counts as unknown, never as a pass.`,
          look.columns,
          'warn',
        )
      : []),
  ];
}
