import { folderOf } from '../domain/path.ts';
import { fileAt } from './files.ts';
import type { LabNode } from './state.ts';

/** Whether an account may read (`r`) or pass through (`x`) a path, by the modes of the path and of all folders above it. */
export function mayAccess(node: LabNode, path: string, user: string, want: 'r' | 'x'): boolean {
  for (let at = path; at !== '/'; at = folderOf(at)) {
    if (!allowed(node, at, user, at === path ? want : 'x')) return false;
  }
  return true;
}

function allowed(node: LabNode, path: string, user: string, want: 'r' | 'x'): boolean {
  const file = fileAt(node, path);
  if (!file) return false;
  const account = node.accounts[user];
  const bit = want === 'r' ? 4 : 1;
  const [, owner, group, other] = [...file.mode].map(Number);
  // Root reads everything, and passes wherever it is a folder or anybody may execute.
  if (account?.uid === 0) return want === 'r' || file.text === undefined || /[1357]/.test(file.mode.slice(1));
  if (file.owner === user) return ((owner ?? 0) & bit) !== 0;
  const shares = account !== undefined && node.groups[file.group] === account.gid;
  return (((shares ? group : other) ?? 0) & bit) !== 0;
}
