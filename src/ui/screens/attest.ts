import { findingKey, isRepair, verdictOf } from '../../domain/session.ts';
import type { AppState } from '../../store/state.ts';
import { type Stated, statedAs } from '../acts/control.ts';
import { openControl } from '../appliable.ts';
import { blank, type Line, labelled, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { sign } from '../theme.ts';
import { someOf } from '../words.ts';
import { fieldLine } from './ask.ts';

/** What the operator found by hand. Nothing is chosen until they choose it. */
export const attestScreen: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const places = overlay?.kind === 'attest' ? overlay.places : [];
  const of = openControl(state);
  const wanted = of ? verdictOf(state.session, of.id, places[0] ?? '') : undefined;
  const as = statedAs(state);
  const words = isRepair(state.session) ? causeWords : controlWords;
  return textPage(
    [
      ...paragraph(`“${of?.title ?? ''}” on ${someOf(places)}: what did you find?`, look.columns, 'strong'),
      blank,
    ],
    [
      ...paragraph(
        wanted?.wanted ? `The question: ${wanted.wanted}` : 'No program can judge this; you can.',
        look.columns,
      ),
      ...before(state, of?.id ?? '', places, look),
      blank,
      choice('holds', words.holds, 'up', as, look),
      choice('does not hold', words.not, 'down', as, look),
      blank,
      ...paragraph('In your words, what you looked at and saw:', look.columns),
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(
        'It is recorded with your name and the time. Nothing is sent to any node. m states it anew later; both stay on record, the last one counts.',
        look.columns,
        'dim',
      ),
    ],
  );
};

const controlWords = { holds: 'It holds', not: 'It does not hold' };
const causeWords = {
  holds: 'It is so: this is not the cause',
  not: 'It is not so: this may be the cause',
};

function choice(of: Stated, words: string, key: string, as: Stated | undefined, look: Look): Line {
  const chosen = as === of;
  const mark = look.plain
    ? chosen
      ? 'selected: '
      : ''
    : chosen
      ? ` ${sign('cursor', look)} [x] `
      : '   [ ] ';
  const tone = !chosen ? 'plain' : of === 'holds' ? 'good' : 'bad';
  return line(span(mark, 'cursor'), span(words, tone), span(`   ${key}`, 'dim'));
}

/** What was stated before, where it was. */
function before(state: AppState, control: string, places: readonly string[], look: Look): readonly Line[] {
  const said = places.flatMap((place) => {
    const old = state.session.attestations[findingKey(control, place)];
    return old ? [`${place}: ${old.pass ? 'it holds' : 'it does not hold'}, “${old.statement}”.`] : [];
  });
  return said.length === 0 ? [] : labelled('Before', said.join(' '), look.columns, 3, 'warn');
}
