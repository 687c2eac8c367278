import { isRepair } from '../domain/session.ts';
import type { AppState } from '../store/state.ts';
import type { Binding } from './binding.ts';
import { keymap } from './keymap.ts';
import { isChanging, type Location, locate } from './location.ts';

/** What a key means now: what it does, or why it does nothing. */
export type Found = { readonly binding: Binding; readonly reason?: string };

/** What the key means in this state; undefined when it means nothing. */
export function lookup(state: AppState, key: string): Found | undefined {
  const bindings = bindingsAt(state).filter((b) => b.keys.includes(key));
  const working = bindings.find((b) => whenOf(b, state) === true);
  if (working) return { binding: working };
  const [first] = bindings;
  const reason = first && whenOf(first, state);
  return first && typeof reason === 'string' ? { binding: first, reason } : undefined;
}

/** What is said of a key that means nothing here: where it works, for those that people try in the wrong of two places. */
export function whyNotHere(state: AppState, key: string): string {
  const at = locate(state);
  const label = keyLabel(key);
  const means = (where: Location): boolean => keymap.some((b) => isAt(b, where) && b.keys.includes(key));
  const what = isRepair(state.session) ? 'cause' : 'control';
  if (at === 'controls' && means('control'))
    return `${label} works in an opened ${what}. Open one first (enter).`;
  if (at === 'control' && means('controls'))
    return `${label} works on the list of ${what}s; esc goes back to it.`;
  if (key === 'y') return 'Nothing is asked here, so y does nothing; ? lists the keys.';
  return `${label} does nothing here; ? lists the keys.`;
}

/** The bindings of the place where the operator is, in the order of the table. */
export function bindingsAt(state: AppState): readonly Binding[] {
  const at = locate(state);
  if (at === 'running' && isChanging(state)) return keymap.filter((b) => b.keys.includes('ctrl-c'));
  return keymap.filter((b) => isAt(b, at));
}

/** Whether a binding belongs to a location. */
export function isAt(binding: Binding, at: Location): boolean {
  if (binding.where !== 'anywhere') return binding.where.includes(at);
  return at !== 'quit' || binding.keys.every((k) => k.startsWith('ctrl-'));
}

/** Whether a binding works now; if not, why. */
export function whenOf(binding: Binding, state: AppState): true | string {
  return binding.when?.(state) ?? true;
}

/** A key as it is written in footer and help. */
export function keyLabel(key: string): string {
  const labels: Readonly<Record<string, string>> = {
    up: 'up',
    down: 'down',
    escape: 'esc',
    pageup: 'PgUp',
    pagedown: 'PgDn',
  };
  return labels[key] ?? key;
}
