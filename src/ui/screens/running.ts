import { type AppState, restartsInOrder } from '../../store/state.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import { isChanging } from '../location.ts';
import type { Look } from '../look.ts';
import { extentOf, type Page, type Screen, textPage } from '../page.ts';
import { spinner } from '../theme.ts';
import { restartCure } from '../when.ts';
import { someOf } from '../words.ts';

/** What a change, undo or restart says while it runs; the newest lines are always in view. */
export const running: Screen = (state, look) => {
  const work = state.work.find((w) => w.changing);
  const lines =
    state.output.length > 0
      ? state.output.flatMap((l) => outputLine(l, look))
      : [line(span(' No output yet.', 'dim'))];
  const page = textPage(
    [
      work
        ? line(
            span(` ${spinner(state.now, look)} `, 'busy'),
            span(work.label, 'strong'),
            span(work.of > 0 ? `, ${work.done + 1} of ${work.of}` : ''),
            span(elapsed(state.now - work.since), 'dim'),
          )
        : line(span(state.untouched ? ' Nothing was changed.' : ' It has ended.', 'strong')),
      blank,
    ],
    lines,
    work
      ? [
          blank,
          ...paragraph(
            state.stopping
              ? 'Stopping: the step under way is finished, then nothing more is done.'
              : 'Please wait. ctrl-c stops after the step under way; no other key does anything.',
            look.columns,
            state.stopping ? 'warn' : 'dim',
          ),
        ]
      : [blank, ...nextLines(state, look), ...paragraph('Enter or esc goes back.', look.columns, 'dim')],
  );
  return isChanging(state) ? tail(page, look) : page;
};

/** In a repair, the restart that the cure waits for. */
function nextLines(state: AppState, look: Look): readonly Line[] {
  if (restartCure(state) !== true) return [];
  const due = someOf(restartsInOrder(state));
  return paragraph(`A restart is due: ${due}. R shows what restarts, then asks.`, look.columns, 'warn');
}

function outputLine(text: string, look: Look): readonly Line[] {
  return paragraph(text, look.columns, 'plain', 3);
}

function elapsed(ms: number): string {
  return ms >= 2_000 ? `  ${Math.floor(ms / 1000)} s` : '';
}

function tail(page: Page, look: Look): Page {
  if (page.middle.kind !== 'text') return page;
  const { lines, height } = extentOf(page, look);
  return lines <= height
    ? page
    : { ...page, middle: { kind: 'text', lines: page.middle.lines.slice(-height) } };
}
