import { canForce } from '../acts/confirm.ts';
import { blank, labelled, line, paragraph, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import { type Screen, textPage } from '../page.ts';
import { columnWidths, row, titles, widest } from '../table.ts';
import { isOfOpenControl, undoItems } from '../undo-items.ts';

/** What can be undone: all of it, by node, or one by one. Opening this list does nothing yet. */
export const undoScreen: Screen = (state, look) => {
  const items = undoItems(state);
  if (items.length === 0) {
    return textPage(
      [blank],
      paragraph('No change of this session stands, so there is nothing to undo.', look.columns),
    );
  }
  const chosen = highlighted(state);
  const focus = Math.max(
    0,
    items.findIndex((i) => i.id === chosen),
  );
  const sizes = items.map((i) => i.size);
  const widths = columnWidths([20, widest(sizes, 12), 11], 0, look);
  const blocker = items[focus]?.blocker;
  return {
    top: [
      line(span(' What is to be undone? The commands are shown first.', 'strong')),
      blank,
      ...titles(['what', 'how much', 'made'], widths, look),
    ],
    middle: {
      kind: 'list',
      count: items.length,
      focus,
      at: (i) => {
        const item = items[i];
        if (!item) return [];
        const tone = item.blocker ? 'dim' : 'plain';
        return row(
          [span(item.label, tone), span(item.size, 'dim'), span(item.age, 'dim')],
          widths,
          look,
          i === focus,
        );
      },
    },
    bottom: [
      blank,
      ...labelled('Undoes', `${items[focus]?.scope ?? ''}.`, look.columns, 3),
      ...(blocker ? labelled('Blocked', `${blocker}.`, look.columns, 2, 'warn') : []),
      ...(canForce(state) === true
        ? labelled(
            'Refused',
            'it changed since. F shows what undoing it by force would do.',
            look.columns,
            2,
            'warn',
          )
        : []),
      ...paragraph(
        `${isOfOpenControl(state, items[0]?.id ?? '') ? 'The changes of this control first, then the others, each' : 'Single changes first,'} the newest on top. Commands that leave nothing behind, like a snapshot, are not undone.`,
        look.columns,
        'dim',
      ),
    ],
  };
};
