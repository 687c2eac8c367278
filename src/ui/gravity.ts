import type { Control, Impact } from '../domain/control.ts';
import type { Step } from '../domain/step.ts';
import { reachOf } from '../domain/undo.ts';
import { type AppState, controlById } from '../store/state.ts';
import { planAt, readyPlaces } from './appliable.ts';
import { activeOverlay } from './location.ts';
import { watcherWords } from './watcher-words.ts';

/**
 * Why the question that stands wants the name of the cluster before anything is done; undefined where `y` is enough. The name is
 * for what may interrupt something from that moment on, has no way back, or reaches beyond the places in the question. What only
 * waits for a restart takes `y`: the restart itself wants the name.
 */
export function gravity(state: AppState): string | undefined {
  const overlay = activeOverlay(state);
  switch (overlay?.kind) {
    case 'confirm-apply': {
      const control = controlById(state, state.view.control ?? '');
      const ready = readyPlaces(state, overlay.places);
      if (ready?.length === 0) return undefined;
      const plans = (ready ?? []).map((place) => planAt(state, place));
      const made = plans.filter((plan) => plan?.kind === 'ready');
      const steps = made.flatMap(({ change }) => change.steps);
      return (control && ofControl(control)) ?? ofSteps(steps) ?? ofWatcher(state, made);
    }
    case 'confirm-undo': {
      if (overlay.force) return 'This overwrites what others changed';
      const changes = state.session.changes.filter((c) => overlay.changes.includes(c.change.id));
      if (changes.some((c) => reachOf(c.change).length > 0)) return 'This reaches the whole cluster';
      const impacts = changes.flatMap((c) => controlById(state, c.change.control)?.impact ?? []);
      return (
        impacts.map((impact) => ofImpact[impact]).find((why) => why !== undefined) ??
        ofWatcher(state, changes)
      );
    }
    case 'confirm-restart':
      return overlay.nodes.includes('workstation')
        ? 'This makes the whole cluster anew'
        : 'This restarts services now';
    case 'confirm-repair':
      return 'This stops and restarts a service now';
    default:
      return undefined;
  }
}

/** What a change risks from the moment on which it is made. */
const ofImpact: Readonly<Record<Impact, string | undefined>> = {
  none: undefined,
  'service-restart': undefined,
  reboot: undefined,
  traffic: 'This may cut traffic at once',
  'pod-start': 'This may keep pods from starting',
  'pod-eviction': 'This may evict or refuse pods',
  irreversible: 'This cannot be undone',
};

function ofControl({ impact, guarded }: Control): string | undefined {
  return ofImpact[impact] ?? (guarded ? 'This is for the whole cluster' : undefined);
}

/** A folder that is moved away was in use; what is vouched for, nothing else shows. */
function ofSteps(steps: readonly Step[]): string | undefined {
  if (steps.some((s) => s.kind === 'run' && s.vouch !== undefined)) return 'You answer for this yourself';
  return steps.some((s) => s.kind === 'move-folder') ? 'This ends what runs there' : undefined;
}

/** Somebody else restarts the component by itself, so that nothing waits for a restart of ours. */
function ofWatcher(state: AppState, changes: Parameters<typeof watcherWords>[1]): string | undefined {
  return watcherWords(state, changes) === '' ? undefined : 'A service may restart by itself soon';
}
