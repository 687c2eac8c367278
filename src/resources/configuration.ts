import { isMap, isScalar, isSeq, type Node } from 'yaml';
import { known, type Read } from '../domain/answer.ts';
import type { NamedText } from '../domain/evidence.ts';
import { pairOf, parseYaml, type YamlText } from './yaml-text.ts';

/** A key of the configuration where one file says it. */
export type Saying = {
  readonly path: string;
  readonly line: number;
  /** The key as it stands there: with `+` when the file adds to what was said before. */
  readonly key: string;
  readonly list: boolean;
  readonly values: readonly string[];
};

/** A key after all files are merged: its values, and the sayings that still count, in order. */
export type Effective = { readonly values: readonly string[]; readonly from: readonly Saying[] };

/** Every saying of a key, file by file in the order in which they are merged. */
export function sayings(files: readonly NamedText[], key: string): Read<readonly Saying[]> {
  const all: Saying[] = [];
  for (const file of files) {
    const parsed = parsedOnce(file);
    if (!parsed.known) return parsed;
    const { document, lines } = parsed.value;
    const root = document.contents;
    if (root === null || (isScalar(root) && root.value === null)) continue;
    if (!isMap(root)) return { known: false, reason: `${file.path} is not a list of keys and values` };
    for (const pair of root.items) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      if (name !== key && name !== `${key}+`) continue;
      const found = pairOf(root, name);
      const value = found?.value ? resolved(found.value, document) : null;
      const line = lines.linePos((found?.key.range?.[0] ?? 0) as number).line;
      all.push({ path: file.path, line, key: name, list: isSeq(value), values: valuesIn(value, document) });
    }
  }
  return known(all);
}

// Remembered for the same object only: a file with another text is another object.
const parsedFiles = new WeakMap<NamedText, Read<YamlText>>();

/** Every control that looks into the configuration reads the same files. */
function parsedOnce(file: NamedText): Read<YamlText> {
  const parsed = parsedFiles.get(file) ?? parseYaml(file.text, file.path);
  parsedFiles.set(file, parsed);
  return parsed;
}

/** The outcome of the merge: a later saying replaces what came before, unless its key ends in `+`. */
export function merge(said: readonly Saying[]): Effective | undefined {
  if (said.length === 0) return undefined;
  const start = Math.max(
    0,
    said.findLastIndex((s) => !s.key.endsWith('+')),
  );
  const from = said.slice(start);
  return { values: from.flatMap((s) => s.values), from };
}

function resolved(node: Node, document: Parameters<Node['toJS']>[0]): Node | null {
  return 'resolve' in node && typeof node.resolve === 'function' ? (node.resolve(document) ?? null) : node;
}

/** Values as the text has them: a number keeps its spelling. */
function valuesIn(node: Node | null, document: Parameters<Node['toJS']>[0]): readonly string[] {
  if (isSeq(node)) return node.items.flatMap((item) => valuesIn(resolved(item as Node, document), document));
  if (isScalar(node)) {
    if (node.value === null) return [''];
    return [typeof node.value === 'number' ? (node.source ?? String(node.value)) : String(node.value)];
  }
  return node === null ? [''] : [JSON.stringify(node.toJS(document))];
}
