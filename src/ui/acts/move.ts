import { isRepair } from '../../domain/session.ts';
import type { Press } from '../binding.ts';
import { boardList, boardRows, onlyOpenList, shownRows } from '../board.ts';
import { highlightedIn, listOf } from '../lists.ts';
import { locate } from '../location.ts';
import { isToDo } from '../standing.ts';

/** Moves the highlight of the list, or scrolls the text where there is no list; it stops at both ends. */
export function moveBy(by: number | 'page' | '-page'): (press: Press) => void {
  return (press) => {
    const page = Math.max(1, press.extent().height - 1);
    const step = by === 'page' ? page : by === '-page' ? -page : by;
    const list = listOf(press.state);
    if (!list) {
      scrollTo(press, scrolled(press) + step);
      return;
    }
    const at = list.ids.indexOf(highlightedIn(press.state, list) ?? '');
    highlight(press, list.id, list.ids[Math.min(list.ids.length - 1, Math.max(0, at + step))]);
  };
}

/** To the first item or line. */
export function moveHome(press: Press): void {
  const list = listOf(press.state);
  if (list) highlight(press, list.id, list.ids[0]);
  else scrollTo(press, 0);
}

/** To the last item or line. */
export function moveEnd(press: Press): void {
  const list = listOf(press.state);
  if (list) highlight(press, list.id, list.ids.at(-1));
  else scrollTo(press, press.extent().lines);
}

/** To the next control that is open, or the one before; it stops at the ends. */
export function jumpOpen(by: 1 | -1): (press: Press) => void {
  return (press) => {
    const rows = shownRows(press.state);
    const ids = rows.map((r) => r.control.id);
    const at = ids.indexOf(highlightedIn(press.state, { id: boardList, ids }) ?? '');
    for (let i = at + by; i >= 0 && i < rows.length; i += by) {
      const row = rows[i];
      if (row && isToDo(row.status)) {
        highlight(press, boardList, row.control.id);
        return;
      }
    }
    press.view({
      kind: 'notice',
      text: `No open control ${by > 0 ? 'after' : 'before'} this one.`,
      tone: 'plain',
    });
  };
}

/** Shows only the open controls, or all again. */
export function toggleOnlyOpen(press: Press): void {
  const on = (press.state.view.picked[onlyOpenList] ?? []).length > 0;
  press.view({ kind: 'picked', list: onlyOpenList, ids: on ? [] : ['open'] });
}

/** Opens the control after this one, or before it. */
export function openNeighbour(by: 1 | -1): (press: Press) => void {
  return (press) => {
    const { control } = press.state.view;
    const shown = shownRows(press.state);
    const rows = shown.some((r) => r.control.id === control) ? shown : boardRows(press.state);
    const at = rows.findIndex((r) => r.control.id === control);
    const next = rows[at + by];
    if (!next) {
      press.view({
        kind: 'notice',
        text: `This is the ${by > 0 ? 'last' : 'first'} control.`,
        tone: 'plain',
      });
      return;
    }
    openControl(press, next.control.id);
  };
}

/** Opens a control and keeps it highlighted on the overview. */
export function openControl(press: Press, id: string): void {
  highlight(press, boardList, id);
  // Who looks for a cause wants the node that has it.
  if (isRepair(press.state.session)) highlight(press, 'places', worstPlace(press, id));
  press.view({ kind: 'control-opened', control: id });
}

function worstPlace({ state }: Press, id: string): string | undefined {
  const row = boardRows(state).find((r) => r.control.id === id);
  return row?.places[row.statuses.indexOf(row.status)];
}

/** Highlights an item; nothing happens when there is none. */
export function highlight(press: Press, list: string, id: string | undefined): void {
  if (id !== undefined) press.view({ kind: 'highlighted', list, id });
}

/** How far the text of the current screen is scrolled. */
export function scrolled(press: Press): number {
  return Math.min(press.state.view.scroll[locate(press.state)] ?? 0, lastTop(press));
}

function scrollTo(press: Press, to: number): void {
  press.view({ kind: 'scrolled', id: locate(press.state), to: Math.min(Math.max(0, to), lastTop(press)) });
}

function lastTop(press: Press): number {
  const { lines, height } = press.extent();
  return Math.max(0, lines - height);
}
