import { openControl } from '../appliable.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { someOf } from '../words.ts';
import { fieldLine } from './ask.ts';

/** Why a control is left as it is. */
export const skipScreen: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const places = overlay?.kind === 'skip' ? overlay.places : [];
  return textPage(
    [line(span(` Skip “${openControl(state)?.title ?? ''}” on ${someOf(places)}`, 'strong')), blank],
    [
      ...paragraph('Nothing is sent to any node. Who reads the report will want to know why:', look.columns),
      blank,
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(
        'For example: accepted until the move in March, owner Platform. b brings it back.',
        look.columns,
        'dim',
      ),
    ],
  );
};
