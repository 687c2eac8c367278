import type { Actions } from '../store/actions.ts';
import type { AppState } from '../store/state.ts';
import { tooSoon } from './acts/confirm.ts';
import { planIfNeeded } from './acts/control.ts';
import { aimedPlaces, openControl, planAt } from './appliable.ts';
import { type Extent, type Press, say } from './binding.ts';
import { firstField } from './fields.ts';
import type { After, OnKeys } from './keydoor.ts';
import { type Key, keyId } from './keys.ts';
import { isChanging, type Location, locate, screenId } from './location.ts';
import { type LookOptions, lookOf, tooSmall } from './look.ts';
import { lookup, whyNotHere } from './lookup.ts';
import { extentOf } from './page.ts';
import { screens } from './screens/index.ts';
import { createSecretField } from './secret-field.ts';
import { typeKey } from './typing.ts';
import type { ScreenStore } from './use-app.ts';

/** How long a screen must stand, with no key pressed, before it takes one that could change a node. */
export const armMs = 300;
/** How long a screen that was asked for may take to come before the same key works again. */
const leaveMs = 1_000;

/** Overlays that can set something in motion; keys that come before they have stood are dropped. */
const guarded: ReadonlySet<Location> = new Set<Location>([
  ...(['confirm-apply', 'confirm-undo', 'confirm-restart', 'confirm-take-over'] as const),
  ...(['confirm-repair', 'asked', 'unfinished', 'preview'] as const),
]);

/** What the driver needs. */
export type DriverParts = {
  readonly store: ScreenStore;
  readonly actions: Actions;
  readonly now: () => number;
  readonly after: After;
  readonly options: LookOptions;
  readonly suspend: () => void;
  readonly redraw: () => void;
};

/** Takes every key there is, one after the other, each against the state as it stands at that moment. */
export type Driver = {
  /** The keys of one packet. */
  readonly take: OnKeys;
  /** A signal asks to stop: after the step under way, and at once when it comes again. */
  readonly stop: () => void;
  readonly close: () => void;
};

/** Starts to watch the store and to take keys. */
export function createDriver(parts: DriverParts): Driver {
  const { store, actions, now, after } = parts;
  const secret = createSecretField();
  let cancelArming: () => void = () => {};
  let stopping = false;

  const arm = (): void => {
    cancelArming();
    const id = store.getState().view.shown;
    cancelArming = after(armMs, () => {
      store.dispatchView({ kind: 'armed', id });
      planOpenControl(store.getState(), actions);
    });
  };

  /** When another screen stands, nothing that was typed for the last one counts any more. */
  const follow = (): void => {
    const state = store.getState();
    if (stopping && !isChanging(state)) {
      stopping = false;
      actions.quit('interrupted');
      return;
    }
    const id = screenId(state);
    if (id === state.view.shown) return;
    secret.clear();
    const field = firstField(state);
    store.dispatchView({ kind: 'shown', id, at: now(), ...(field ? { field } : {}) });
    arm();
  };

  const extent = (state: AppState): Extent => {
    const look = lookOf(state.view, parts.options);
    return extentOf(screens[locate(state)](state, look), look);
  };

  const press = (state: AppState, sure: boolean): Press => {
    return {
      state,
      actions,
      view: store.dispatchView,
      now: now(),
      secret,
      sure,
      extent: () => extent(state),
      suspend: parts.suspend,
      redraw: parts.redraw,
    };
  };

  const takeOne = (key: Key, alone: boolean): void => {
    const state = store.getState();
    const id = keyId(key);
    const at = locate(state);
    if (tooSmall(state.view) && id !== 'ctrl-c') return;
    if (guarded.has(at) && !state.view.armed && id !== 'ctrl-c') {
      arm();
      store.dispatchView({ kind: 'notice', text: tooSoon(state), tone: 'plain' });
      return;
    }
    store.dispatchView({ kind: 'notice-cleared' });
    const pressed = press(store.getState(), alone && state.view.armed && !tooSmall(state.view));
    if (typeKey(pressed, key)) return;
    if (key.kind === 'paste') {
      say(pressed, 'A paste does nothing here.');
      return;
    }
    const found = lookup(state, id);
    if (!found) {
      if (key.kind === 'char' && lookup(state, '?')) say(pressed, whyNotHere(state, id));
      return;
    }
    if (found.reason !== undefined) {
      say(pressed, `Not now: ${found.reason}.`);
      return;
    }
    const { leaves, act } = found.binding;
    if (leaves) {
      if (state.view.leavingAt !== undefined && now() - state.view.leavingAt < leaveMs) return;
      store.dispatchView({ kind: 'leaving', at: now() });
    }
    act(pressed);
  };

  const unsubscribe = store.subscribe(follow);
  follow();
  return {
    take: (keys, alone) => {
      for (const key of keys) takeOne(key, alone);
    },
    stop: () => {
      const state = store.getState();
      if (stopping || !isChanging(state)) {
        actions.quit('interrupted');
        return;
      }
      stopping = true;
      actions.stopAfterStep();
    },
    close: () => {
      cancelArming();
      unsubscribe();
      secret.clear();
    },
  };
}

/** A control that has stood for a moment shows what it would run; one that is only passed on the way asks no node. */
function planOpenControl(state: AppState, actions: Actions): void {
  if (locate(state) !== 'control' || state.session.readOnly || state.work.length > 0) return;
  // A refusal may be old: what was in the way can have been done on another control since.
  const stale = (p: string): boolean => [undefined, 'refused'].includes(planAt(state, p)?.kind);
  if (openControl(state) && aimedPlaces(state).some(stale)) {
    planIfNeeded({ state, actions });
  }
}
