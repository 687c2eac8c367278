import type { Profile } from './control.ts';
import { compareVersions, parseVersion, type Version } from './version.ts';

type Known = Pick<Profile, 'distribution' | 'benchmarks' | 'gates'>;

/** Why what is known here does not tell what becomes of an upgrade, each in one sentence; empty where it does. */
export function untoldOf(
  to: string,
  nodes: readonly { readonly version?: string }[],
  known: Known,
): readonly string[] {
  const { distribution, gates } = known;
  const { title, endOfLife } = distribution;
  const target = parseVersion(to) ?? [0, 0, 0];
  const runs = nodes
    .map((node) => parseVersion(node.version ?? ''))
    .filter((version): version is Version => version !== undefined)
    .toSorted(compareVersions);
  const [oldest] = runs;
  const newest = runs.at(-1);
  const last = parseVersion(endOfLife?.last ?? '');
  const end = knownUpTo(known);
  const said: string[] = [];
  if (newest && compareVersions(newest, target) > 0)
    said.push(`${to} is older than what runs; Kubernetes is not taken back.`);
  if (oldest && target[0] === oldest[0] && target[1] - oldest[1] > 1)
    said.push(
      `From ${short(oldest)} to ${short(target)} leaves versions out; Kubernetes goes one minor version at a time, so check each of them too.`,
    );
  if (last && isBeyond(target, last))
    said.push(
      `${title} was released with Kubernetes ${short(last)} last, so there is no ${short(target)} of it. ${endOfLife?.words ?? ''}`.trim(),
    );
  if (!gates?.length) said.push(`Nothing is recorded here of what versions of ${title} no longer take.`);
  else if (end && isBeyond(target, end))
    said.push(
      `What is known here ends with Kubernetes ${short(end)}, so what ${short(target)} no longer takes is not known; read its release notes, or look for a newer k8s-harden.`,
    );
  return said;
}

/** The newest minor version that a version gate or a benchmark names; what has no end says nothing of what is to come. */
function knownUpTo({ gates = [], benchmarks }: Known): Version | undefined {
  const ranges = [...gates.map((gate) => gate.versions), ...benchmarks.map((b) => b.kubernetes)];
  return ranges
    .flatMap((range) => [...range.matchAll(/(<=|<|)(\d+)\.(\d+)(\.[1-9]\d*)?/g)])
    .map(([, sign, major, minor, patch]): Version => {
      const before = sign === '<' && patch === undefined ? 1 : 0;
      return [Number(major), Number(minor) - before, 0];
    })
    .toSorted(compareVersions)
    .at(-1);
}

function isBeyond(version: Version, end: Version): boolean {
  return compareVersions([version[0], version[1], 0], [end[0], end[1], 0]) > 0;
}

function short([major, minor]: Version): string {
  return `${major}.${minor}`;
}
