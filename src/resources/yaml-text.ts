import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  parseDocument,
  type Scalar,
  type ScalarTag,
  type Tags,
  visit,
  type YAMLMap,
} from 'yaml';
import { known, type Read, unread } from '../domain/answer.ts';

/** A YAML text of one document, parsed so that every node knows its place in the text. */
export type YamlText = { readonly document: Document.Parsed; readonly lines: LineCounter };

/** All that reads these files is written in Go, which takes a number that begins with 0 in eights, as YAML 1.1 does. */
const inEights: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  identify: () => false,
  test: /^[-+]?0[0-7]+$/,
  resolve: (text) => Number.parseInt(text, 8),
};

/** Parses a text of one document; `what` names it in the reason why it could not be. */
export function parseYaml(text: string, what: string): Read<YamlText> {
  const lines = new LineCounter();
  // A warning would be written over the screen.
  const customTags = (tags: Tags): Tags => [inEights, ...tags];
  // The package compares every key of a map with every other: minutes for a file of a megabyte.
  const options = {
    merge: true,
    uniqueKeys: false,
    lineCounter: lines,
    logLevel: 'error' as const,
    customTags,
  };
  const several = parseAllDocuments(text, options);
  const documents = several.length > 0 ? several : [parseDocument(text, options)];
  const bad = documents.flatMap((d) => d.errors)[0];
  if (bad) return unread(`${what}:${bad.linePos?.[0].line ?? 1} is not YAML: ${firstLine(bad.message)}`);
  const twice = documents.map(repeatedKey).find((key) => key !== undefined);
  if (twice) {
    const { line } = lines.linePos(twice.range?.[0] ?? 0);
    return unread(`${what}:${line} is not YAML: Map keys must be unique`);
  }
  const [document] = documents;
  return document && documents.length === 1
    ? known({ document, lines })
    : unread(`${what} holds ${documents.length} YAML documents, not one`);
}

/** The first key that its map has already; several `<<` of a map have a value each of their own, as the package reads them. */
function repeatedKey(document: Document.Parsed): Scalar | undefined {
  let found: Scalar | undefined;
  visit(document, {
    Map: (_, map) => {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) found = key;
        if (found) return visit.BREAK;
        seen.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}

/** The values of a parsed text. */
export function valuesOf(yaml: YamlText, what: string): Read<unknown> {
  try {
    return known(yaml.document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    return unread(
      `${what} cannot be resolved: ${error instanceof Error ? firstLine(error.message) : 'error'}`,
    );
  }
}

/** The pair of a map whose key reads `key`. */
export function pairOf(map: YAMLMap, key: string): Pair<Node, Node | null> | undefined {
  return (map.items as Pair<Node, Node | null>[]).find((p) => isScalar(p.key) && String(p.key.value) === key);
}

/** Where the text of a node ends, without a line break or comment after it. */
export function endOf(node: Node): number {
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const last = node.items.at(-1);
    if (isMap(node) && last) {
      const pair = last as Pair<Node, Node | null>;
      const value = pair.value && !isEmpty(pair.value) ? endOf(pair.value) : undefined;
      return value ?? pair.value?.range?.[1] ?? endOf(pair.key);
    }
    if (last && !isEmpty(last as Node)) return endOf(last as Node);
  }
  return node.range?.[1] ?? 0;
}

/** Whether an anchored node is used again somewhere, so that changing it would change more than its own place. */
export function isShared(document: Document, node: Node): boolean {
  const anchor = isAlias(node) ? undefined : node.anchor;
  if (anchor === undefined) return false;
  let shared = false;
  const look = (n: unknown): void => {
    if (isAlias(n)) shared ||= n.source === anchor;
    else if (isMap(n)) {
      for (const pair of n.items) {
        look(pair.key);
        look(pair.value);
      }
    } else if (isSeq(n)) for (const item of n.items) look(item);
  };
  look(document.contents);
  return shared;
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.range !== undefined && node.range !== null && node.range[0] === node.range[1];
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}
