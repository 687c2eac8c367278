import { isDeepStrictEqual } from 'node:util';
import { kernelPath } from '../domain/commands.ts';
import { folderOf } from '../domain/path.ts';
import type { LabFile, LabNode } from './state.ts';

/** The time of files whose own time nobody stated. */
export const longAgo = 1_700_000_000;

/** Folders that every machine has, whether the practice data names them or not. */
const everywhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    '/ /etc /etc/default /etc/sysctl.d /home /proc /proc/sys /run /usr /usr/bin /usr/lib /usr/lib/sysctl.d /usr/local /usr/local/bin /var /var/lib /var/log'
      .split(' ')
      .map((path) => [path, '0755']),
  ),
  '/root': '0700',
  '/tmp': '1777',
};

/** The file or folder at a path: stated, implied by what lies below it, or shown from the node's other state. */
export function fileAt(node: LabNode, path: string): LabFile | undefined {
  return shownAt(node, path) ?? node.files[path] ?? impliedFolder(node, path);
}

/** Whether a path is made up from the node's other state, so that no step may write it as a file. */
export function isShown(path: string): boolean {
  return /^\/(proc|sys|dev)(\/|$)/.test(path) || /^\/etc\/(passwd|group|shadow|gshadow)-?$/.test(path);
}

/** All files and folders below a path, and the path itself when something is there. */
export function tree(node: LabNode, path: string): readonly (readonly [string, LabFile])[] {
  const inside = path === '/' ? '/' : `${path}/`;
  const below = Object.keys(node.files).filter((at) => at.startsWith(inside));
  const paths = new Set([path, ...below.flatMap((at) => [...foldersBetween(path, at), at])]);
  return [...paths].flatMap((at) => {
    const file = node.files[at] ?? impliedFolder(node, at);
    return file ? [[at, file] as const] : [];
  });
}

function foldersBetween(top: string, path: string): readonly string[] {
  const folder = folderOf(path);
  return folder.length <= top.length ? [] : [...foldersBetween(top, folder), folder];
}

/** The paths and texts of the files directly in a folder whose names end in `suffix`, sorted by name bytes. */
export function textsIn(node: LabNode, folder: string, suffix: string) {
  return tree(node, folder)
    .filter(([path]) => path !== folder && folderOf(path) === folder && path.endsWith(suffix))
    .flatMap(([path, file]) => (file.text === undefined ? [] : [{ path, text: file.text }]))
    .sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** A node with one file replaced, or taken away when `file` is undefined. A folder stated as implied is not stated. */
export function withFile(node: LabNode, path: string, file: LabFile | undefined): LabNode {
  const { [path]: _, ...rest } = node.files;
  const without = { ...node, files: rest };
  return file && !isDeepStrictEqual(file, impliedFolder(without, path))
    ? { ...node, files: { ...rest, [path]: file } }
    : without;
}

/** The line of a user in /etc/passwd. */
export function passwdLine(node: LabNode, name: string): string | undefined {
  const account = node.accounts[name];
  return (
    account && `${name}:x:${account.uid}:${account.gid}:${account.comment}:${account.home}:${account.shell}`
  );
}

/** The line of a group in /etc/group. */
export function groupLine(node: LabNode, name: string): string | undefined {
  return node.groups[name] === undefined ? undefined : `${name}:x:${node.groups[name]}:`;
}

/** A `stat` answer in the form `readStat` takes apart. */
export function statText(node: LabNode, file: LabFile): string {
  const owner = person(file.owner, node.accounts[file.owner]?.uid);
  const group = person(file.group, node.groups[file.group]);
  const size = file.text === undefined ? 4096 : Buffer.byteLength(file.text);
  const type = file.text === undefined ? 'directory' : size === 0 ? 'regular empty file' : 'regular file';
  const mode = Number.parseInt(file.mode, 8).toString(8);
  const parts = [mode, owner.name, group.name, owner.id, group.id, size, file.modified, file.modified, type];
  return parts.join('|');
}

function person(name: string, id: number | undefined): { readonly name: string; readonly id: number } {
  return id === undefined ? { name: 'UNKNOWN', id: Number(name) } : { name, id };
}

function shownAt(node: LabNode, path: string): LabFile | undefined {
  const text = shownText(node, path);
  return text === undefined
    ? undefined
    : { mode: '0644', owner: 'root', group: 'root', text, modified: node.booted };
}

function shownText(node: LabNode, path: string): string | undefined {
  if (path === '/etc/passwd') return lines(node.accounts, (name) => passwdLine(node, name));
  if (path === '/etc/group') return lines(node.groups, (name) => groupLine(node, name));
  if (path === '/etc/machine-id') return `${node.machineId}\n`;
  if (!path.startsWith('/proc/sys/')) return undefined;
  const key = Object.keys(node.kernel).find((each) => kernelPath(each) === path);
  return key === undefined ? undefined : `${node.kernel[key]}\n`;
}

function lines(of: Readonly<Record<string, unknown>>, line: (name: string) => string | undefined): string {
  return Object.keys(of)
    .map((name) => `${line(name)}\n`)
    .join('');
}

function impliedFolder(node: LabNode, path: string): LabFile | undefined {
  const inside = `${path}/`;
  const mode =
    everywhere[path] ?? (Object.keys(node.files).some((at) => at.startsWith(inside)) ? '0755' : undefined);
  return mode === undefined ? undefined : { mode, owner: 'root', group: 'root', modified: longAgo };
}
