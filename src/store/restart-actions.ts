import type { Control } from '../domain/control.ts';
import { unitAt } from '../domain/distribution.ts';
import type { RestartOutcome } from '../domain/event.ts';
import { word } from '../domain/failure.ts';
import { commandLine } from '../domain/quote.ts';
import { isRepair, unitsDueAt, verdictOf } from '../domain/session.ts';
import { takeLock } from '../engine/apply.ts';
import { nodeNameOf } from '../engine/detect.ts';
import { agentRuns, restartGate } from '../engine/health.ts';
import { makeCluster } from '../engine/make-cluster.ts';
import { restartNode } from '../engine/restart.ts';
import { unannounced, whoseCluster } from '../engine/whose-cluster.ts';
import type { Actions } from './actions.ts';
import { sayWhatIsLeft } from './asked-again.ts';
import { giveHoldBack, takeHold } from './cluster-hold.ts';
import type { Desk } from './desk.ts';
import { noteHolder } from './held.ts';
import { apiSite, type ClusterMaker, clusterMaker, workstationSite } from './places.ts';
import { restartsInOrder, walked } from './state.ts';

/** Restarts, one at a time: in the order of their distribution, each only when the cluster is whole. */
export function restartActions(
  desk: Desk,
  ask: (controls: readonly Control[]) => Promise<void>,
): Pick<Actions, 'restart' | 'foreseeMaking'> & { readonly restartOne: (node: string) => Promise<boolean> } {
  const { get, recorder, links } = desk;

  const stop = (text: string): void => {
    desk.output(text);
    desk.notice(text, 'bad');
  };

  const asksForHardening = (name: string): boolean =>
    walked(get()).some((control) => {
      const kind = control.guarded === 'profile-switch' && verdictOf(get().session, control.id, name)?.kind;
      return kind === 'pending-restart' || kind === 'configured-not-active' || kind === 'pass';
    });

  /** Its units one after the other; the first that does not come back stops the rest. */
  const one = async (name: string): Promise<boolean> => {
    const link = links.get(name);
    const units = unitsDueAt(get().session, name, link ? unitAt(link.place) : '');
    for (const unit of units) if (!(await oneUnit(name, unit))) return false;
    return true;
  };

  /** Why the cluster must not be made from its file as that is now: it is another's, or has nodes that the question did not name. */
  const whyNotMade = async ({ target, file, place }: ClusterMaker): Promise<string | undefined> => {
    const { making } = get();
    const now = await whoseCluster(target, file, place);
    if (now.kind === 'refused') return `${now.reason}. ${now.instead}`;
    const unnamed = unannounced(now, making?.kind === 'asking' ? undefined : making);
    return unnamed.length === 0
      ? undefined
      : `${file} names ${unnamed.join(', ')} too, which the question did not say. Ask again, and look at the nodes that it names.`;
  };

  const foresee = async (): Promise<void> => {
    const maker = clusterMaker(desk);
    desk.patch({
      making: maker
        ? await whoseCluster(maker.target, maker.file, maker.place)
        : { kind: 'refused', reason: 'no node is connected', instead: 'C connects, then ask again.' },
    });
  };

  /** The whole cluster, by the command on the operator's own machine; only as the change announced it. */
  const wholeCluster = async (unit: string): Promise<boolean> => {
    const maker = clusterMaker(desk);
    if (!maker || commandLine(maker.words) !== unit) {
      stop(
        `${unit} is not run: no node is connected that says how its cluster is made. C connects, then restart again.`,
      );
      return false;
    }
    const locked = await takeLock(maker.target, desk.holder(), recorder);
    if (locked) {
      stop(`${unit} is not run: ${word(locked).sentence}`);
      return false;
    }
    const not = await whyNotMade(maker);
    if (not !== undefined) {
      await recorder.record({ kind: 'restart-set-aside', node: workstationSite, reason: not });
      stop(`${unit} is not run: ${not}`);
      return false;
    }
    const { now } = desk.services;
    const result = await makeCluster({ ...maker, recorder, now, onOutput: desk.output });
    if (!result.ok) {
      stop(word(result.failure).sentence);
      return false;
    }
    desk.output(`${unit}: ${say(result.value)}`);
    if (result.value.kind === 'healthy') return true;
    const lines = result.value.kind === 'failed' ? ' Its own last lines say what to do.' : '';
    stop(`${unit}: ${say(result.value)}${lines} The nodes are asked again.`);
    return false;
  };

  const oneUnit = async (name: string, unit: string): Promise<boolean> => {
    if (name === workstationSite) return wholeCluster(unit);
    const link = links.get(name);
    if (!link) {
      stop(`${name} is not connected; its restart stays due.`);
      return false;
    }
    if (link.place.distribution.containers) {
      stop(`${name} is not restarted: ${unit} would end every container of the cluster there.`);
      return false;
    }
    const setAside = async (reason: string): Promise<false> => {
      await recorder.record({ kind: 'restart-set-aside', node: name, reason });
      stop(`${name} is not restarted: ${reason}`);
      return false;
    };
    const api = apiSite(desk, name);
    const nodeName = nodeNameOf(link.facts);
    const runs = await agentRuns(link, unit);
    const gate = runs ? await restartGate(api, nodeName) : undefined;
    if (gate) return setAside(gate);
    const locked = await takeLock(link.target, desk.holder(), recorder);
    if (locked) {
      noteHolder(desk, locked);
      stop(`${name} is not restarted: ${word(locked).sentence}`);
      return false;
    }
    // Where nothing runs there is nothing to lose, and the API may be down: the lock of the node must do.
    const shared = runs ? api : undefined;
    const held = shared && (await takeHold(desk, shared, name));
    if (held) return setAside(held);
    // Another wizard may have restarted a node since.
    const since = shared && (await restartGate(shared, nodeName));
    if (since) {
      await giveHoldBack(desk, shared);
      return setAside(since);
    }
    const result = await restartNode({
      target: link.target,
      place: link.place,
      unit,
      api,
      nodeName,
      hardened: asksForHardening(name),
      // The practice cluster has nothing that dies late.
      settle: desk.services.lab ? 1 : link.place.distribution.health.settle,
      recorder,
      clock: desk.services,
      onOutput: desk.output,
    });
    if (!result.ok) {
      stop(word(result.failure).sentence);
      return false;
    }
    desk.output(`${name}: ${say(result.value)}`);
    if (result.value.kind === 'healthy') {
      if (shared) await giveHoldBack(desk, shared);
      return true;
    }
    // The lock of the cluster stays: for a while the API still calls a node Ready that no longer is.
    stop(`${name}: ${say(result.value)} No other node is restarted.`);
    return false;
  };

  return {
    restartOne: one,
    foreseeMaking: () => {
      desk.patch({ making: { kind: 'asking' } });
      void desk.work('reading the file of the cluster', false, foresee);
    },
    restart: (names) =>
      void desk.work('restarting', true, async (step) => {
        desk.patch({ output: [] });
        const order = restartsInOrder(get(), names);
        let healthy = 0;
        for (const [index, name] of order.entries()) {
          if (get().stopping) {
            desk.notice(`Stopped before ${name}, as you asked.`, 'plain');
            break;
          }
          step(index, order.length);
          if (!(await one(name))) break;
          healthy = index + 1;
        }
        // What was found before a restart is no longer true, however the restart ended.
        await ask(walked(get()));
        sayWhatIsLeft(desk);
        if (healthy === order.length)
          desk.notice(
            `Restarted and healthy: ${order.join(', ')}. Every ${isRepair(get().session) ? 'possible cause' : 'control'} was asked again.`,
            'good',
          );
      }),
  };
}

function say(outcome: RestartOutcome): string {
  switch (outcome.kind) {
    case 'healthy':
      return `healthy after ${outcome.seconds} s.`;
    case 'failed':
      return `it failed: ${outcome.line}.`;
    case 'crash-looping':
      return `it starts and dies again: ${outcome.line || 'no log line told why'}.`;
    case 'stuck':
      return `not ready after ${outcome.seconds} s: ${outcome.line || 'no log line told why'}.`;
    case 'unhardened':
      return `it runs, but not hardened: ${outcome.line}.`;
    case 'unknown':
      return word(outcome.failure).sentence;
  }
}
