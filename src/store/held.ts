import type { Failure } from '../domain/failure.ts';
import type { Desk } from './desk.ts';

/** Remembers who was found to hold a node's lock, so that Connect shows it and offers to take it over. */
export function noteHolder(desk: Desk, failure: Failure): void {
  if (failure.code !== 'locked') return;
  const { progress } = desk.get();
  const known = progress[failure.node];
  if (known) desk.patch({ progress: { ...progress, [failure.node]: { ...known, failure } } });
}
