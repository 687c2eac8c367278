import { oldFile, type SysctlFile, ufwDefaults, ufwFile } from './sysctl-files.ts';
import { covers, kernelValue, namesOf, parseSysctl, type SysctlLine } from './sysctl-lines.ts';

/**
 * A line of a file that sets a key, and what it counts for at boot: it `applies`; it `yields` (a pattern, while another line
 * names the key outright); it `repeats` an earlier line and counts in the place of that; its file is `masked` by one of the
 * same name; or its file is `not-read` at boot.
 */
export type Setter = {
  readonly path: string;
  readonly line: number;
  readonly value: string | undefined;
  readonly counts: 'applies' | 'yields' | 'repeats' | 'masked' | 'not-read';
  /** It says so by a pattern, which may cover other keys too. */
  readonly glob: boolean;
  /** Nothing else stands in its line, so that it can be edited. */
  readonly alone: boolean;
};

/** Folders of sysctl files; of files with one name, that in the earlier folder masks the others. */
const folders = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
];

/** Every line that sets a key, in the order in which they are applied at boot; those that are not applied come last. */
export function setters(files: readonly SysctlFile[], key: string): readonly Setter[] {
  return reading(files, key).all;
}

/** The line whose value a key has after the next boot; undefined when no file sets it. */
export function bootWinner(files: readonly SysctlFile[], key: string): Setter | undefined {
  return reading(files, key).winner;
}

function reading(files: readonly SysctlFile[], key: string) {
  const names = namesOf(key);
  const sorted = atBoot(files);
  const boot = sorted.flatMap((file) => hits(file, names));
  const { live, repeats } = keptLines(boot);
  const named = live.filter((hit) => !hit.glob).map((hit) => hit.key);
  const yields = (hit: Hit): boolean => hit.glob && hit.sets.every((name) => named.includes(name));
  const last = live.findLast((hit) => hit.value !== undefined && !yields(hit));
  const counts = (hit: Hit): Setter['counts'] => {
    if (yields(hit)) return 'yields';
    return repeats.has(hit) && hit !== last ? 'repeats' : 'applies';
  };
  const applied = [...boot.filter((hit) => !live.includes(hit)), ...live].map((hit) =>
    setter(hit, counts(hit)),
  );
  const firewall = ufwFile(files);
  const later = firewall ? hits(firewall, names).map((hit) => setter(hit, 'applies')) : [];
  const rest = files
    .filter((f) => !sorted.includes(f) && f !== firewall && f.path !== ufwDefaults)
    .flatMap((f) => hits(f, names).map((hit) => setter(hit, rankOf(f.path) < 0 ? 'not-read' : 'masked')))
    .filter((s) => s.path !== oldFile || !sorted.some((f) => f.link === oldFile));
  const winner = later.findLast((s) => s.value !== undefined) ?? (last && setter(last, 'applies'));
  return { all: [...applied, ...later, ...rest].filter((s) => s.value !== undefined || !s.glob), winner };
}

/**
 * The lines as systemd-sysctl keeps them: a later line of one name takes the place of an earlier one, except that one which says
 * the same leaves it where it was.
 */
function keptLines(boot: readonly Hit[]) {
  const byKey = new Map<string, Hit>();
  const repeats = new Set<Hit>();
  for (const hit of boot) {
    const before = byKey.get(hit.key);
    if (before && before.value === hit.value) repeats.add(hit);
    else byKey.delete(hit.key);
    byKey.set(hit.key, hit);
  }
  return { live: [...byKey.values()], repeats };
}

/** The files as they would be with this one written. */
export function afterWriting(
  files: readonly SysctlFile[],
  path: string,
  text: string,
): readonly SysctlFile[] {
  const before = files.find((f) => f.path === path);
  return [...files.filter((f) => f !== before), { ...before, path, text }];
}

/** A file of the same name in another folder, which a new file at `path` would put out of force. */
export function maskedBy(files: readonly SysctlFile[], path: string): string | undefined {
  return files.find((f) => f.path !== path && rankOf(f.path) >= 0 && nameOf(f.path) === nameOf(path))?.path;
}

/** A line with the names of the key that it sets. */
type Hit = SysctlLine & { readonly path: string; readonly sets: readonly string[] };

function atBoot(files: readonly SysctlFile[]): readonly SysctlFile[] {
  const byName = new Map<string, SysctlFile>();
  for (const file of files) {
    const rank = rankOf(file.path);
    if (rank < 0 || !file.path.endsWith('.conf')) continue;
    const other = byName.get(nameOf(file.path));
    if (!other || rank < rankOf(other.path)) byName.set(nameOf(file.path), file);
  }
  return [...byName.values()].toSorted((a, b) =>
    Buffer.compare(Buffer.from(nameOf(a.path)), Buffer.from(nameOf(b.path))),
  );
}

function hits(file: SysctlFile, names: readonly string[]): readonly Hit[] {
  return parseSysctl(file.text)
    .map((l) => ({
      ...l,
      sets: names.filter((n) => (l.glob ? covers(l.key, n) : l.key === n)),
      path: file.path,
    }))
    .filter((hit) => hit.sets.length > 0);
}

function setter(hit: Hit, counts: Setter['counts']): Setter {
  const { path, line, glob, alone } = hit;
  return {
    path,
    line,
    value: hit.value === undefined ? undefined : kernelValue(hit.value),
    counts,
    glob,
    alone,
  };
}

function rankOf(path: string): number {
  return folders.indexOf(path.slice(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
