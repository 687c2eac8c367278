import type { Overlay } from '../../store/view.ts';
import { openControl } from '../appliable.ts';
import { nameOf } from '../cause-name.ts';
import { blank, line, paragraph, span } from '../line.ts';
import { activeOverlay } from '../location.ts';
import { type Screen, textPage } from '../page.ts';
import { someOf } from '../words.ts';
import { fieldLine } from './ask.ts';

type Asks = Extract<Overlay, { readonly kind: 'skip' }>['asks'];

/** What each line asks for, and an example of it. */
const words: Readonly<Record<Asks, readonly [asks: string, example: string]>> = {
  reason: [
    'Line 1 of 3. Why? Nothing is sent to any node; who reads the report will want to know.',
    'For example: accepted until the move in March. b brings it back.',
  ],
  owner: [
    'Line 2 of 3. Who answers for it? With an owner it is a waiver: it is kept in the file of waivers, and later sessions and check count it as waived, as long as the same is found.',
    'For example: Platform. With nothing it is skipped in this session only.',
  ],
  expires: [
    'Line 3 of 3. Until which day? After that it counts as open again.',
    'For example: 2027-03-31, the last day on which it holds. With nothing it has no end.',
  ],
};

/** Who answers for it, where there is no file in which a waiver would be kept. */
const practised: readonly [asks: string, example: string] = [
  'Line 2 of 3. Who answers for it? With an owner it is a waiver. On real nodes it would be kept for later sessions and check; this is practice, and it ends with this session.',
  'For example: Platform. With nothing it is skipped, and not waived.',
];

/** Why a control is left as it is, who answers for that, and until when. */
export const skipScreen: Screen = (state, look) => {
  const overlay = activeOverlay(state);
  const { places, asks, reason, owner } =
    overlay?.kind === 'skip' ? overlay : { places: [], asks: 'reason' as const, reason: '', owner: '' };
  const said =
    asks === 'reason' ? [] : [`Why: ${reason}`, ...(asks === 'expires' ? [`Owner: ${owner}`] : [])];
  const [ask, example] = asks === 'owner' && state.waiversEnd ? practised : words[asks];
  const of = openControl(state);
  return textPage(
    [line(span(` Skip “${of ? nameOf(state, of) : ''}” on ${someOf(places)}`, 'strong')), blank],
    [
      ...said.flatMap((text) => paragraph(text, look.columns, 'dim')),
      ...paragraph(ask, look.columns),
      blank,
      fieldLine(state.view.field, look),
      blank,
      ...paragraph(example, look.columns, 'dim'),
    ],
  );
};
