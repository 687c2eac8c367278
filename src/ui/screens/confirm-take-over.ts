import { blank, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { noOrYes } from './ask.ts';

/** Whether to take a node's lock from somebody else. */
export const confirmTakeOver: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const node = overlay?.kind === 'confirm-take-over' ? overlay.node : '';
  const failure = state.progress[node]?.failure;
  const holder = failure?.code === 'locked' ? failure.holder : 'Somebody else';
  return textPage(
    [line(span(` Take ${node} over?`, 'strong')), blank],
    [
      ...paragraph(
        `${holder} may be in the middle of a change there. Two people at once can undo each other.`,
        look.columns,
      ),
      ...paragraph('Ask them first. If their program died, taking over is right.', look.columns),
    ],
    [],
    noOrYes(state, look, 'No, leave it to them', 'Yes, take over'),
  );
};
