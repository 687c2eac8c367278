import type { Profile } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import type { NodeAddress } from '../domain/event.ts';
import type { Answerer, Answers, Connector, Target } from '../domain/ports.ts';
import type { Question } from '../domain/question.ts';
import type { Gate, GateFinding, Upgrade, UpgradeNode } from '../domain/upgrade.ts';
import { untoldOf } from '../domain/upgrade-known.ts';
import { inRange, parseVersion } from '../domain/version.ts';
import { mapBounded } from './bounded.ts';
import { connectNode, type Link } from './connect.ts';
import { defaultPlace } from './detect.ts';
import { gateFinding, nodeControls, type Planned, plannedAt, plannedControls, plannedOn } from './gate.ts';
import { onceEach } from './once-each.ts';
import { placeOf, wordsOf } from './place.ts';
import { probe, questionsOf } from './probe.ts';
import { connectMs } from './speaker.ts';

const askMs = 60_000;

/** What an upgrade is checked on, and how. */
export type UpgradeInput = {
  readonly profile: Profile;
  /** Distributions to look for where that of the profile is not found. */
  readonly others: readonly Distribution[];
  /** The version to upgrade to, which was read already. */
  readonly to: string;
  readonly nodes: readonly NodeAddress[];
  readonly connector: Connector;
  /** The operator's own machine, where the file of the cluster lies. */
  readonly workstation: Target;
  readonly forks: number;
  readonly answerer: Answerer;
};

/**
 * What would break on the version that is named, from what the nodes run and have configured now: asks in one round trip a node,
 * changes nothing.
 */
export async function checkUpgrade(input: UpgradeInput): Promise<Upgrade> {
  const { profile, to, workstation } = input;
  const gates = gatesFor(profile, to);
  const version = parseVersion(to) ?? [0, 0, 0];
  const anywhere = {
    ...defaultPlace(profile.distribution),
    roles: ['server', 'agent', 'etcd'] as const,
    version,
    words: wordsOf(profile.distribution, version, ''),
  };
  const extra = questionsOf(nodeControls(gates, profile.distribution), anywhere);
  const planned = await plannedHere(profile, to, workstation);
  const connect = onceEach(connectNode);
  const done = await mapBounded(input.nodes, input.forks, (node) =>
    checkNode(node, extra, planned, input, connect),
  );
  return together(profile, to, done);
}

/** The same on nodes that are connected already; `missing` are those of the session that are not. */
export async function foretell(
  profile: Profile,
  to: string,
  links: readonly Link[],
  missing: readonly UpgradeNode[],
  workstation: Target,
): Promise<Upgrade> {
  const planned = await plannedHere(profile, to, workstation);
  const done = await Promise.all(links.map((link) => upgradeOn(profile, to, link, planned)));
  return together(profile, to, [...done, ...missing.map((node) => ({ node, findings: [] }))]);
}

type Foretold = { readonly node: UpgradeNode; readonly findings: readonly GateFinding[] };

function together(profile: Profile, to: string, done: readonly Foretold[]): Upgrade {
  const { distribution } = profile;
  const { clusterFile } = distribution;
  const nodes = done.map((d) => d.node);
  const unnamed = clusterFile && distribution.words['cluster-template-named'] === undefined;
  return {
    to,
    nodes,
    findings: done.flatMap((d) => d.findings),
    untold: untoldOf(to, nodes, profile),
    ...(unnamed
      ? {
          leftOut:
            'Only what runs was looked at; --template FILE brings in what cluster.yml would make of it.',
        }
      : {}),
  };
}

function gatesFor(profile: Profile, to: string): readonly Gate[] {
  const version = parseVersion(to) ?? [0, 0, 0];
  return (profile.gates ?? []).filter((gate) => inRange(version, gate.versions));
}

/** What the file of the whole cluster says of each gate; empty where the nodes themselves are configured. */
async function plannedHere(
  profile: Profile,
  to: string,
  workstation: Target,
): Promise<ReadonlyMap<string, Planned>> {
  const { distribution } = profile;
  if (plannedOn(distribution) !== 'workstation') return new Map();
  const version = parseVersion(to) ?? [0, 0, 0];
  const words = wordsOf(distribution, version, '');
  const place = { ...defaultPlace(distribution), node: 'workstation', version, words };
  const gates = gatesFor(profile, to);
  const controls = plannedControls(gates, distribution);
  const { answers } = await probe(workstation, controls, place, { deadlineMs: askMs });
  return new Map(gates.map((gate) => [gate.id, plannedAt(gate, place, answers)]));
}

async function checkNode(
  node: NodeAddress,
  extra: readonly Question[],
  planned: ReadonlyMap<string, Planned>,
  { profile, others, to, connector, answerer }: UpgradeInput,
  connect: typeof connectNode,
): Promise<Foretold> {
  const how = { connector, profile, others, readOnly: true, answerer, connectMs, askMs, extra };
  const link = await connect(node, how);
  if (!link.ok) return { node: { name: node.name, failure: link.failure }, findings: [] };
  try {
    return await upgradeOn(profile, to, link.value, planned, link.value.answers);
  } finally {
    await link.value.target.close();
  }
}

/** What would break on one node; `have` are answers that need not be asked for again. */
async function upgradeOn(
  profile: Profile,
  to: string,
  { target, facts, place: { node } }: Link,
  planned: ReadonlyMap<string, Planned>,
  have: Answers = new Map(),
): Promise<Foretold> {
  const gates = gatesFor(profile, to);
  const place = placeOf(profile.distribution, node, { ...facts, version: to });
  const controls = nodeControls(gates, profile.distribution);
  const { answers } = await probe(target, controls, place, { deadlineMs: askMs }, have);
  const runs = parseVersion(facts.version ?? '');
  const findings = gates.map((gate) =>
    gateFinding(gate, place, runs, answers, planned.get(gate.id) ?? plannedAt(gate, place, answers)),
  );
  const version = facts.version === undefined ? {} : { version: facts.version };
  return { node: { name: node, facts, ...version }, findings };
}
