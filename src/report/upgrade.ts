import type { Profile } from '../domain/control.ts';
import { sentences, told } from '../domain/failure.ts';
import { benchmarkName, newestFor } from '../domain/fitness.ts';
import type { GateFinding, GateKind, Upgrade, UpgradeNode } from '../domain/upgrade.ts';
import { parseVersion } from '../domain/version.ts';
import { count, names, oneLine } from './clean.ts';

/** The name and number of the form in which an upgrade is foretold for programs. */
const form = 'k8s-harden/upgrade/1';

/** What the reports of an upgrade are made from. */
export type UpgradeInput = {
  readonly upgrade: Upgrade;
  readonly profile: Profile;
  readonly cluster: string;
};

const kindWords: Readonly<Record<GateKind, string>> = {
  breaks: 'breaks',
  unknown: 'unknown',
  look: 'look',
  holds: 'holds',
  'not-applicable': 'does not apply',
};

/** The exit code: 4 when no node was reached, 3 when something would break, has to be looked at or is not known, else 0. */
export function upgradeExit({ nodes, findings, untold }: Upgrade): 0 | 3 | 4 {
  if (nodes.every((node) => node.failure)) return 4;
  const sure = untold.length === 0 && nodes.every((node) => node.version !== undefined);
  return sure && findings.every((f) => f.kind === 'holds' || f.kind === 'not-applicable') ? 0 : 3;
}

/** What an upgrade would do, for people: what breaks first, what to do instead, then how much holds. */
export function upgradeText(input: UpgradeInput): string {
  const { upgrade, profile, cluster } = input;
  const { findings, nodes, to, untold } = upgrade;
  const open = (['breaks', 'unknown', 'look'] as const).flatMap((kind) =>
    grouped(findings.filter((f) => f.kind === kind)).flatMap(print),
  );
  const held = new Set(findings.filter((f) => f.kind === 'holds').map((f) => f.gate.id));
  const clear = [...held].filter((id) => findings.every((f) => f.gate.id !== id || !isOpen(f.kind))).length;
  const reached = nodes.filter((node) => node.version !== undefined);
  const end =
    open.length > 0 || reached.length < nodes.length
      ? []
      : untold.length > 0
        ? [`Whether anything breaks on ${to} is not known; the lines above say why.`]
        : [`Nothing that is known here would break on ${to}.`];
  return `${[
    [oneLine(cluster) || 'cluster', profile.distribution.title, `upgrade to ${to}`].join(' · '),
    ...versionsOf(reached).map(([version, on]) => `${version}  ${names(on)}`),
    ...notes(input),
    '',
    ...open,
    ...(open.length > 0 ? [''] : []),
    ...nodes.flatMap((node) => missing(node, profile)),
    ...end,
    ...(reached.length === 0 ? [] : [inOrder(clear, findings, untold.length > 0 ? '' : ` up to ${to}`)]),
  ].join('\n')}\n`;
}

function inOrder(clear: number, findings: readonly GateFinding[], upTo: string): string {
  const known = new Set(findings.map((f) => f.gate.id)).size;
  return `${count(clear, 'point')} of ${count(known, 'known change')}${upTo} looked at and in order.`;
}

/** The same for programs. */
export function upgradeJson(input: UpgradeInput): string {
  const { upgrade, profile, cluster } = input;
  const { to, nodes, findings } = upgrade;
  const said = {
    form,
    exitCode: upgradeExit(upgrade),
    cluster,
    distribution: profile.distribution.id,
    to,
    untold: upgrade.untold,
    notes: notes(input),
    nodes: nodes.map(({ name, version, failure }) => ({
      name,
      version: version ?? null,
      failure: failure ? told(failure) : null,
    })),
    findings: findings.map(({ gate, node, kind, verdict, when }) => ({
      gate: gate.id,
      versions: gate.versions,
      node,
      kind,
      when: when ?? null,
      found: verdict.found,
      wanted: verdict.wanted,
      reason: verdict.reason ?? null,
      what: gate.what,
      instead: gate.instead,
      sources: gate.sources,
    })),
  };
  return `${JSON.stringify(said, undefined, 2)}\n`;
}

/** What is to be known before, whatever the nodes have: why it cannot all be told, and whether a benchmark fits. */
function notes({ upgrade, profile }: UpgradeInput): readonly string[] {
  const to = parseVersion(upgrade.to) ?? [0, 0, 0];
  const benchmark = newestFor(profile.benchmarks, [to]);
  const short = `${to[0]}.${to[1]}`;
  return [
    ...upgrade.untold,
    benchmark
      ? `For ${short} there is: ${benchmarkName(benchmark)} (--benchmark ${benchmark.id}).`
      : `No benchmark here is made for ${short}.`,
    ...(upgrade.leftOut === undefined ? [] : [upgrade.leftOut]),
  ];
}

function missing(
  { name, version, failure, facts }: UpgradeNode,
  { distribution }: Profile,
): readonly string[] {
  if (failure) return [oneLine(`${name}: ${told(failure)}`)];
  if (version !== undefined) return [];
  const { instead } = facts ?? {};
  if (instead) {
    const way = `Use --distribution ${instead.distribution} for it.`;
    return [oneLine(`${name} runs ${instead.title} ${instead.version}. ${way}`)];
  }
  const what = `no version of ${distribution.title} could be read`;
  return [oneLine(`${name}: ${what}, so what would become of it is not known.`)];
}

function isOpen(kind: GateKind): boolean {
  return kind !== 'holds' && kind !== 'not-applicable';
}

function versionsOf(nodes: readonly UpgradeNode[]): readonly (readonly [string, readonly string[]])[] {
  const versions = [...new Set(nodes.map((n) => n.version ?? ''))];
  return versions.map((version) => [
    oneLine(version),
    nodes.filter((n) => (n.version ?? '') === version).map((n) => n.name),
  ]);
}

/** Findings of one gate that say the same, together. */
function grouped(findings: readonly GateFinding[]): readonly (readonly GateFinding[])[] {
  const groups = new Map<string, GateFinding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.gate.id, finding.verdict, finding.when]);
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups.values()];
}

const whenWords: Readonly<Record<NonNullable<GateFinding['when']>, string>> = {
  running: 'It runs so now.',
  configured: 'It does not run so now: it is configured and waits for the next start, and an upgrade is one.',
  both: 'It runs so now, and is configured so for the next start.',
};

function print(group: readonly GateFinding[]): readonly string[] {
  const [first] = group;
  if (!first) return [];
  const { gate, kind, verdict, when } = first;
  const found = [verdict.found && `found ${verdict.found}`, verdict.wanted && `wanted ${verdict.wanted}`];
  const why = [found.filter(Boolean).join(', '), verdict.reason].filter(Boolean).join('; ');
  const lead = ' '.repeat(9);
  return [
    `${kindWords[kind].padEnd(7)}  ${oneLine(gate.what)} (${names(group.map((f) => f.node))})`,
    ...(why === '' ? [] : [`${lead}${oneLine(why)}`]),
    ...(when ? [`${lead}${whenWords[when]}`] : []),
    `${lead}${oneLine(sentences(gate.instead))}`,
  ];
}
