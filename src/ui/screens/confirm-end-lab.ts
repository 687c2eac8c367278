import { blank, paragraph } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { noOrYes } from './ask.ts';

/** Whether to end the practice cluster for what was chosen on the first screen. */
export const confirmEndLab: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const choice = overlay?.kind === 'confirm-end-lab' ? overlay.choice : '';
  const next =
    choice === 'lab'
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
    noOrYes(state, look, 'No, stay in the lab', 'Yes, end it'),
  );
};
