import type { NamedText, Stat } from '../domain/evidence.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { sysctlPath, withSysctl } from './sysctl-lines.ts';
import { afterWriting, bootWinner, linkedOldFile, type Setter } from './sysctl-precedence.ts';
import { refused, writeFile } from './write.ts';

/** What is to hold at the next boot: any of `values`, the first where a line must be written; `file` is our own. */
type Aim = { readonly key: string; readonly values: readonly string[]; readonly file: string };

type Refusal = Extract<Plan, { kind: 'refused' }>;

/** Ends a search that corrects one winning line after the other; no machine has so many. */
const most = 20;

/**
 * The writes after which a key has an accepted value at the next boot. A line of the operator's that wins with another value is
 * corrected where it stands, its old text kept above it as a comment; what cannot be edited there is outdone by our own file.
 */
export function correctedFiles(
  aim: Aim,
  files: readonly NamedText[],
  stats: ReadonlyMap<string, Stat>,
): readonly Step[] | Refusal {
  const texts = new Map<string, string>();
  let then = files;
  for (let round = 0; round < most; round++) {
    const winner = bootWinner(then, aim.key);
    if (winner?.value !== undefined && aim.values.includes(winner.value)) return steps(texts, files, stats);
    const path = winner && editable(winner, then) ? placeOf(winner, then) : aim.file;
    if (path === aim.file && texts.has(path)) return outdone(aim, winner);
    const before = then.find((f) => f.path === path)?.text;
    const [value = ''] = aim.values;
    const text =
      winner && path !== aim.file
        ? corrected(before ?? '', winner.line, aim.key, value)
        : withSysctl(before ?? '', aim.key, value);
    texts.set(path, text);
    then = written(then, path, text);
  }
  return outdone(aim, bootWinner(then, aim.key));
}

/** A line of a sysctl file set to another value, what it said before kept above it. */
export function corrected(text: string, line: number, key: string, value: string): string {
  const lines = text.split('\n');
  const was = lines[line - 1] ?? '';
  lines.splice(line - 1, 1, `# was: ${was.trim()}`, spelled(was, key, value));
  return lines.join('\n');
}

/** In the form in which the line wrote its key: with dots or slashes, and with the dash that forgives errors. */
function spelled(was: string, key: string, value: string): string {
  const name = /^\s*-?\s*([^=\s]+)/.exec(was)?.[1] ?? key;
  return `${/^\s*-/.test(was) ? '-' : ''}${sysctlPath(name) === sysctlPath(key) ? name : key} = ${value}`;
}

/** Packages own what lies outside /etc, and a pattern stands for more keys than this one. */
function editable(winner: Setter, files: readonly NamedText[]): boolean {
  return winner.path.startsWith('/etc/') && !winner.glob && files.some((f) => f.path === winner.path);
}

/** The file to edit: that which a link in the folder leads to, not the link. */
function placeOf(winner: Setter, files: readonly NamedText[]): string {
  return linkedOldFile(files, winner.path) ?? winner.path;
}

/** The files with one written; a link to it shows its new text as well. */
function written(files: readonly NamedText[], path: string, text: string): readonly NamedText[] {
  const links = files.filter((f) => f.path !== path && linkedOldFile(files, f.path) === path);
  return [...links.map((f) => f.path), path].reduce((all, each) => afterWriting(all, each, text), files);
}

function steps(
  texts: ReadonlyMap<string, string>,
  files: readonly NamedText[],
  stats: ReadonlyMap<string, Stat>,
): readonly Step[] | Refusal {
  const planned: Step[] = [];
  for (const [path, text] of texts) {
    const before = files.find((f) => f.path === path)?.text;
    if (before !== undefined && !stats.has(path))
      return refused(
        `who owns ${path}, and its mode, is not known`,
        'Ask again; if it stays so, correct that file by hand.',
      );
    const step = writeFile(path, before, text, stats.get(path), {
      mode: '0644',
      owner: 'root',
      group: 'root',
    });
    if (step.kind === 'refused') return step;
    planned.push(step);
  }
  return planned;
}

function outdone({ key, values, file }: Aim, winner: Setter | undefined): Refusal {
  const by = winner ? `${winner.path}:${winner.line}` : 'another line';
  return refused(
    `${by} sets ${key} to ${winner?.value ?? 'nothing'} after ${file} at boot, and is not ours to edit`,
    `Copy ${winner?.path ?? 'that file'} to /etc/sysctl.d under the same name and set ${key} = ${values[0]} there; then ask again.`,
  );
}
