import type { Benchmark, Control, Profile } from '../domain/control.ts';
import { selectControls } from '../domain/control.ts';
import type { Distribution, Place } from '../domain/distribution.ts';
import type { Event, Finding, NodeAddress } from '../domain/event.ts';
import type { Answerer, Answers, Connector, Target } from '../domain/ports.ts';
import { answerTo, type Question, questionKey } from '../domain/question.ts';
import { headStart, mapBounded } from './bounded.ts';
import { connectNode, type Link } from './connect.ts';
import { defaultPlace } from './detect.ts';
import { onceEach } from './once-each.ts';
import { probe, questionsOf } from './probe.ts';
import { connectMs, speakerOf } from './speaker.ts';

/** What a check looks at, and how. */
export type CheckInput = {
  readonly profile: Profile;
  /** Distributions to look for where that of the profile is not found. */
  readonly others?: readonly Distribution[];
  readonly benchmark: Benchmark;
  readonly level: 1 | 2;
  readonly nodes: readonly NodeAddress[];
  readonly connector: Connector;
  readonly workstation: Target;
  /** The Rancher server, where one was named, and the words a place has there. */
  readonly rancher?: { readonly target: Target; readonly words: Place['words'] };
  readonly forks: number;
  /** Called with what was just asked of a place, while its connection still stands. */
  readonly review?: (
    target: Target,
    controls: readonly Control[],
    place: Place,
    found: { readonly findings: readonly Finding[]; readonly answers: Answers },
  ) => Promise<void>;
  readonly answerer: Answerer;
  readonly record: (event: Event) => Promise<void>;
};

const askMs = 60_000;
/**
 * So many nodes are asked from the start, the one that speaks for the cluster among them: it has the most to answer, and while
 * all log in at once it waits for them all. The others follow when one has answered, or this much later.
 */
const firstNodes = 5;
const aheadMs = 250;

/**
 * Asks every control on every node, read-only, in one round trip a node: what the controls need travels with the questions
 * of detection, on the assumption of default paths; only where that proves wrong is a second batch sent. At its end all is known
 * and every connection takes its leave; `closed` is when they have.
 */
export async function check(input: CheckInput): Promise<{ readonly closed: Promise<unknown> }> {
  const closing: Promise<void>[] = [];
  const leave = ({ target }: Link): void => void closing.push(target.close());
  const { nodes, record } = input;
  const controls = selectControls(input.profile, input.benchmark, input.level);
  const onNodes = controls.filter((c) => c.target === 'node');
  const isHere = (c: Control): boolean =>
    c.target === 'workstation' ||
    c.target === 'rancher' ||
    (c.target === 'cluster' && input.profile.distribution.kubectlOn === 'workstation');
  const onCluster = controls.filter((c) => c.target === 'cluster' && !isHere(c));
  const speaker = speakerOf(nodes);
  await record({ kind: 'probe-started', places: nodes.map((n) => n.name), controls: controls.length });

  // What is asked before a node is known is the same for all.
  const anywhere = {
    ...defaultPlace(input.profile.distribution),
    roles: ['server', 'agent', 'etcd'] as const,
  };
  const ofNode = questionsOf(onNodes, anywhere);
  const ofSpeaker = questionsOf([...onNodes, ...onCluster], anywhere);
  const connect = onceEach(connectNode);
  const reached: Place[] = [];
  const held: Link[] = [];
  let clusterAsked = false;
  const isOther = ({ place }: Link): boolean => place.node !== speaker?.name;
  // The speaker has the most to answer, so it must not be the last to begin.
  const order = nodes.toSorted((a, b) => Number(b === speaker) - Number(a === speaker));
  const late = new Set(order.slice(firstNodes));
  const ahead = headStart(aheadMs);
  let unsaid: (() => Promise<void>) | undefined;
  /** Asks a server for the cluster. What one that fell silent leaves unknown is only told when nobody else says more. */
  const heard = async (link: Link): Promise<void> => {
    const { silent, tell } = await askCluster(link, onCluster, input);
    if (silent) {
      unsaid ??= tell;
      return;
    }
    clusterAsked = true;
    await tell();
  };
  let here: Promise<void> | undefined;
  /** What is asked here needs to know of the cluster what its first server says, and need not wait for the others. */
  const startHere = (place: Place): void => {
    if (here) return;
    here = askHere(controls.filter(isHere), place, input);
    here.catch(() => undefined);
  };
  const checkOne = async (node: NodeAddress): Promise<void> => {
    const speaks = node === speaker;
    const link = await checkNode(node, speaks ? ofSpeaker : ofNode, input, connect);
    if (!link) return;
    try {
      const found = await probe(link.target, onNodes, link.place, { deadlineMs: askMs }, link.answers);
      await record({ kind: 'found', findings: found.findings });
      if (!link.facts.instead) await input.review?.(link.target, onNodes, link.place, found);
      const server = link.place.roles.includes('server');
      if (speaks && server) await heard(link);
      reached.push(link.place);
      if (server) startHere(link.place);
      // One other server stays at hand until the cluster has been asked, in case the speaker falls silent.
      const stays = server && !clusterAsked && (speaks || !held.some(isOther));
      if (stays) held.push(link);
      else leave(link);
    } catch (error) {
      leave(link);
      throw error;
    }
  };
  try {
    await mapBounded(order, input.forks, async (node) => {
      if (late.has(node)) await ahead.over;
      await checkOne(node).catch(async (error: unknown) => {
        const failure = { code: 'bug', node: node.name, message: String(error) } as const;
        await record({ kind: 'node-failed', node: node.name, failure });
      });
      ahead.end();
    });
    const standIn = held.find(isOther);
    if (!clusterAsked && standIn) await heard(standIn);
    if (!clusterAsked) await unsaid?.();
    await (here ?? askHere(controls.filter(isHere), reached[0], input));
  } finally {
    ahead.end();
    held.forEach(leave);
  }
  await record({
    kind: 'probe-ended',
    missing: nodes.map((n) => n.name).filter((name) => !reached.some((p) => p.node === name)),
  });
  return { closed: Promise.all(closing) };
}

async function checkNode(
  node: NodeAddress,
  extra: readonly Question[],
  input: CheckInput,
  connect: typeof connectNode,
): Promise<Link | undefined> {
  const link = await connect(node, {
    connector: input.connector,
    profile: input.profile,
    ...(input.others ? { others: input.others } : {}),
    readOnly: true,
    answerer: input.answerer,
    connectMs,
    askMs,
    extra,
  });
  if (link.ok) {
    await input.record({ kind: 'node-connected', node: node.name, facts: link.value.facts });
    return link.value;
  }
  await input.record({ kind: 'node-failed', node: node.name, failure: link.failure });
  return undefined;
}

/** What a server says of the cluster, yet to be told; silent: nothing of what it was asked last came back. */
async function askCluster(
  link: Link,
  controls: readonly Control[],
  input: CheckInput,
): Promise<{ readonly silent: boolean; readonly tell: () => Promise<void> }> {
  const place = { ...link.place, node: 'cluster' };
  const found = await probe(link.target, controls, place, { deadlineMs: askMs }, link.answers);
  const questions = questionsOf(controls, place);
  const second = questions.filter((q) => !link.answers.has(questionKey(q)));
  const last = second.length > 0 ? second : questions;
  return {
    silent: last.length > 0 && last.every((q) => answerTo(found.answers, q).kind === 'lost'),
    tell: async () => {
      await input.record({ kind: 'found', findings: found.findings });
      if (!link.facts.instead) await input.review?.(link.target, controls, place, found);
    },
  };
}

/** What is asked on or from this machine itself, each under the place it is found at. */
async function askHere(
  controls: readonly Control[],
  place: Place | undefined,
  input: CheckInput,
): Promise<void> {
  if (!place) return;
  for (const node of ['workstation', 'cluster', 'rancher'] as const) {
    const mine = controls.filter((c) => c.target === node);
    if (mine.length === 0) continue;
    const there = node === 'rancher' ? input.rancher : undefined;
    const words = { ...place.words, ...there?.words };
    // Where no server was named nothing is asked, and the operator is told what to look for.
    const target = there?.target ?? input.workstation;
    const at = { ...place, node, words };
    const found = await probe(target, mine, at, { deadlineMs: askMs });
    await input.record({ kind: 'found', findings: found.findings });
    await input.review?.(target, mine, at, found);
  }
}
