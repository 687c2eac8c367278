import type { AppState } from '../../store/state.ts';
import { openControl } from '../appliable.ts';
import { blank, type Line, line, paragraph, span } from '../line.ts';
import type { Look } from '../look.ts';
import { type Screen, textPage } from '../page.ts';
import { previewWords } from './previewed.ts';

/** What the open control would refuse or keep from starting, to be read before it may be applied. */
export const preview: Screen = (state, look) =>
  textPage(
    [
      line(span(` ${openControl(state)?.title ?? ''}`, 'strong')),
      ...paragraph(previewWords[openControl(state)?.preview ?? 'pod-security'].about, look.columns),
      blank,
    ],
    body(state, look),
  );

function body(state: AppState, look: Look): readonly Line[] {
  const known = state.previews[state.view.control ?? ''];
  switch (known?.kind) {
    case undefined:
    case 'asking':
      return [line(span(' Asking the cluster, without changing anything ...', 'busy'))];
    case 'failed':
      return paragraph(`It could not be found out: ${known.reason}`, look.columns, 'warn');
    case 'ready':
      return known.lines.length === 0
        ? paragraph(previewWords[openControl(state)?.preview ?? 'pod-security'].none, look.columns, 'good')
        : known.lines.flatMap((l) => paragraph(l, look.columns));
  }
}
