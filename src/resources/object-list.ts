import { type Answer, known, type Read, unread } from '../domain/answer.ts';
import { readObject } from '../domain/evidence.ts';
import { mark } from './fingerprint.ts';
import { valueAt } from './tree.ts';

/** A Kubernetes object as far as we look at it. */
export type Item = {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly tree: unknown;
};

/** The objects of a `get`: the items of a list, or the one object. Absent or not a list of objects is not an answer. */
export function readItems(answer: Answer, what: string): Read<readonly Item[]> {
  const json = readObject(answer, what);
  if (!json.known) return json;
  if (json.value === undefined) return unread(`${what} does not exist`);
  const items = valueAt(json.value, ['items']);
  const trees = Array.isArray(items) ? items : [json.value];
  const read = trees.map(itemOf);
  const whole = read.filter((item) => item !== undefined);
  return whole.length === read.length
    ? known(whole)
    : unread(`${what} holds something that is not an object`);
}

/** An object as `namespace/name`. */
export function itemName(item: Item): string {
  return item.namespace === undefined ? item.name : `${item.namespace}/${item.name}`;
}

/** A list for the screen: five names at most, and how many more there are. */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/**
 * The same for what was found, which may be waived as it is: of the names that are not shown it says in a word whether they are
 * still those.
 */
export function foundList(names: readonly string[]): string {
  return names.length > 5
    ? `${shortList(names)} (list ${mark(names.toSorted().join('\n'))})`
    : shortList(names);
}

/** The names in the JSON of a list, one a line; undefined when it is not one. */
export function namesOf(text: string): string | undefined {
  const items = readItems({ kind: 'said', text }, 'the list');
  return items.known ? items.value.map(itemName).join('\n') || 'an empty list' : undefined;
}

function itemOf(tree: unknown): Item | undefined {
  const name = valueAt(tree, ['metadata', 'name']);
  const namespace = valueAt(tree, ['metadata', 'namespace']);
  if (typeof name !== 'string') return undefined;
  return { name, namespace: typeof namespace === 'string' ? namespace : undefined, tree };
}
