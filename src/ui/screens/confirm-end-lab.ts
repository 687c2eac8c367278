import type { AppState } from '../../store/state.ts';
import { blank, paragraph } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { noOrYes } from './ask.ts';

/** Whether to end the practice cluster for what was chosen on the first screen, or for another distribution. */
export const confirmEndLab: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const next =
    overlay?.kind === 'confirm-end-lab' && 'distribution' in overlay
      ? `What comes next is the practice cluster of ${titleOf(state, overlay.distribution)} as it comes.`
      : overlay?.kind === 'confirm-end-lab' && overlay.choice === 'lab'
        ? 'What comes next is a practice cluster as it comes, without what you did to this one.'
        : 'What comes next is about real nodes, not about the lab. Nothing on them changes before you have seen it and said yes.';
  return textPage(
    [...paragraph('End the practice cluster?', look.columns, 'strong'), blank],
    [
      ...paragraph(
        'This is practice, and its cluster goes away: nothing of it can be resumed or undone afterwards. Only its record stays.',
        look.columns,
      ),
      ...paragraph(next, look.columns, 'warn'),
    ],
    [],
    noOrYes(state, look, 'No, keep this cluster', 'Yes, end it'),
  );
};

function titleOf({ profiles }: AppState, id: string): string {
  return profiles.find((p) => p.distribution.id === id)?.distribution.title ?? id;
}
