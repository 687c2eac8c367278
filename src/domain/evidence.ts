import { type Answer, known, type Read, unread, whyNot } from './answer.ts';
import { perText } from './per-text.ts';

/** What `stat` says of a path: mode as four octal digits, times in seconds since 1970. */
export type Stat = {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** When its content was written, as the file says: a copy may keep the time of its original. */
  readonly modified: number;
  /** When the system last saw it change in any way, which nobody can set back. */
  readonly changed: number;
  readonly type: 'file' | 'folder' | 'other';
};

/** Since when a file may be as it is: the later of its two times. */
export function newestTime(stat: Stat): number {
  return Math.max(stat.modified, stat.changed);
}

/** A file's name and text, as `folder` and `sysctl-files` answer them. */
export type NamedText = { readonly path: string; readonly text: string };

/** What `stat -c` is asked to print of a path, as `readStat` takes it apart. */
export const statFormat = '%a|%U|%G|%u|%g|%s|%Y|%Z|%F';

/** Reads a `stat` answer in the form of `statFormat`; undefined when the path is not there. */
export function readStat(answer: Answer, path: string): Read<Stat | undefined> {
  if (answer.kind === 'absent') return known(undefined);
  if (answer.kind !== 'said') return unread(whyNot(answer, path));
  const [mode, owner, group, uid, gid, size, modified, changed, ...type] = answer.text.trim().split('|');
  if (!mode || !/^[0-7]{1,4}$/.test(mode) || !owner || !group)
    return unread(`stat of ${path} is not readable`);
  const word = type.join('|');
  return known({
    mode: mode.padStart(4, '0'),
    // A number without a name would come back as nobody's.
    owner: owner === 'UNKNOWN' && uid ? uid : owner,
    group: group === 'UNKNOWN' && gid ? gid : group,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    modified: Number(modified),
    changed: Number(changed),
    type: word === 'directory' ? 'folder' : word.startsWith('regular') ? 'file' : 'other',
  });
}

/** Reads a `file` answer; undefined when the file is not there. */
export function readFile(answer: Answer, path: string): Read<string | undefined> {
  if (answer.kind === 'absent') return known(undefined);
  return answer.kind === 'said' ? known(answer.text) : unread(whyNot(answer, path));
}

/** Reads a `folder` or `sysctl-files` answer: the form of `formatNamedTexts`; an absent folder has no files. */
export function readNamedTexts(answer: Answer, what: string): Read<readonly NamedText[]> {
  if (answer.kind === 'absent') return known([]);
  if (answer.kind !== 'said') return unread(whyNot(answer, what));
  return known(parseNamedTexts(answer.text));
}

/** Reads the `Key=Value` lines of a `unit` answer; the values of a key that has several lines are joined by line breaks. */
export function readUnit(answer: Answer, name: string): Read<ReadonlyMap<string, string>> {
  if (answer.kind !== 'said') return unread(whyNot(answer, `unit ${name}`));
  const values = new Map<string, string>();
  for (const line of answer.text.split('\n')) {
    const at = line.indexOf('=');
    const [key, value] = [line.slice(0, at), line.slice(at + 1)];
    const before = values.get(key);
    if (at > 0) values.set(key, before === undefined ? value : `${before}\n${value}`);
  }
  return values.size > 0 ? known(values) : unread(`unit ${name} gave an empty answer`);
}

/** Reads a `process` answer: one line a process, arguments separated by U+0001; undefined when none runs. */
export function readProcess(answer: Answer, name: string): Read<readonly (readonly string[])[] | undefined> {
  if (answer.kind === 'absent') return known(undefined);
  if (answer.kind !== 'said') return unread(whyNot(answer, `process ${name}`));
  const processes = processesIn(answer.text);
  return known(processes.length === 0 ? undefined : processes);
}

const processesIn = perText((text): readonly (readonly string[])[] =>
  text
    .split('\u0002')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\u0001$/, '').split('\u0001')),
);

/** Reads an `object` answer as JSON; undefined when the object is not there. */
export function readObject(answer: Answer, what: string): Read<unknown> {
  if (answer.kind === 'absent') return known(undefined);
  if (answer.kind !== 'said') return unread(whyNot(answer, what));
  try {
    return known(JSON.parse(answer.text));
  } catch {
    return unread(`${what} is not JSON`);
  }
}

/** Takes apart the text of several files: each preceded by a line `\u0001path`, followed by `\u0002`. */
export const parseNamedTexts = perText((text): readonly NamedText[] =>
  text
    .split('\u0002')
    .map((part) => part.slice(part.indexOf('\u0001') + 1))
    .flatMap((part) => {
      const at = part.indexOf('\n');
      return at > 0 ? [{ path: part.slice(0, at), text: part.slice(at + 1) }] : [];
    }),
);

/** The form that `parseNamedTexts` takes apart. */
export function formatNamedTexts(files: readonly NamedText[]): string {
  return files.map((f) => `\u0001${f.path}\n${f.text}\u0002`).join('');
}
