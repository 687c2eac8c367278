import { parseAllDocuments, stringify } from 'yaml';
import { known, type Read, unread } from '../domain/answer.ts';
import { sameValue, shortValue, type TreeStep, valueAt } from './tree.ts';
import { editYaml } from './yaml-edit.ts';

/** A Kubernetes object as a manifest states it. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
};

/** A value in which an object differs from what is wanted of it. */
export type Difference = {
  readonly at: readonly TreeStep[];
  readonly found: unknown;
  readonly wanted: unknown;
};

/** What a text of manifests lacks of an object: all of it, or some values. */
export type Lack = { readonly object: Manifest; readonly differences?: readonly Difference[] };

const separator = /^---([ \t]+#.*|[ \t]*)$/;

/** What a text of manifests lacks of the wanted objects. What an object says beyond them does not count. */
export function lacks(text: string, wanted: readonly Manifest[], what: string): Read<readonly Lack[]> {
  const parts = partsOf(text, what);
  if (!parts.known) return parts;
  return known(
    wanted.flatMap((object): readonly Lack[] => {
      // Of an object that stands there twice, the last one is applied last.
      const part = parts.value.findLast(({ tree }) => isSame(tree, object));
      if (!part) return [{ object }];
      const differences = leavesOf(object, []).flatMap(({ at, value }): readonly Difference[] => {
        const found = valueAt(part.tree, at);
        return sameValue(found, value) ? [] : [{ at, found, wanted: value }];
      });
      return differences.length > 0 ? [{ object, differences }] : [];
    }),
  );
}

/** The text with all of that: values where the object stands, whole objects at the end. Comments stay. */
export function withObjects(text: string, lacking: readonly Lack[], what: string): Read<string> {
  const parts = partsOf(text, what);
  if (!parts.known) return parts;
  const texts = parts.value.map((part) => part.text);
  for (const { object, differences } of lacking) {
    const n = parts.value.findLastIndex(({ tree }) => isSame(tree, object));
    for (const { at, wanted } of differences ?? []) {
      const edited = editYaml(texts[n] ?? '', at, wanted, `${nameOf(object)} in ${what}`);
      if (!edited.known) return edited;
      texts[n] = edited.value;
    }
  }
  const whole = texts
    .map((each, n) => `${parts.value[n]?.head ?? ''}${each}`)
    .join('')
    .replace(/\n*$/, '\n');
  const added = lacking
    .filter((lack) => !lack.differences)
    .map(({ object }) => stringify(object, { lineWidth: 0, indentSeq: true }));
  const head =
    whole.trim() === ''
      ? []
      : [separator.test(lastLine(whole)) ? whole.slice(0, whole.lastIndexOf('---')) : whole];
  return known([...head, ...added].join('---\n'));
}

/** An object in the words of the screen. */
export function nameOf({ kind, metadata: { name, namespace } }: Manifest): string {
  return `${kind} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/** A lack in the words of the screen. */
export function lackWords({ object, differences }: Lack): string {
  const [first] = differences ?? [];
  return first
    ? `${nameOf(object)}: ${first.at.join('.')} is ${shortValue(first.found)}`
    : `no ${nameOf(object)}`;
}

type Part = { readonly head: string; readonly text: string; readonly tree: unknown };

/** The manifests of a text, each with its own lines and the line that parts it from the one before. */
function partsOf(text: string, what: string): Read<readonly Part[]> {
  const heads = [''];
  const parts: string[][] = [[]];
  for (const line of text.split('\n')) {
    if (separator.test(line)) {
      heads.push(`${line}\n`);
      parts.push([]);
    } else parts.at(-1)?.push(line);
  }
  const found: Part[] = [];
  for (const [n, lines] of parts.entries()) {
    // Two lines that part, with none between them, have no blank line between them either.
    const part = `${lines.join('\n')}${lines.length > 0 && n < parts.length - 1 ? '\n' : ''}`;
    const tree = treeOf(part);
    if (!tree.known) return unread(`manifest ${n + 1} of ${what} ${tree.reason}`);
    found.push({ head: heads[n] ?? '', text: part, tree: tree.value ?? null });
  }
  return known(found);
}

function treeOf(text: string): Read<unknown> {
  const documents = parseAllDocuments(text, { logLevel: 'error' });
  const [document, second] = documents;
  const error = documents.flatMap((d) => d.errors)[0];
  if (error || second) return unread('is not YAML of one object');
  try {
    return known(document?.toJS());
  } catch {
    return unread('has an alias that cannot be resolved');
  }
}

function isSame(tree: unknown, { kind, metadata }: Manifest): boolean {
  return (
    valueAt(tree, ['kind']) === kind &&
    valueAt(tree, ['metadata', 'name']) === metadata.name &&
    (valueAt(tree, ['metadata', 'namespace']) ?? undefined) === metadata.namespace
  );
}

function leavesOf(
  value: unknown,
  at: readonly TreeStep[],
): readonly { readonly at: readonly TreeStep[]; readonly value: unknown }[] {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...at, key]))
    : [{ at, value }];
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
