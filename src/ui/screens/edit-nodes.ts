import { blank, type Line, line, paragraph, span } from '../line.ts';
import { readNodeLines } from '../node-lines.ts';
import type { Screen } from '../page.ts';
import { padTo } from '../text.ts';
import { count } from '../words.ts';

/** The nodes as text, one a line, with the first bad line named while typing. */
export const editNodes: Screen = (state, look) => {
  const text = state.view.field?.text ?? '';
  const caret = state.view.field?.caret ?? 0;
  const lines = text.split('\n');
  const before = text.slice(0, caret).split('\n');
  const at = before.length - 1;
  const column = before[at]?.length ?? 0;
  const read = readNodeLines(state);
  const bad = read.ok ? 0 : read.line;
  const draw = (i: number): Line => {
    const of = lines[i] ?? '';
    const number = span(` ${padTo(String(i + 1), 3)} `, i + 1 === bad ? 'bad' : 'dim');
    if (i !== at) return line(number, of);
    const from = Math.max(0, column - (look.columns - 12));
    return line(number, span(of.slice(from, column)), span('|', 'cursor'), span(of.slice(column)));
  };
  return {
    top: [line(span(' The nodes, one a line: user@host:port role', 'strong')), blank],
    middle: { kind: 'list', count: lines.length, focus: at, at: draw },
    bottom: [
      blank,
      ...(read.ok
        ? paragraph(
            `${count(read.nodes.length, 'node')}. Enter on an empty last line saves; so does ctrl-s.`,
            look.columns,
            'dim',
          )
        : paragraph(read.sentence, look.columns, 'warn')),
      ...paragraph(
        'User, port and role may be left out; name=user@host gives a name. Paste is fine.',
        look.columns,
        'dim',
      ),
    ],
  };
};
