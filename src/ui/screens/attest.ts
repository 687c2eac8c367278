import { verdictOf } from '../../domain/session.ts';
import { attestHolds } from '../acts/control.ts';
import { openControl } from '../appliable.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { someOf } from '../words.ts';
import { fieldLine } from './ask.ts';

/** What the operator found by hand. */
export const attestScreen: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const places = overlay?.kind === 'attest' ? overlay.places : [];
  const of = openControl(state);
  const wanted = of ? verdictOf(state.session, of.id, places[0] ?? '') : undefined;
  const holds = attestHolds(state);
  return textPage(
    [line(span(` “${of?.title ?? ''}” on ${someOf(places)}: what did you find?`, 'strong')), blank],
    [
      ...paragraph(wanted?.reason ?? 'No program can judge this; you can.', look.columns),
      ...(wanted?.wanted ? paragraph(`Wanted: ${wanted.wanted}`, look.columns) : []),
      blank,
      line(
        span(' It '),
        span(holds ? 'holds' : 'does not hold', holds ? 'good' : 'bad'),
        span('   tab turns this', 'dim'),
      ),
      blank,
      ...paragraph('In your words, what you looked at and saw:', look.columns),
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(
        'It is recorded with your name and the time. Nothing is sent to any node.',
        look.columns,
        'dim',
      ),
    ],
  );
};
