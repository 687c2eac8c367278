import { mark } from './fingerprint.ts';

/** One step into a YAML or JSON tree: a name, or the number of a list item. */
export type TreeStep = string | number;

/** Takes a path apart: dots separate names, numbers count list items, `\.` is a dot inside a name. */
export function treeSteps(path: string): readonly TreeStep[] {
  return path
    .split(/(?<!\\)\./)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll('\\.', '.')));
}

/** The value at a path of a tree; undefined when there is none. */
export function valueAt(tree: unknown, path: readonly TreeStep[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return typeof step === 'number' ? value[step] : undefined;
    if (value === null || typeof value !== 'object') return undefined;
    return Object.hasOwn(value, step) ? (value as Record<TreeStep, unknown>)[step] : undefined;
  }, tree);
}

/**
 * Why a path cannot be followed in a file: something else stands where its names would have to be. What is not there at all is no
 * reason, for then nothing was said.
 */
export function whyNoWay(tree: unknown, path: readonly TreeStep[], what: string): string | undefined {
  let value = tree;
  for (const [depth, step] of path.entries()) {
    if (value === undefined || value === null) return undefined;
    if (Array.isArray(value) ? typeof step !== 'number' : typeof value !== 'object') {
      const where = depth === 0 ? what : `${path.slice(0, depth).join('.')} of ${what}`;
      return `${where} is ${Array.isArray(value) ? 'a list' : 'one value'}, and names with values should stand there`;
    }
    value = valueAt(value, [step]);
  }
  return undefined;
}

/** A tree with another value at a path; what lies on the way is made where it is missing. */
export function withValueAt(tree: unknown, path: readonly TreeStep[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(tree) && typeof step === 'number') {
    const copy = [...tree];
    copy[step] = withValueAt(copy[step], rest, value);
    return copy;
  }
  const map = isMap(tree) ? tree : {};
  return { ...map, [step]: withValueAt(map[step], rest, value) };
}

/** A value with the maps (and one-item lists) around it that a path asks for. */
export function nested(path: readonly TreeStep[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, step) => (step === 0 ? [inner] : { [step]: inner }), value);
}

/** Whether two trees hold the same values; the order of keys does not count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
  }
  if (isMap(a)) {
    if (!isMap(b)) return false;
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length && keys.every((k) => Object.hasOwn(b, k) && sameValue(a[k], b[k]))
    );
  }
  return Object.is(a, b);
}

/** A value in one short line for the screen; of what is cut off a word says whether it is still the same. */
export function shortValue(value: unknown): string {
  if (value === undefined) return 'not set';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 119)}… (${mark(text)})` : text;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
