import type { NamedText } from '../domain/evidence.ts';
import { covers, parseSysctl, type SysctlLine, sysctlPath } from './sysctl-lines.ts';

/**
 * A line of a file that sets a key, and what it counts for at boot: it `applies`; it `yields` (a pattern, while another line
 * names the key outright); its file is `masked` by one of the same name; or its file is `not-read` at boot.
 */
export type Setter = {
  readonly path: string;
  readonly line: number;
  readonly value: string | undefined;
  readonly counts: 'applies' | 'yields' | 'masked' | 'not-read';
  /** It says so by a pattern, which may cover other keys too. */
  readonly glob: boolean;
};

/** Folders of sysctl files; of files with one name, that in the earlier folder masks the others. */
const folders = [
  '/etc/sysctl.d',
  '/run/sysctl.d',
  '/usr/local/lib/sysctl.d',
  '/usr/lib/sysctl.d',
  '/lib/sysctl.d',
];

/** Read by nobody at boot unless something in a folder links to it; `sysctl --system` and `sysctl -p` do read it. */
const oldFile = '/etc/sysctl.conf';

const ufwDefaults = '/etc/default/ufw';

/** Every line that sets a key, in the order in which they are applied at boot; those that are not applied come last. */
export function setters(files: readonly NamedText[], key: string): readonly Setter[] {
  const path = sysctlPath(key);
  const sorted = atBoot(files);
  const boot = sorted.flatMap((file) => hits(file, path));
  const named = boot.some((hit) => !hit.glob);
  const applied = boot.map((hit) => setter(hit, named && hit.glob ? 'yields' : 'applies'));
  const firewall = ufwFile(files);
  const later = firewall ? hits(firewall, path).map((hit) => setter(hit, 'applies')) : [];
  const rest = files
    .filter((f) => !sorted.includes(f) && f !== firewall && f.path !== ufwDefaults)
    .flatMap((f) => hits(f, path).map((hit) => setter(hit, rankOf(f.path) < 0 ? 'not-read' : 'masked')))
    .filter((s) => s.path !== oldFile || !isLinked(files));
  return [...applied, ...later, ...rest];
}

/** The line whose value a key has after the next boot; undefined when no file sets it. */
export function bootWinner(files: readonly NamedText[], key: string): Setter | undefined {
  const applied = setters(files, key).filter((s) => s.counts === 'applies');
  const firewall = ufwFile(files)?.path;
  const last = applied.findLast((s) => s.path === firewall && s.value !== undefined);
  const winner = last ?? applied.findLast((s) => s.path !== firewall);
  return winner?.value === undefined ? undefined : winner;
}

/** The files as they would be with this one written. */
export function afterWriting(files: readonly NamedText[], path: string, text: string): readonly NamedText[] {
  return [...files.filter((f) => f.path !== path), { path, text }];
}

/** A file of the same name in another folder, which a new file at `path` would put out of force. */
export function maskedBy(files: readonly NamedText[], path: string): string | undefined {
  return files.find((f) => f.path !== path && rankOf(f.path) >= 0 && nameOf(f.path) === nameOf(path))?.path;
}

type Hit = SysctlLine & { readonly path: string };

function atBoot(files: readonly NamedText[]): readonly NamedText[] {
  const byName = new Map<string, NamedText>();
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

function hits(file: NamedText, key: string): readonly Hit[] {
  return parseSysctl(file.text)
    .filter((l) => (l.glob ? covers(l.key, key) && l.value !== undefined : l.key === key))
    .map((l) => ({ ...l, path: file.path }));
}

function setter(hit: Hit, counts: Setter['counts']): Setter {
  return { path: hit.path, line: hit.line, value: hit.value, counts, glob: hit.glob };
}

/** The firewall's own file is applied whenever ufw starts, which is after all others. */
function ufwFile(files: readonly NamedText[]): NamedText | undefined {
  const defaults = files.find((f) => f.path === ufwDefaults);
  const path = /^\s*IPT_SYSCTL=["']?([^"'\s#]+)/m.exec(defaults?.text ?? '')?.[1];
  return path === undefined ? undefined : files.find((f) => f.path === path && rankOf(f.path) < 0);
}

/** The old file, where a file in a folder is a link to it: such a link shows as a file with the very text of what it points to. */
export function linkedOldFile(files: readonly NamedText[], path: string): string | undefined {
  const old = files.find((f) => f.path === oldFile);
  const own = files.find((f) => f.path === path);
  return old !== undefined && rankOf(path) >= 0 && own?.text === old.text ? oldFile : undefined;
}

function isLinked(files: readonly NamedText[]): boolean {
  return files.some((f) => linkedOldFile(files, f.path) !== undefined);
}

function rankOf(path: string): number {
  return folders.indexOf(path.slice(0, path.lastIndexOf('/')));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
