import type { Control } from '../domain/control.ts';
import { serviceUnit } from '../domain/distribution.ts';
import { unitsDueAt } from '../domain/session.ts';
import { type AppState, chosen, restartsInOrder } from '../store/state.ts';
import { makeWords } from './make-words.ts';
import { servicesOf } from './services-of.ts';
import { someOf } from './words.ts';

/** Where a restart is due that a control waits for, empty where none is; where each component has a service of its own, only of its services. */
export function dueWords(state: AppState, control: Pick<Control, 'wants'>): string {
  const { distribution } = chosen(state).profile ?? {};
  const units = distribution?.argumentFiles
    ? servicesOf(control).map((service) => serviceUnit(distribution, service))
    : [];
  const due = restartsInOrder(state).filter(
    (node) => units.length === 0 || unitsDueAt(state.session, node, '').some((unit) => units.includes(unit)),
  );
  return due.length === 0
    ? ''
    : someOf(due.map((node) => (node === 'workstation' ? makeWords(state) : node)));
}
