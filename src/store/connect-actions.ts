import type { Control } from '../domain/control.ts';
import type { Failure } from '../domain/failure.ts';
import { sameNode } from '../domain/reduce.ts';
import type { NodeState } from '../domain/session.ts';
import { heldBy, takeLock } from '../engine/apply.ts';
import { mapBounded } from '../engine/bounded.ts';
import { connectNode } from '../engine/connect.ts';
import { nodeNameOf } from '../engine/detect.ts';
import { twinOf } from '../engine/once-each.ts';
import type { Actions } from './actions.ts';
import type { Answering } from './answering.ts';
import type { Desk } from './desk.ts';
import { chosen, type Progress, walked } from './state.ts';

/** Deadlines of one node's connection and first answers. People type passwords meanwhile, so connecting is generous. */
const connectMs = 120_000;
const askMs = 30_000;

/** Connecting, answering, taking over. */
export function connectActions(
  desk: Desk,
  answering: Answering,
  ask: (controls: readonly Control[]) => Promise<void>,
  enterRancher: () => Promise<void>,
): Pick<Actions, 'connect' | 'answer' | 'takeOver'> {
  const { recorder, get, links } = desk;

  const progress = (node: string, p: Progress): void =>
    desk.patch({ progress: { ...get().progress, [node]: p } });

  const inList = (node: NodeState): boolean => get().session.nodes.some((n) => sameNode(n, node));

  /** The list has another machine under this name by now, or none: what came of the old one is not said of it. */
  const forget = (name: string): void => {
    const { [name]: _, ...others } = get().progress;
    desk.patch({ progress: others });
  };

  const one = async (node: NodeState): Promise<void> => {
    const { profile } = chosen(get());
    if (!profile) return;
    const answerer = answering.forNode(node.name);
    progress(node.name, { phase: 'connecting', done: 0, of: 0 });
    let refused = false;
    const link = await connectNode(node, {
      connector: desk.services.connector,
      profile,
      others: get().profiles.map((p) => p.distribution),
      readOnly: get().session.readOnly,
      connectMs,
      askMs,
      extra: [],
      onAnswer: (done, of) => progress(node.name, { phase: 'asking', done, of }),
      answerer: async (question) => {
        const said = await answerer(question);
        if (question.kind === 'host-key') refused = said !== 'yes';
        if (question.kind === 'host-key' && said === 'yes') {
          const { fingerprint, keyType } = question;
          await recorder.record({ kind: 'host-key-accepted', node: question.node, fingerprint, keyType });
        }
        return said;
      },
    });
    answering.settled(node.name, link.ok);
    if (!inList(node)) {
      if (link.ok) await link.value.target.close();
      forget(node.name);
      return;
    }
    if (!link.ok) {
      const failure = refused ? asRefused(link.failure) : link.failure;
      progress(node.name, { phase: 'failed', done: 0, of: 0, failure });
      await recorder.record({ kind: 'node-failed', node: node.name, failure });
      return;
    }
    const { machineId } = link.value.facts;
    if (node.facts && node.facts.machineId !== machineId) {
      await link.value.target.close();
      const message = `${node.name} is not the machine it was in this session: its machine-id is now ${machineId || 'unreadable'}.`;
      const failure: Failure = { code: 'refused', message };
      progress(node.name, { phase: 'failed', done: 0, of: 0, failure });
      await recorder.record({ kind: 'node-failed', node: node.name, failure });
      return;
    }
    const other = twinOf(node.name, link.value.facts, links);
    if (other !== undefined) {
      const failure: Failure = { code: 'same-machine', node: node.name, other, machine: machineId };
      await link.value.target.close();
      progress(node.name, { phase: 'failed', done: 0, of: 0, failure });
      await recorder.record({ kind: 'node-failed', node: node.name, failure });
      return;
    }
    const nodeName = nodeNameOf(link.value.facts);
    const own = { ...link.value, place: { ...link.value.place, session: get().session.id, nodeName } };
    links.set(node.name, own);
    link.value.target.onLost((failure) => {
      // What is learnt later makes another link of the same connection.
      if (links.get(node.name)?.target !== own.target) return;
      links.delete(node.name);
      progress(node.name, { phase: 'failed', done: 0, of: 0, failure });
      void recorder.record({ kind: 'node-failed', node: node.name, failure });
    });
    const holder = heldBy(link.value.answers);
    const failure: Failure | undefined =
      holder && holder !== desk.holder() ? { code: 'locked', node: node.name, holder } : undefined;
    progress(node.name, { phase: 'done', done: 1, of: 1, ...(failure ? { failure } : {}) });
    await recorder.record({ kind: 'node-connected', node: node.name, facts: link.value.facts });
  };

  return {
    connect: (only) => {
      if (desk.busy()) return;
      void desk.work('connecting', false, async (step) => {
        const wanted = get().session.nodes.filter((n) => (only ? n.name === only : !links.has(n.name)));
        for (const node of wanted) {
          const old = links.get(node.name);
          links.delete(node.name);
          await old?.target.close();
          progress(node.name, { phase: 'waiting', done: 0, of: 0 });
        }
        let done = 0;
        await mapBounded(wanted, desk.services.forks, async (node) => {
          await one(node);
          step(++done, wanted.length);
        });
        if (only === undefined) await enterRancher();
        const failed = wanted.filter((n) => inList(n) && !links.has(n.name)).map((n) => n.name);
        if (failed.length > 0 && get().session.step !== 'connect')
          desk.notice(`Not connected: ${failed.join(', ')}. The Connect screen says why.`, 'bad');
        // In a session that was probed before, what was found may be old by now: everything is asked again.
        if (get().session.probed && wanted.some((n) => links.has(n.name))) await ask(walked(get()));
      });
    },
    answer: answering.answer,
    takeOver: (name) =>
      void desk.work(`taking over ${name}`, true, async () => {
        const link = links.get(name);
        if (!link) return desk.notice(`${name} is not connected.`, 'bad');
        const failure = await takeLock(link.target, desk.holder(), recorder, true);
        if (failure) desk.report(failure);
        else {
          progress(name, { phase: 'done', done: 1, of: 1 });
          desk.notice(`You hold ${name} now.`, 'good');
        }
      }),
  };
}

/** To whoever said no, the key is not unknown but refused. */
function asRefused(failure: Failure): Failure {
  if (failure.code !== 'host-key-unknown') return failure;
  const { node, fingerprint, keyType } = failure;
  return { code: 'host-key-refused', node, fingerprint, keyType };
}
