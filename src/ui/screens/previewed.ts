import type { Control } from '../../domain/control.ts';
import type { AppState } from '../../store/state.ts';
import { type Line, paragraph } from '../line.ts';
import type { Look } from '../look.ts';
import { count } from '../words.ts';

/** What a preview is called on the screens. */
export const previewWords: Readonly<
  Record<
    NonNullable<Control['preview']>,
    {
      /** At the head of the preview itself. */
      readonly about: string;
      /** The risk in a few words, before it was looked at. */
      readonly risk: string;
      /** Before a restart that puts it in force. */
      readonly restart: (title: string) => string;
      readonly none: string;
    }
  >
> = {
  'pod-security': {
    about: 'What would be refused once this is on. Read it to its end; then i records that you did.',
    risk: 'MAY REFUSE PODS at next start (w shows which).',
    restart: (title) =>
      `MAY REFUSE PODS: with these restarts “${title}” takes effect. Pods that run go on; these may be refused when they are next created:`,
    none: 'Nothing that runs now would be refused.',
  },
  images: {
    about:
      'Which images in use may not be pulled again. Once this is on, each start of a pod asks its registry. Read it to its end; then i records that you did.',
    risk: 'PODS MAY NOT START AGAIN where their image cannot be pulled (w shows which).',
    restart: (title) =>
      `PODS MAY NOT START AGAIN: with these restarts “${title}” takes effect, and each start of a pod asks its registry:`,
    none: 'No pod uses an image.',
  },
};

/** What was found out for a control, lately or when the operator read it; undefined while nothing was. */
export function previewRead(state: AppState, of: Control): readonly string[] | undefined {
  const known = state.previews[of.id];
  if (known?.kind === 'ready') return known.lines;
  if (known?.kind === 'failed') return [`not known: ${known.reason}`];
  return state.session.acknowledged[of.id]?.split('\n').filter((l) => l !== '');
}

/** The first of those lines, for a screen with a question of its own, and how many more there are. */
export function previewShort(state: AppState, of: Control, look: Look): readonly Line[] {
  const read = previewRead(state, of) ?? [];
  const more = read.length - mostLines;
  return [
    ...read.slice(0, mostLines).flatMap((l) => paragraph(l, look.columns, 'warn', 3)),
    ...paragraph(
      `${more > 0 ? `And ${count(more, 'line')} more. ` : ''}w on that control shows them all anew.`,
      look.columns,
      'dim',
      3,
    ),
  ];
}

/** So many lines of a preview leave room for the question. */
const mostLines = 4;
