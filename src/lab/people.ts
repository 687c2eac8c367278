import type { LabFile, LabNode, LabPeople } from './state.ts';

/** The first number below 1000 that is free as a user's and as a group's, from the top, as `useradd -r` takes it. */
export function freeSystemId(node: LabNode): number {
  const taken = new Set([...Object.values(node.accounts).map((a) => a.uid), ...Object.values(node.groups)]);
  for (let id = 999; id > 100; id--) if (!taken.has(id)) return id;
  throw new Error('the lab node has no free system id');
}

/**
 * A node with other account and group files. Files keep numbers, not names: what belonged to somebody who is gone shows
 * his number, and what has the number of somebody new is his.
 */
export function withPeople(node: LabNode, next: LabPeople): LabNode {
  const owner = renaming(uids(node.accounts), uids(next.accounts));
  const group = renaming(node.groups, next.groups);
  const renamed = (file: LabFile): LabFile => ({
    ...file,
    owner: owner(file.owner),
    group: group(file.group),
  });
  const files = Object.fromEntries(Object.entries(node.files).map(([path, file]) => [path, renamed(file)]));
  return { ...node, accounts: next.accounts, groups: next.groups, files };
}

/** A node without an account, and without the group of its name when that was made with it. */
export function withoutAccount(node: LabNode, name: string, withGroup: boolean): LabNode {
  const { [name]: account, ...accounts } = node.accounts;
  const { [name]: group, ...others } = node.groups;
  const own = withGroup && account !== undefined && group === account.gid;
  return withPeople(node, { accounts, groups: own ? others : node.groups });
}

type Numbers = Readonly<Record<string, number>>;

function uids(accounts: LabPeople['accounts']): Numbers {
  return Object.fromEntries(Object.entries(accounts).map(([name, { uid }]) => [name, uid]));
}

function renaming(before: Numbers, after: Numbers): (name: string) => string {
  return (name) => {
    const id = before[name] ?? Number(name);
    if (after[name] === id || Number.isNaN(id)) return name;
    return Object.keys(after).find((other) => after[other] === id) ?? String(id);
  };
}
