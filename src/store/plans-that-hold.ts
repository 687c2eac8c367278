import type { Session } from '../domain/session.ts';
import type { AppState, PlannedChange } from './state.ts';

/**
 * The plans that still hold when the session came from `before` to `now`. What was changed, taken back or restarted on a place
 * meanwhile may be what a plan there was made from, so that one goes. A refusal stays: it is asked anew whenever it is looked at.
 */
export function plansThatHold(plans: AppState['plans'], before: Session, now: Session): AppState['plans'] {
  const done = placesOfDeeds(before, now);
  if (done.size === 0) return plans;
  const nodes = new Set(now.nodes.map((node) => node.name));
  // The cluster, the workstation and Rancher speak for every node, and every node may be what they speak of.
  const everywhere = [...done].some((place) => !nodes.has(place));
  const holds = (plan: PlannedChange): boolean =>
    plan.kind === 'refused' || !(everywhere || done.has(plan.place) || !nodes.has(plan.place));
  return Object.fromEntries(Object.entries(plans).filter(([, plan]) => holds(plan)));
}

/** The places of every change, undo and restart that began or ended between the two. */
function placesOfDeeds(before: Session, now: Session): ReadonlySet<string> {
  const [changes, restarts] = [new Set(before.changes), new Set(before.restarts)];
  return new Set([
    ...now.changes.flatMap((state) => (changes.has(state) ? [] : [state.change.node])),
    ...now.restarts.flatMap((state) => (restarts.has(state) ? [] : [state.node])),
  ]);
}
