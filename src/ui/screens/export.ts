import { blank, line, paragraph, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Screen } from '../page.ts';
import { row } from '../table.ts';

/** The record in a form to hand over. */
export const exportScreen: Screen = (state, look) => {
  const chosen = highlighted(state);
  const { written = [] } = state;
  const widths = [12, Math.max(10, look.columns - 20)];
  return {
    top: [blank, line(span(' In which form is the record to be written?', 'strong')), blank],
    middle: {
      kind: 'list',
      count: state.formats.length,
      focus: Math.max(
        0,
        state.formats.findIndex((f) => f.id === chosen),
      ),
      at: (i) => {
        const f = state.formats[i];
        return f ? row([span(f.title), span(f.about, 'dim')], widths, look, f.id === chosen) : [];
      },
    },
    bottom: [
      blank,
      ...paragraph(
        'The file is written to the folder you started in. Secrets that are known or have the name or the shape of one are masked in it; others may stand in it. Read it before you pass it on.',
        look.columns,
        'dim',
      ),
      ...(written.length > 0 ? paragraph(`Written: ${written.join(', ')}`, look.columns, 'good') : []),
      ...paragraph(`The record itself: ${state.journalPath || 'not begun'}`, look.columns, 'dim'),
      blank,
      ...paragraph(
        state.session.lab
          ? 'q ends the practice. Its cluster goes away with the program; the record stays, to read and to export.'
          : 'q ends the session. It can be read, exported and undone later.',
        look.columns,
      ),
    ],
  };
};
