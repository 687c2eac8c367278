import type { Benchmark, Profile } from './control.ts';
import type { NodeFacts } from './event.ts';
import type { NodeState } from './session.ts';
import {
  compareVersions,
  edgesOf,
  inRange,
  lowestOf,
  parseVersion,
  rangeWords,
  type Version,
} from './version.ts';

/** A version that runs on some nodes and that the chosen benchmark was not written for. */
export type Misfit = {
  readonly version: string;
  readonly nodes: readonly string[];
  /** The benchmark that was written for it, if there is one. */
  readonly fits?: Benchmark;
  /** The benchmark that comes nearest to it: the chosen one, or another. */
  readonly nearest: Benchmark;
};

/** Every version outside the benchmark's range, in the order of the nodes. */
export function misfits(
  nodes: readonly Pick<NodeState, 'name' | 'facts'>[],
  profile: Pick<Profile, 'benchmarks'>,
  benchmark: Benchmark,
): readonly Misfit[] {
  const outside = new Map<string, string[]>();
  for (const { name, facts } of nodes) {
    const version = parseVersion(facts?.version ?? '');
    if (!facts?.version || !version || inRange(version, benchmark.kubernetes)) continue;
    outside.set(facts.version, [...(outside.get(facts.version) ?? []), name]);
  }
  return [...outside].map(([text, on]) => {
    const version = parseVersion(text) ?? [0, 0, 0];
    const fits = newestFor(profile.benchmarks, [version]);
    return {
      version: text,
      nodes: on,
      nearest: fits ?? nearest(version, profile, benchmark),
      ...(fits ? { fits } : {}),
    };
  });
}

/**
 * The newest benchmark that was written for all of these versions: the one whose range begins last, and of two that begin
 * together the one that does not go on for ever, else the one that asks more.
 */
export function newestFor(
  benchmarks: readonly Benchmark[],
  versions: readonly Version[],
): Benchmark | undefined {
  const fit = benchmarks.filter((b) => versions.every((v) => inRange(v, b.kubernetes)));
  return byAge(fit.toSorted((a, b) => a.items.length - b.items.length)).at(-1);
}

/** The one distribution that all nodes run of which anything is known, where none runs the one that was looked for. */
export function runningInstead(nodes: readonly Found[], profiles: readonly Profile[]): Profile | undefined {
  const found = nodes.flatMap(({ facts }) => (facts ? [facts.instead?.distribution] : []));
  const [id] = found;
  return found.every((other) => other === id) ? profiles.find((p) => p.distribution.id === id) : undefined;
}

/** A node, as far as it is known what it runs instead of what was looked for. */
type Found = { readonly facts?: Pick<NodeFacts, 'instead'> };

/** Benchmarks in the order of the Kubernetes versions they begin with, oldest first. */
export function byAge(benchmarks: readonly Benchmark[]): readonly Benchmark[] {
  const ends = ({ kubernetes }: Benchmark) => Number(kubernetes.includes('<'));
  return benchmarks.toSorted(
    (a, b) => compareVersions(lowestOf(a.kubernetes), lowestOf(b.kubernetes)) || ends(a) - ends(b),
  );
}

/** What is wrong with the choice, in plain words: what the benchmark is for, and which one fits or comes nearest. */
export function misfitWords(
  misfit: Misfit,
  profile: Pick<Profile, 'distribution' | 'benchmarks'>,
  benchmark: Benchmark,
): string {
  const { version, nodes, fits } = misfit;
  const on =
    nodes.length > 3 ? `${nodes.slice(0, 2).join(', ')} and ${nodes.length - 2} more` : nodes.join(', ');
  const short = (parseVersion(version) ?? []).slice(0, 2).join('.');
  const beyond = newerThanAll(profile.benchmarks, parseVersion(version))
    ? ` ${short} is newer than every published benchmark here; look for a newer k8s-harden.`
    : '';
  const head = `${profile.distribution.title} ${version} on ${on}: ${benchmarkName(benchmark)} is for Kubernetes ${rangeWords(benchmark.kubernetes)}.`;
  if (fits) return `${head} For ${short} there is: ${benchmarkName(fits)}.${beyond}`;
  const other =
    misfit.nearest.id === benchmark.id
      ? 'this one comes nearest'
      : `${benchmarkName(misfit.nearest)}, for ${rangeWords(misfit.nearest.kubernetes)}, comes nearest`;
  return `${head} No benchmark here is made for ${short}; ${other}.${beyond}`;
}

/** Whether a version lies beyond every benchmark that ends: what is for all newer ones was published before it. */
export function newerThanAll(benchmarks: readonly Benchmark[], version: Version | undefined): boolean {
  const ending = benchmarks.filter((b) => b.kubernetes.includes('<'));
  return (
    version !== undefined &&
    ending.length > 0 &&
    ending.every(
      ({ kubernetes }) =>
        !inRange(version, kubernetes) && edgesOf([kubernetes]).every((edge) => isUpTo(edge, version)),
    )
  );
}

/** Whether an edge is no newer minor version than this one. */
function isUpTo(edge: Version, version: Version): boolean {
  return edge[0] < version[0] || (edge[0] === version[0] && edge[1] <= version[1]);
}

/** A benchmark's title up to its first comma. */
export function benchmarkName(benchmark: Benchmark): string {
  return benchmark.title.split(',')[0] ?? benchmark.title;
}

/** The least distance in minor versions; of two as near the older, since a newer one asks for what is not there yet. */
function nearest(
  version: Version,
  { benchmarks }: Pick<Profile, 'benchmarks'>,
  chosen: Benchmark,
): Benchmark {
  const ranked = benchmarks
    .map((benchmark) => ({ benchmark, away: distance(version, benchmark.kubernetes) }))
    .toSorted((a, b) => Math.abs(a.away) - Math.abs(b.away) || b.away - a.away);
  return ranked[0]?.benchmark ?? chosen;
}

/** By how many minor versions a version is newer than the nearest bound of a range; negative when older. */
function distance(version: Version, range: string): number {
  const bounds = [...range.matchAll(/(>=|<=|>|<|=)?(\d+)\.(\d+)(\.\d+)?/g)].map(
    ([, sign, major, minor, patch]) => {
      const last = sign === '<' && (patch === undefined || patch === '.0') ? 1 : 0;
      return (version[0] - Number(major)) * 1000 + version[1] - (Number(minor) - last);
    },
  );
  return bounds.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0] ?? Number.MAX_SAFE_INTEGER;
}
