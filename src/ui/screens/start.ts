import { blank, line, paragraph, span } from '../line.ts';
import { highlighted } from '../lists.ts';
import type { Look } from '../look.ts';
import { type MenuItem, startMenu, unsettledChanges } from '../menu.ts';
import type { Page, Screen } from '../page.ts';
import { count } from '../words.ts';

/** The first screen. */
export const start: Screen = (state, look) => {
  const waiting = unsettledChanges(state);
  const page = menuPage(
    'Harden Kubernetes nodes over SSH, step by step.',
    startMenu(state),
    highlighted(state),
    look,
    ['Every command is shown before it runs, every change can be taken back, and everything is recorded.'],
  );
  if (waiting === 0) return page;
  const words = `${count(waiting, 'change has', 'changes have')} no known end and should be looked at.`;
  return { ...page, top: [...page.top, ...paragraph(words, look.columns, 'warn'), blank] };
};

/** A question, a menu, and what is to be said of the highlighted line. */
export function menuPage(
  question: string,
  items: readonly MenuItem[],
  chosen: string | undefined,
  look: Look,
  closing: readonly string[] = [],
): Page {
  const focus = Math.max(
    0,
    items.findIndex((i) => i.id === chosen),
  );
  const about = items[focus]?.about ?? '';
  return {
    top: [blank, line(span(` ${question}`, 'strong')), blank],
    middle: { kind: 'menu', items, focus },
    bottom: [
      blank,
      ...(about ? paragraph(about, look.columns) : []),
      ...closing.flatMap((text) => [blank, ...paragraph(text, look.columns, 'dim')]),
    ],
  };
}
