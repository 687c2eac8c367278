import { Box } from 'ink';
import type { ReactNode } from 'react';
import type { AppState } from '../../store/state.ts';
import { footer } from '../footer.ts';
import { header } from '../header.ts';
import { blank, type Line, line, span } from '../line.ts';
import { locate } from '../location.ts';
import { type Look, noticeLines, smallest, tooSmall } from '../look.ts';
import { drawnLines, fitted, menuWindow, type Page } from '../page.ts';
import { screens } from '../screens/index.ts';
import { sign, spinner } from '../theme.ts';
import { Choice } from './Choice.tsx';
import { Lines } from './Lines.tsx';

/** The whole screen: header, page, notice, footer; one line less than the terminal has, at any size. */
export function Frame({
  state,
  look,
  mark,
}: {
  readonly state: AppState;
  readonly look: Look;
  readonly mark: string;
}): ReactNode {
  if (tooSmall(state.view)) return <Lines look={look} lines={tooSmallLines(look)} />;
  const at = locate(state);
  const page = screens[at](state, look);
  const lines = drawnLines(page, look, state.view.scroll[at] ?? 0);
  const above: readonly Line[] = [header(state, look), ...(look.plain ? [] : [rule(look)])];
  const below: readonly Line[] = [...notice(state, look), footer(state, look, mark)];
  if (page.middle.kind === 'menu') {
    return <MenuFrame page={page} look={look} above={above} below={below} />;
  }
  const body = look.plain ? lines.filter((l) => l.length > 0) : padded(lines, look.height);
  return <Lines look={look} lines={[...above, ...body, ...below]} />;
}

function MenuFrame({
  page,
  look,
  above,
  below,
}: {
  readonly page: Page;
  readonly look: Look;
  readonly above: readonly Line[];
  readonly below: readonly Line[];
}): ReactNode {
  const { items, focus, note } = menuWindow(page, look);
  const room = Math.max(0, look.height - page.top.length - items.length);
  const notes = note ? [note] : [];
  const bottom = look.plain
    ? [...notes, ...page.bottom].filter((l) => l.length > 0)
    : padded([...notes, ...fitted(page.bottom, room - notes.length, look.columns)], room);
  return (
    <Box flexDirection="column">
      <Lines look={look} lines={[...above, ...page.top.filter((l) => !look.plain || l.length > 0)]} />
      <Choice items={items} focus={focus} look={look} />
      <Lines look={look} lines={[...bottom, ...below]} />
    </Box>
  );
}

function padded(lines: readonly Line[], height: number): readonly Line[] {
  return lines.length >= height
    ? lines.slice(0, height)
    : [...lines, ...Array.from({ length: height - lines.length }, () => blank)];
}

function rule(look: Look): Line {
  return line(span(sign('rule', look).repeat(look.columns), 'dim'));
}

/** What was last said to the operator; while work is under way and nothing was said, the work. */
function notice(state: AppState, look: Look): readonly Line[] {
  const said = noticeLines(state.view);
  const tone = state.view.notice?.tone ?? 'plain';
  if (said.length > 0) return said.map((text) => line(span(` ${text}`, tone)));
  // The screen of a change says itself how far it is.
  const work = locate(state) === 'running' ? undefined : state.work[0];
  if (!work) return look.plain ? [] : [blank];
  const seconds = Math.floor((state.now - work.since) / 1000);
  const part = work.of > 0 ? ` ${work.done} of ${work.of}` : '';
  const time = seconds >= 2 ? `, ${seconds} s` : '';
  return [line(span(` ${spinner(state.now, look)} ${work.label}${part}${time}`, 'busy'))];
}

function tooSmallLines(look: Look): readonly Line[] {
  const { columns, rows } = smallest;
  return [
    line(`Terminal is ${look.columns}x${look.rows}; this needs ${columns}x${rows}`),
    line('Nothing is lost, and what runs goes on.'),
  ].slice(0, Math.max(1, look.rows - 1));
}
