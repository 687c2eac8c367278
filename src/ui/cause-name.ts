import type { Control } from '../domain/control.ts';
import { isRepair } from '../domain/session.ts';
import { faultOf } from '../domain/trouble.ts';
import { type AppState, chosen, controlById } from '../store/state.ts';

/** What a control is called on the screen: by its title, which is the healthy state; where causes are looked for, by the fault. */
export function nameOf(state: AppState, { id, title }: Pick<Control, 'id' | 'title'>): string {
  if (!isRepair(state.session)) return title;
  return faultOf(chosen(state).profile?.troubles, state.session.trouble, id) ?? title;
}

/** What a change is called where it may be taken back: by its control; in a repair, as the cure of a fault. */
export function changeName(state: AppState, id: string): string {
  const control = controlById(state, id);
  if (!control) return id;
  return isRepair(state.session) ? `cure of “${nameOf(state, control)}”` : control.title;
}
