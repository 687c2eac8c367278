import { lookForYourself, pointedAt, type Trouble } from '../domain/trouble.ts';
import { type AppState, chosen } from '../store/state.ts';
import type { MenuItem } from './menu.ts';

/** The line of the menu that takes a line of a log instead. */
export const logLineItem = 'log-line';

/** What may be seen of a broken cluster, then the two ways for whoever recognises none of it. */
export function symptomMenu(state: AppState): readonly MenuItem[] {
  const troubles = troublesOf(state);
  const known = troubles.filter(({ id }) => id !== lookForYourself);
  const all = troubles.find(({ id }) => id === lookForYourself);
  return [
    ...known.map(itemOf),
    ...(known.some(({ items }) => items.some(({ lesson }) => lesson.signs))
      ? [
          {
            id: logLineItem,
            label: 'Paste a line of a log or of a scanner',
            about:
              'Many causes leave a line of their own in a log, or in the report of a scanner. Paste one, and the check that it points at comes first.',
          },
        ]
      : []),
    ...(all ? [itemOf(all)] : []),
  ];
}

/** The check that a line of a log points at, in the distribution of the session. */
export function pointedBy(state: AppState, line: string): ReturnType<typeof pointedAt> {
  return pointedAt(troublesOf(state), line);
}

function troublesOf(state: AppState): readonly Trouble[] {
  return chosen(state).profile?.troubles ?? [];
}

function itemOf({ id, title, symptom }: Trouble): MenuItem {
  return { id, label: title, about: symptom };
}
