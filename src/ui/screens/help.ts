import type { AppState } from '../../store/state.ts';
import { keymap } from '../keymap.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import { type Location, locate } from '../location.ts';
import type { Look } from '../look.ts';
import { isAt, keyLabel, whenOf } from '../lookup.ts';
import { type Screen, textPage } from '../page.ts';
import { padTo } from '../text.ts';

/** Every key that works where the operator came from, each once. */
export const help: Screen = (state, look) => {
  const under = beneathHelp(state);
  const at = locate(under);
  return textPage([line(span(' The keys here', 'strong')), blank], keyLines(under, at, look));
};

function keyLines(state: AppState, at: Location, look: Look): readonly Line[] {
  const working = keymap.filter((b) => isAt(b, at) && !b.unlisted && whenOf(b, state) === true);
  const rows = working.map((b) => {
    const keys = padTo(b.keys.map(keyLabel).join(' '), 16);
    return line(span(` ${keys} `, 'cursor'), span(b.about), ...(look.plain ? ['.'] : []));
  });
  return [
    ...rows,
    blank,
    ...paragraph(
      'A key of this screen that is not listed because it does not work now says why when it is pressed.',
      look.columns,
      'dim',
    ),
  ];
}

function beneathHelp(state: AppState): AppState {
  const { overlay: _, ...view } = state.view;
  const under = view.beneath.at(-1);
  return { ...state, view: under ? { ...view, overlay: under, beneath: view.beneath.slice(0, -1) } : view };
}
