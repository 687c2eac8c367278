import type { Control, Profile, Want } from '../domain/control.ts';
import type { Distribution, Place } from '../domain/distribution.ts';
import type { NodeAddress } from '../domain/event.ts';
import type { Answerer, Connector } from '../domain/ports.ts';
import type { Question } from '../domain/question.ts';
import type { Gate, GateFinding, GateKind, Upgrade, UpgradeNode } from '../domain/upgrade.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { inRange, parseVersion } from '../domain/version.ts';
import { mapBounded } from './bounded.ts';
import { connectMs } from './check.ts';
import { connectNode, type Link } from './connect.ts';
import { defaultPlace } from './detect.ts';
import { placeOf, wordsOf } from './place.ts';
import { judge, probe, questionsOf } from './probe.ts';

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
  readonly forks: number;
  readonly answerer: Answerer;
};

/**
 * What would break on the version that is named, from what the nodes run and have configured now: asks in one round trip a node,
 * changes nothing.
 */
export async function checkUpgrade(input: UpgradeInput): Promise<Upgrade> {
  const { profile, to } = input;
  const version = parseVersion(to) ?? [0, 0, 0];
  const gates = (profile.gates ?? []).filter((gate) => inRange(version, gate.versions));
  const controls = gates.flatMap(controlsOf);
  const anywhere = {
    ...defaultPlace(profile.distribution),
    roles: ['server', 'agent', 'etcd'] as const,
    version,
    words: wordsOf(profile.distribution, version, ''),
  };
  const extra = questionsOf(controls, anywhere);
  const done = await mapBounded(input.nodes, input.forks, (node) => checkNode(node, gates, extra, input));
  return { to, nodes: done.map((d) => d.node), findings: done.flatMap((d) => d.findings) };
}

async function checkNode(
  node: NodeAddress,
  gates: readonly Gate[],
  extra: readonly Question[],
  { profile, others, to, connector, answerer }: UpgradeInput,
): Promise<{ readonly node: UpgradeNode; readonly findings: readonly GateFinding[] }> {
  const how = { connector, profile, others, readOnly: true, answerer, connectMs, askMs, extra };
  const link = await connectNode(node, how);
  if (!link.ok) return { node: { name: node.name, failure: link.failure }, findings: [] };
  try {
    const place = placeOf(profile.distribution, node.name, { ...link.value.facts, version: to });
    const { answers } = await probe(
      link.value.target,
      gates.flatMap(controlsOf),
      place,
      { deadlineMs: askMs },
      link.value.answers,
    );
    const findings = gates.map((gate) => found(gate, place, link.value, answers));
    const { facts } = link.value;
    const version = facts.version === undefined ? {} : { version: facts.version };
    return { node: { name: node.name, facts, ...version }, findings };
  } finally {
    await link.value.target.close();
  }
}

function found(gate: Gate, place: Place, { facts }: Link, answers: Link['answers']): GateFinding {
  const [wanted, only] = controlsOf(gate);
  const applies = only ? judge(only, place, answers) : undefined;
  const finding = (kind: GateKind, verdict: Verdict): GateFinding => ({
    gate,
    node: place.node,
    kind,
    verdict,
  });
  if (applies?.kind === 'unknown') return finding('unknown', applies);
  if (applies?.kind === 'fail' || applies?.kind === 'not-applicable')
    return finding('not-applicable', notApplicable(`it does not matter on ${place.node}`));
  const verdict = wanted ? judge(wanted, place, answers) : notApplicable('nothing is asked');
  const runs = parseVersion(facts.version ?? '');
  // What a person has to look at was looked at when the node went beyond that version.
  if (verdict.kind === 'manual' && runs && inRange(runs, gate.versions))
    return finding('not-applicable', notApplicable(`${place.node} is beyond that version already`));
  return finding(kindOf(verdict), verdict);
}

function kindOf({ kind }: Verdict): GateKind {
  switch (kind) {
    // It is right where the next start reads it, and an upgrade is a start.
    case 'pending-restart':
    case 'pass':
      return 'holds';
    case 'manual':
      return 'look';
    case 'unknown':
    case 'not-applicable':
      return kind;
    default:
      return 'breaks';
  }
}

const made = new WeakMap<Gate, readonly Control[]>();

/** A gate as controls, so that it is asked and judged as they are: what must hold, and where it matters at all. */
function controlsOf(gate: Gate): readonly Control[] {
  const control = (id: string, wants: readonly Want[]): Control => ({
    id,
    title: gate.what,
    target: 'node',
    roles: gate.roles,
    why: gate.what,
    breaks: gate.instead,
    impact: 'none',
    needs: [],
    sources: gate.sources,
    wants,
  });
  const controls = made.get(gate) ?? [
    control(gate.id, gate.wants),
    ...(gate.only ? [control(`${gate.id}-only`, gate.only)] : []),
  ];
  made.set(gate, controls);
  return controls;
}
