import { isMap, isScalar, type Node } from 'yaml';
import { known, type Read, unread } from '../domain/answer.ts';
import { sameValue, valueAt, withValueAt } from './tree.ts';
import { editYaml } from './yaml-edit.ts';
import { isShared, pairOf, parseYaml, valuesOf } from './yaml-text.ts';

/**
 * A YAML text with another text of several lines at one of its own keys, written as a block so that its lines stay lines. All
 * else keeps its bytes; an edit that would change anything else is not made.
 */
export function editBlockText(text: string, key: string, value: string, what: string): Read<string> {
  const yaml = parseYaml(text, what);
  if (!yaml.known) return yaml;
  const { document } = yaml.value;
  const pair = isMap(document.contents) ? pairOf(document.contents, key) : undefined;
  if (!pair) return editYaml(text, [key], value, what);
  const old = pair.value;
  if (
    !old ||
    !isScalar(old) ||
    isShared(document, old) ||
    old.anchor !== undefined ||
    old.tag?.startsWith('!')
  )
    return unread(`${what} was left alone: ${key} is no plain text there`);
  const values = valuesOf(yaml.value, what);
  if (!values.known) return values;
  const edited = spliced(text, old, value);
  const again = parseYaml(edited, what);
  const outcome = again.known ? valuesOf(again.value, what) : again;
  const trimmed = (tree: unknown) => withValueAt(tree, [key], String(valueAt(tree, [key])).trimEnd());
  return outcome.known && sameValue(trimmed(outcome.value), trimmed(withValueAt(values.value, [key], value)))
    ? known(edited)
    : unread(`${what} was left alone: its form at ${key} is one that we cannot edit safely`);
}

/** The text with the block in the place of the old scalar; a comment beside the key stays there. */
function spliced(text: string, old: Node, value: string): string {
  const [from = 0, to = 0] = old.range ?? [];
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const isBlock = /^[|>]/.test(text.slice(from, to));
  const head = isBlock ? (/^[^\r\n]*/.exec(text.slice(from, to))?.[0] ?? '') : '';
  // A folded block would join our lines, and a number in its head counts blanks that ours need not have.
  const keeps = isBlock && /^\|[+-]?[ \t]*(#.*)?$/.test(head);
  const rest = isBlock ? '' : (/^[^\r\n]*/.exec(text.slice(to))?.[0] ?? '');
  const indent = (isBlock && /(?:^|\n)([ ]+)\S/.exec(text.slice(from + head.length, to))?.[1]) || '  ';
  const lines = value
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => (line === '' ? '' : `${indent}${line}`));
  const blank = text[from - 1] === ':' ? ' ' : '';
  const after = isBlock ? text.slice(to) : text.slice(to + rest.length).replace(/^\r?\n/, '');
  return `${text.slice(0, from)}${blank}${keeps ? head : '|'}${rest}${eol}${lines.join(eol)}${eol}${after}`;
}
