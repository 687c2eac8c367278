import type { AppState } from '../store/state.ts';
import { type Field, field } from '../store/view-field.ts';
import { gravity } from './gravity.ts';
import { activeOverlay } from './location.ts';
import { writeNodeLines } from './node-lines.ts';

/** The field that the screen which stands now begins with; undefined when nothing is typed there. */
export function firstField(state: AppState): Field | undefined {
  const overlay = activeOverlay(state);
  switch (overlay?.kind) {
    case 'asked':
      if (!state.asked || state.asked.kind === 'host-key') return undefined;
      return field('', { secret: state.asked.kind !== 'prompt' || !state.asked.echo });
    case 'edit-nodes':
      return field(withNewLine(writeNodeLines(state.session.nodes)), { multiline: true });
    case 'edit-cluster':
      return field(state.session.cluster);
    case 'confirm-apply':
    case 'confirm-undo':
    case 'confirm-restart':
    case 'confirm-repair':
      return wordToType(state) === undefined ? undefined : field();
    case 'skip':
      return field(overlay.asks === 'expires' ? '' : overlay[overlay.asks]);
    case 'name-rancher':
      return field(state.session.rancher ?? '');
    case 'import-inventory':
    case 'upgrade-to':
    case 'log-line':
    case 'attest':
      return field();
    default:
      return undefined;
  }
}

/** The word that must be typed before this confirmation does anything, always the name of the cluster; undefined where `y` is enough. */
export function wordToType(state: AppState): string | undefined {
  return gravity(state) === undefined ? undefined : state.session.cluster || 'cluster';
}

function withNewLine(text: string): string {
  return text === '' ? '' : `${text}\n`;
}
