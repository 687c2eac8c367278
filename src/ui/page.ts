import type { AppState } from '../store/state.ts';
import type { Extent } from './binding.ts';
import { cutLine, type Line, line, lineWidth, span } from './line.ts';
import type { Look } from './look.ts';
import type { MenuItem } from './menu.ts';

/** What fills the middle of a page: a long text, a list drawn as a window around its highlight, or a first menu. */
export type Middle =
  | { readonly kind: 'text'; readonly lines: readonly Line[] }
  | {
      readonly kind: 'list';
      readonly count: number;
      readonly focus: number;
      readonly at: (index: number) => Line;
    }
  | { readonly kind: 'menu'; readonly items: readonly MenuItem[]; readonly focus: number };

/** What a screen or overlay shows: fixed lines above and below, and a middle that may be longer than the terminal. */
export type Page = {
  readonly top: readonly Line[];
  readonly middle: Middle;
  readonly bottom: readonly Line[];
  /** Below everything else, and never cut: what is asked, and the line in which it is answered. */
  readonly question?: readonly Line[];
};

/** A screen: what stands in the store, drawn for a size. Pure; no screen has state, effects or keys of its own. */
export type Screen = (state: AppState, look: Look) => Page;

/** A page that is only text. */
export function textPage(
  top: readonly Line[],
  lines: readonly Line[],
  bottom: readonly Line[] = [],
  question: readonly Line[] = [],
): Page {
  return { top, middle: { kind: 'text', lines }, bottom, question };
}

/** The lines of a page that fit, and nothing more. A middle that does not fit shows which part of it is seen. */
export function drawnLines(page: Page, look: Look, scroll: number): readonly Line[] {
  const { middle } = page;
  const { height, lines: count } = extentOf(page, look);
  const bottom = bottomOf(page, look);
  const top = page.top.slice(0, Math.max(0, look.height - bottom.length - 1));
  if (middle.kind === 'menu') return [...top, ...bottom];
  const from =
    middle.kind === 'list' ? windowStart(middle.focus, height, count) : lastStart(scroll, height, count);
  const to = Math.min(count, from + height);
  const shown: Line[] = [];
  for (let i = from; i < to; i++) shown.push(middle.kind === 'list' ? middle.at(i) : (middle.lines[i] ?? []));
  if (count > height) shown.push(line(span(` ${positionWords(middle, from, to, count)}`, 'dim')));
  return [...top, ...shown, ...bottom];
}

/** A menu of so many lines is short. */
const shortMenu = 6;

/** The lines of text below a menu that stay when its items do not all fit. */
const mostBelow = 9;

/** So many of its items are seen before more of that text is. */
const leastItems = 4;

/** The items of a menu that are drawn, around the highlighted one, and which of all that one is where not all are. */
export function menuWindow(
  page: Page,
  look: Look,
): { readonly items: readonly MenuItem[]; readonly focus: number; readonly note?: Line } {
  const { middle } = page;
  if (middle.kind !== 'menu') return { items: [], focus: 0 };
  const { items, focus } = middle;
  const room = look.height - page.top.length;
  const below = Math.min(page.bottom.length, Math.max(mostBelow, room - leastItems - 1));
  // A short menu is seen whole before anything that is said below it.
  if (items.length <= Math.min(room, shortMenu)) return { items, focus };
  if (items.length <= room - below) return { items, focus };
  const height = Math.max(1, room - below - 1);
  const from = windowStart(focus, height, items.length);
  return {
    items: items.slice(from, from + height),
    focus: focus - from,
    note: line(span(`   ${focus + 1} of ${items.length}`, 'dim')),
  };
}

/** Lines as far as there is room: blanks give way first, then the last lines; what is left out is marked by dots. */
export function fitted(lines: readonly Line[], room: number, columns: number): readonly Line[] {
  if (lines.length <= room) return lines;
  const close = lines.filter((l) => l.length > 0);
  if (close.length <= room) return close;
  const kept = close.slice(0, Math.max(0, room));
  const last = kept.pop();
  if (!last) return [];
  const short = columns - 4;
  return [...kept, lineWidth(last) > short ? cutLine(last, short) : [...last, span(' ..', 'dim')]];
}

/** How long the middle of a page is, and how many lines of it are seen. */
export function extentOf(page: Page, look: Look): Extent {
  const { middle } = page;
  const lines =
    middle.kind === 'list'
      ? middle.count
      : middle.kind === 'text'
        ? middle.lines.length
        : middle.items.length;
  const room = Math.max(2, look.height - page.top.length - bottomOf(page, look).length);
  return { lines, height: lines > room ? room - 1 : room };
}

/** Where the window of a list begins so that the highlight is in it, with as much around it as there is. */
export function windowStart(focus: number, height: number, count: number): number {
  return Math.max(0, Math.min(focus - Math.floor(height / 2), count - height));
}

function lastStart(scroll: number, height: number, count: number): number {
  return Math.max(0, Math.min(scroll, count - height));
}

/** The lines below give way before the middle is less than three lines. */
function bottomOf(page: Page, look: Look): readonly Line[] {
  const { top, bottom, question = [] } = page;
  return [...fitted(bottom, look.height - top.length - question.length - 3, look.columns), ...question];
}

function positionWords(middle: Middle, from: number, to: number, count: number): string {
  return middle.kind === 'list'
    ? `${middle.focus + 1} of ${count}`
    : `lines ${from + 1}-${to} of ${count}${to < count ? ', PgDn shows more' : ''}`;
}
