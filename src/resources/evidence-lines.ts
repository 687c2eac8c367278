import { readProcess } from '../domain/evidence.ts';
import { flagValue } from './flags.ts';
import { type Item, itemName, readItems } from './object-list.ts';
import { treeSteps, valueAt } from './tree.ts';

/** What is shown of the objects of a list, and of which of them. */
type Shown = {
  readonly about?: readonly string[] | undefined;
  readonly having?: readonly string[] | undefined;
};

/** The objects in the JSON of a list, one a line; undefined when it is not one. */
export function objectLines(text: string, { about = [], having }: Shown): string | undefined {
  const items = readItems({ kind: 'said', text }, 'the list');
  if (!items.known) return undefined;
  const values = (item: Item) =>
    about
      .map((path) => [path, valueAt(item.tree, treeSteps(path))] as const)
      .filter(([, v]) => v !== undefined);
  const meant = items.value.filter((item) => {
    const searched = JSON.stringify(about.length > 0 ? values(item).map(([, v]) => v) : item.tree);
    return having === undefined || having.some((word) => searched.includes(word));
  });
  const lines = meant.map((item) =>
    [
      itemName(item),
      ...values(item).map(([path, v]) => `${path}=${typeof v === 'string' ? v : JSON.stringify(v)}`),
    ].join(' '),
  );
  if (lines.length > 0) return lines.join('\n');
  return having !== undefined && items.value.length > 0 ? `none of ${items.value.length}` : 'an empty list';
}

/** What running processes have for some flags, one process after another; empty when none was told of. */
export function flagLines(text: string, process: string, flags: readonly string[]): string {
  const read = readProcess({ kind: 'said', text }, process);
  const all = read.known ? (read.value ?? []) : [];
  return all
    .flatMap((args) => flags.map((flag) => `${process} --${flag} ${flagValue(args, flag) ?? 'not given'}`))
    .join('\n');
}
