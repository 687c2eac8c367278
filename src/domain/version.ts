/** A Kubernetes version as numbers; the build (`+rke2r1`) does not take part in comparisons. */
export type Version = readonly [major: number, minor: number, patch: number];

/** Reads `v1.33.6+rke2r1`, `1.25` or a line that contains one; undefined when there is none. */
export function parseVersion(text: string): Version | undefined {
  const found = /v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return found ? [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)] : undefined;
}

/** Negative, zero or positive as `a` is older than, the same as, or newer than `b`. */
export function compareVersions(a: Version, b: Version): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

/** Whether a range text is one we understand: comparisons joined by spaces (and) and `||` (or). */
export function isRange(range: string): boolean {
  return range.split('||').every((part) =>
    part
      .trim()
      .split(/\s+/)
      .every((c) => /^(>=|<=|>|<|=)?\d+\.\d+(\.\d+)?$/.test(c)),
  );
}

/** Whether `version` lies in `range`, for example `>=1.21 <1.24 || >=1.30.14 <1.31`. */
export function inRange(version: Version, range: string): boolean {
  return range.split('||').some((part) =>
    part
      .trim()
      .split(/\s+/)
      .every((comparison) => holds(version, comparison)),
  );
}

/**
 * Where any of these ranges may begin or end: what holds at these versions, of all ranges or of a few, holds everywhere, since
 * between two of them nothing changes.
 */
export function edgesOf(ranges: readonly string[]): readonly Version[] {
  const bounds = ranges
    .flatMap((range) => range.match(/\d+\.\d+(\.\d+)?/g) ?? [])
    .map((text) => parseVersion(text) ?? [0, 0, 0]);
  return [
    [0, 0, 0],
    ...bounds.flatMap(([major, minor, patch]): Version[] => [
      [major, minor, patch],
      [major, minor, patch + 1],
    ]),
  ];
}

/** The version with which a range begins; 0.0.0 when it has no beginning. */
export function lowestOf(range: string): Version {
  const begins = range
    .split('||')
    .map(
      (part) => parseVersion(/(?:>=?|(?:^|\s)=?)(\d[\d.]*)/.exec(part)?.[1] ?? '') ?? ([0, 0, 0] as const),
    );
  return begins.toSorted(compareVersions)[0] ?? [0, 0, 0];
}

/** A range of versions in words: `>=1.21 <1.24` is `1.21 to 1.23`, `>=1.25` is `1.25 and newer`. */
export function rangeWords(range: string): string {
  return range
    .split('||')
    .map((part) => {
      const plain = /^>=(\d+)\.(\d+)(?: <\1\.(\d+))?$/.exec(part.trim());
      if (!plain) return part.trim().split(/\s+/).map(comparisonWords).join(', ');
      const [, major, from, before] = plain;
      if (before === undefined) return `${major}.${from} and newer`;
      const last = Number(before) - 1;
      return last <= Number(from) ? `${major}.${from}` : `${major}.${from} to ${major}.${last}`;
    })
    .join('; or ');
}

function comparisonWords(comparison: string): string {
  return comparison
    .replace(/^>=/, 'from ')
    .replace(/^<=/, 'up to ')
    .replace(/^>/, 'after ')
    .replace(/^</, 'before ')
    .replace(/^=/, '');
}

function holds(version: Version, comparison: string): boolean {
  const bound = parseVersion(comparison);
  if (!bound) return false;
  const order = compareVersions(version, bound);
  if (comparison.startsWith('>=')) return order >= 0;
  if (comparison.startsWith('<=')) return order <= 0;
  if (comparison.startsWith('>')) return order > 0;
  if (comparison.startsWith('<')) return order < 0;
  return order === 0;
}
