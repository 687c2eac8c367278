import type { WizardStep } from '../domain/event.ts';
import { findingKey, isRepair, unfinished } from '../domain/session.ts';
import { cureOf } from '../store/cure.ts';
import type { AppState } from '../store/state.ts';
import type { Overlay, OverlayKind } from '../store/view.ts';

/**
 * Where a key can be pressed: a step (`controls` is the overview, `symptom` what stands for the benchmark in a repair), the open
 * control, the filter line, or an overlay.
 */
export type Location = WizardStep | 'symptom' | 'control' | 'filter' | OverlayKind;

/** Whether a node is being changed now. */
export function isChanging(state: AppState): boolean {
  return state.work.some((w) => w.changing);
}

/**
 * What lies over the screen now. A question of a connection, a change under way and a change without a known end come by
 * themselves; the operator's own overlays wait beneath them.
 */
export function activeOverlay(state: AppState): Overlay | undefined {
  const { view } = state;
  const own = [...view.beneath, ...(view.overlay ? [view.overlay] : [])].findLast(
    (o) => o.kind !== 'asked' && !(o.kind === 'unfinished' && pending(state).length === 0),
  );
  if (own?.kind === 'quit' || own?.kind === 'help') return own;
  if (state.asked) return { kind: 'asked' };
  if (isChanging(state)) return { kind: 'running' };
  if (own) return own;
  return pending(state).some((id) => !view.putOff.includes(id)) ? { kind: 'unfinished' } : undefined;
}

/** Where the operator is. */
export function locate(state: AppState): Location {
  return activeOverlay(state)?.kind ?? groundOf(state);
}

/** Where the operator is beneath every overlay. */
export function groundOf(state: AppState): Location {
  const { step } = state.session;
  if (step === 'benchmark' && isRepair(state.session)) return 'symptom';
  if (step !== 'controls') return step;
  if (state.view.control !== undefined) return 'control';
  return state.view.filtering === undefined ? 'controls' : 'filter';
}

/** A name for exactly what stands on the screen: when it changes, keys meant for the last one no longer count. */
export function screenId(state: AppState): string {
  const overlay = activeOverlay(state);
  const ground = `${state.session.step}/${state.view.control ?? ''}`;
  if (!overlay) return ground;
  if (overlay.kind === 'asked') return `asked ${JSON.stringify(state.asked)}`;
  return `${ground} ${JSON.stringify(overlay)} ${contentId(state, overlay)}`;
}

/** What a confirmation is about; when it arrives or changes under the operator's eyes, the screen counts as new. */
function contentId(state: AppState, overlay: Overlay): string {
  switch (overlay.kind) {
    case 'confirm-apply':
      return overlay.places
        .map((place) => state.plans[findingKey(state.view.control ?? '', place)])
        .map((plan) => (plan?.kind === 'ready' ? plan.change.id : (plan?.kind ?? 'none')))
        .join(' ');
    case 'confirm-repair': {
      const cure = cureOf(state, overlay.node);
      const plan = cure && state.plans[findingKey(cure.id, overlay.node)];
      return plan?.kind === 'ready' ? plan.change.id : (plan?.kind ?? 'none');
    }
    case 'unfinished':
      return pending(state).join(' ');
    case 'preview':
      return state.previews[state.view.control ?? '']?.kind ?? 'none';
    default:
      return '';
  }
}

function pending(state: AppState): readonly string[] {
  return unfinished(state.session).map((c) => c.change.id);
}
