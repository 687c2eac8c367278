import type { Stat } from '../domain/evidence.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { oldFile, type SysctlFile } from './sysctl-files.ts';
import { withSysctl } from './sysctl-lines.ts';
import { afterWriting, bootWinner, type Setter } from './sysctl-precedence.ts';
import { refused, writeFile } from './write.ts';

/** What is to hold at the next boot: any of `values`, the first where a line must be written; `file` is our own. */
type Aim = { readonly key: string; readonly values: readonly string[]; readonly file: string };

type Refusal = Extract<Plan, { kind: 'refused' }>;

/** Ends a search that corrects one winning line after the other; no machine has so many. */
const most = 20;

/**
 * The writes after which each key has an accepted value at the next boot. A line of the operator's that wins with another value is
 * corrected where it stands, its old text kept above it as a comment; what cannot be edited there is outdone by our own file.
 */
export function correctedFiles(
  aims: readonly Aim[],
  files: readonly SysctlFile[],
  stats: ReadonlyMap<string, Stat>,
): readonly Step[] | Refusal {
  const texts = new Map<string, string>();
  let then = files;
  for (const aim of aims) {
    const more = corrections(aim, then);
    if ('kind' in more) return more;
    for (const [path, text] of more) {
      texts.set(path, text);
      then = written(then, path, text);
    }
  }
  return steps(
    texts,
    files,
    stats,
    aims.map((aim) => aim.file),
  );
}

/** The new texts of the files that must change for one key. */
function corrections(aim: Aim, files: readonly SysctlFile[]): ReadonlyMap<string, string> | Refusal {
  const texts = new Map<string, string>();
  let then = files;
  for (let round = 0; round < most; round++) {
    const winner = bootWinner(then, aim.key);
    if (winner?.value !== undefined && aim.values.includes(winner.value)) return texts;
    const path = (winner && editable(winner, then)) ?? aim.file;
    if (path === aim.file && texts.has(path)) return outdone(aim, winner, then);
    const before = then.find((f) => f.path === path)?.text;
    const [value = ''] = aim.values;
    const text =
      winner && path !== aim.file
        ? corrected(before ?? '', winner.line, aim.key, value)
        : withSysctl(before ?? '', aim.key, value);
    texts.set(path, text);
    then = written(then, path, text);
  }
  return outdone(aim, bootWinner(then, aim.key), then);
}

/** The files as they would be after these steps. */
export function afterSteps(files: readonly SysctlFile[], done: readonly Step[]): readonly SysctlFile[] {
  return done.reduce(
    (all, step) => (step.kind === 'write-file' ? written(all, step.path, step.content) : all),
    files,
  );
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
  return `${/^\s*-/.test(was) ? '-' : ''}${name} = ${value}`;
}

/**
 * The file in which a line can be corrected: that which a link to the old file leads to, not the link. Undefined for what packages own,
 * for a pattern, which stands for more keys than this one, and for a link to anywhere else.
 */
function editable(winner: Setter, files: readonly SysctlFile[]): string | undefined {
  const shown = files.find((f) => f.path === winner.path);
  const file = shown?.link === oldFile ? files.find((f) => f.path === oldFile) : shown;
  if (!file || file.link !== undefined || winner.glob || !winner.alone) return undefined;
  return file.path.startsWith('/etc/') ? file.path : undefined;
}

/** The files with one written; a link to it shows its new text as well. */
function written(files: readonly SysctlFile[], path: string, text: string): readonly SysctlFile[] {
  const links = files.filter((f) => f.path !== path && f.link === path);
  return [...links.map((f) => f.path), path].reduce((all, each) => afterWriting(all, each, text), files);
}

function steps(
  texts: ReadonlyMap<string, string>,
  files: readonly SysctlFile[],
  stats: ReadonlyMap<string, Stat>,
  own: readonly string[],
): readonly Step[] | Refusal {
  const planned: Step[] = [];
  for (const [path, text] of texts) {
    const file = files.find((f) => f.path === path);
    if (file?.link !== undefined) return isLink(path);
    const before = file?.text;
    // Our own may be one that another control has only planned to write.
    if (before !== undefined && !stats.has(path) && !own.includes(path))
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

/** Why a file that is a link is not written. */
export function isLink(path: string): Refusal {
  return refused(
    `${path} is a symbolic link, and a change would miss what it points to`,
    `Put a file in its place, or take the link away; then ask again.`,
  );
}

function outdone(
  { key, values, file }: Aim,
  winner: Setter | undefined,
  files: readonly SysctlFile[],
): Refusal {
  const by = winner ? `${winner.path}:${winner.line}` : 'another line';
  const linked = files.some((f) => f.path === winner?.path && f.link !== undefined);
  return refused(
    `${by} sets ${key} to ${winner?.value ?? 'nothing'} after ${file} at boot, and is ${linked ? 'reached through a symbolic link' : 'not ours to edit'}`,
    winner?.path.startsWith('/etc/')
      ? `Take that line out by hand, or let it set ${values[0]}; then ask again.`
      : `Copy ${winner?.path ?? 'that file'} to /etc/sysctl.d under the same name and let line ${winner?.line} there set ${values[0]}; then ask again.`,
  );
}
