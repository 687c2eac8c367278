import { type Concerned, isControlPlane, serversAhead, watchedUnits } from '../domain/one-server.ts';
import { nodeNameOf } from '../engine/detect.ts';
import { anyRuns, quorumGate, restartGate } from '../engine/health.ts';
import type { Refusal } from './blocked-by.ts';
import type { Desk } from './desk.ts';
import { apiSite, type Site } from './places.ts';
import { chosen, type PlannedChange } from './state.ts';

/** What is about to be done with argument files: looked at, written, or taken back. */
type Doing = 'plan' | 'apply' | 'undo';

/**
 * Why argument files of this node must wait: whoever restarts components for them by himself asks no gate. So another control-plane
 * node has to be through first, and the cluster must be whole, as before a restart. Undefined when they need not.
 */
export async function waitsForServer(
  desk: Desk,
  site: Site,
  concerned: Concerned,
  doing: Doing,
): Promise<Refusal | undefined> {
  const { session } = desk.get();
  const { distribution } = site.place;
  const units = watchedUnits(distribution, concerned);
  if (units.length === 0) return undefined;
  const server = isControlPlane(session, site.name);
  const ahead = server ? serversAhead(session, distribution, site.name) : undefined;
  // A worker is asked about when it is its turn: there may be a thousand, and each look at the cluster is a long answer.
  if (!ahead && !server && doing === 'plan') return undefined;
  // What is down already can be mended, whatever the others wait for.
  if (!(await anyRuns(site, units))) return undefined;
  if (!ahead) return notWhole(desk, site, doing);
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

async function notWhole(desk: Desk, site: Site, doing: Doing): Promise<Refusal | undefined> {
  const link = desk.links.get(site.name);
  const gate = doing === 'undo' ? quorumGate : restartGate;
  const reason = await gate(apiSite(desk, site.name), link ? nodeNameOf(link.facts) : site.name);
  if (reason === undefined) return undefined;
  const whole = /[.]$/.test(reason) ? reason : `${reason}.`;
  return {
    reason: `Once an argument file differs, its component may restart by itself, so the cluster must be whole before: ${whole}`,
    instead: 'Put that right first, then ask again.',
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
