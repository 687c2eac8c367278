import { type Concerned, isControlPlane, serversAhead, watchedUnits } from '../domain/one-server.ts';
import { anyRuns } from '../engine/health.ts';
import type { Refusal } from './blocked-by.ts';
import type { Desk } from './desk.ts';
import type { Site } from './places.ts';
import { chosen, type PlannedChange } from './state.ts';

/**
 * Why argument files of this control-plane node must wait: whoever restarts components for them by himself asks no gate, so
 * another node has to be through first. Undefined when they need not.
 */
export async function waitsForServer(
  desk: Desk,
  site: Site,
  concerned: Concerned,
): Promise<Refusal | undefined> {
  const { session } = desk.get();
  const { distribution } = site.place;
  const units = watchedUnits(distribution, concerned);
  if (units.length === 0 || !isControlPlane(session, site.name)) return undefined;
  const ahead = serversAhead(session, distribution, site.name);
  // What is down already can be mended, whatever the others wait for.
  if (!ahead || !(await anyRuns(site, units))) return undefined;
  const names = ahead.nodes.join(', ');
  return ahead.wait === 'end'
    ? {
        reason: `A change of an argument file on ${names} has an unknown end.`,
        instead: 'U shows it; ask there how far it came, or undo it, then go on here.',
      }
    : {
        reason: `A restart is still due on ${names}, and argument files of control-plane nodes are changed on one node at a time.`,
        instead: `Restart it on ${names} first (Restarts screen), then go on here.`,
      };
}

/** Plans that were made before another server had to be through first are made anew when they are looked at again. */
export function forgetPlansThatWait(desk: Desk): void {
  const { session, plans } = desk.get();
  const distribution = chosen(desk.get()).profile?.distribution;
  if (!distribution) return;
  const waits = (plan: PlannedChange): boolean =>
    plan.kind === 'ready' &&
    watchedUnits(distribution, plan).length > 0 &&
    isControlPlane(session, plan.place) &&
    serversAhead(session, distribution, plan.place) !== undefined;
  desk.patch({ plans: Object.fromEntries(Object.entries(plans).filter(([, plan]) => !waits(plan))) });
}
