import { type AppState, controlById } from '../store/state.ts';
import { type Field, field } from '../store/view-field.ts';
import { readyPlaces } from './appliable.ts';
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

/** The word that must be typed before this confirmation does anything; undefined where `y` is enough. */
export function wordToType(state: AppState): string | undefined {
  const overlay = activeOverlay(state);
  switch (overlay?.kind) {
    case 'confirm-apply': {
      const control = controlById(state, state.view.control ?? '');
      const grave =
        control !== undefined &&
        (control.impact === 'service-restart' ||
          control.impact === 'irreversible' ||
          control.impact === 'reboot' ||
          control.guarded !== undefined);
      return grave ? nameFor(state, readyPlaces(state, overlay.places) ?? overlay.places) : undefined;
    }
    case 'confirm-undo': {
      if (!overlay.force) return undefined;
      const nodes = state.session.changes
        .filter((c) => overlay.changes.includes(c.change.id))
        .map((c) => c.change.node);
      return nameFor(state, [...new Set(nodes)]);
    }
    case 'confirm-repair':
      return overlay.node;
    case 'confirm-restart':
      return state.session.cluster || nameFor(state, overlay.nodes);
    default:
      return undefined;
  }
}

/** One place is named by itself, several by their cluster. */
function nameFor(state: AppState, places: readonly string[]): string {
  const [first] = places;
  const named = state.session.cluster || 'cluster';
  return places.length === 1 && first !== undefined && first !== 'cluster' ? first : named;
}

function withNewLine(text: string): string {
  return text === '' ? '' : `${text}\n`;
}
