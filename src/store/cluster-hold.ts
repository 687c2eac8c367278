import { holdObject, holdWords, isLeft } from '../domain/cluster-hold.ts';
import { holdCluster, releaseCluster } from '../engine/cluster-hold.ts';
import type { Api } from '../engine/health.ts';
import type { Desk } from './desk.ts';

/**
 * Takes the lock of the whole cluster for the restart of a node; why that must not begin, otherwise. What was left behind is
 * taken over once the question has shown it: it is in the state from the refusal before.
 */
export async function takeHold(desk: Desk, api: Api, node: string): Promise<string | undefined> {
  const { get, patch, services, recorder } = desk;
  const left = get().restartHeld;
  const since = new Date(services.now()).toISOString();
  const hold = { holder: desk.holder(), node, since };
  const held = await holdCluster(api, hold, left?.version);
  patch({ restartHeld: undefined });
  if (held.kind === 'refused') return held.reason;
  if (held.kind === 'held') {
    if (left)
      await recorder.record({ kind: 'lock-taken', node: 'cluster', holder: hold.holder, from: left.holder });
    return undefined;
  }
  const { hold: other } = held;
  const who = `${holdWords(other)}, and one node of a cluster is restarted at a time.`;
  if (!isLeft(other, services.now())) return `${who} Look there and wait, then restart.`;
  patch({ restartHeld: other });
  return `${who} No restart takes so long: look there, then restart again; the question offers to take over.`;
}

/** Gives the lock of the cluster back; where that fails, says how it is done by hand. */
export async function giveHoldBack(desk: Desk, api: Api): Promise<void> {
  const not = await releaseCluster(api, desk.holder());
  if (not !== undefined)
    desk.output(
      `The lock of the cluster stays: ${not} To remove it: kubectl delete ${holdObject.join(' ')}.`,
    );
}
