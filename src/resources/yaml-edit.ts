import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import { known, type Read, unread } from '../domain/answer.ts';
import { nested, sameValue, type TreeStep, valueAt, withValueAt } from './tree.ts';
import {
  appendItem,
  appendKey,
  type Form,
  firstContent,
  replaceItem,
  replaceValue,
  type Splice,
} from './yaml-splice.ts';
import { isShared, pairOf, parseYaml, valuesOf, type YamlText } from './yaml-text.ts';

/**
 * A YAML text with another value at a path. Only the bytes of that value change, so comments, order, anchors, quotes and
 * line ends elsewhere stay. The outcome is read again: an edit that would change anything else is not made.
 */
export function editYaml(
  text: string,
  path: readonly TreeStep[],
  value: unknown,
  what: string,
): Read<string> {
  const yaml = parseYaml(text, what);
  if (!yaml.known) return yaml;
  const values = valuesOf(yaml.value, what);
  if (!values.known) return values;
  if (sameValue(valueAt(values.value, path), value)) return known(text);
  const wanted = withValueAt(values.value, path, value);
  const splice = spliceFor(text, yaml.value, path, value);
  if (typeof splice === 'string') return unread(`${what} was left alone: ${splice}`);
  const edited = `${text.slice(0, splice.from)}${splice.text}${text.slice(splice.to)}`;
  const again = parseYaml(edited, what);
  const outcome = again.known ? valuesOf(again.value, what) : again;
  return outcome.known && sameValue(outcome.value, wanted)
    ? known(edited)
    : unread(`${what} was left alone: its form at ${path.join('.')} is one that we cannot edit safely`);
}

function spliceFor(text: string, yaml: YamlText, path: readonly TreeStep[], value: unknown): Splice | string {
  const form: Form = { text, eol: text.includes('\r\n') ? '\r\n' : '\n' };
  let node: Node | null = yaml.document.contents;
  if (!node || (isScalar(node) && node.value === null)) return firstContent(form, nested(path, value));
  for (const [depth, step] of path.entries()) {
    if (isShared(yaml.document, node))
      return 'the value is shared through an anchor, so other places would change too';
    const rest = path.slice(depth + 1);
    if (isMap(node)) {
      const pair = pairOf(node, String(step));
      if (!pair) return appendKey(form, node, String(step), nested(rest, value));
      const next: Node | null = pair.value;
      if (rest.length > 0 && next && (isMap(next) || isSeq(next))) {
        node = next;
        continue;
      }
      if (next && isAlias(next) && rest.length > 0) return 'the value comes through an alias';
      if (next && isShared(yaml.document, next))
        return 'the value is shared through an anchor, so other places would change too';
      return replaceValue(form, node, pair.key, next, nested(rest, value));
    }
    if (!isSeq(node) || typeof step !== 'number') return `there is no ${path.slice(0, depth + 1).join('.')}`;
    const item = node.items[step] as Node | undefined;
    if (item === undefined) {
      return step === node.items.length
        ? appendItem(form, node, nested(rest, value))
        : `the list has no item ${step}`;
    }
    if (rest.length > 0 && (isMap(item) || isSeq(item))) {
      node = item;
      continue;
    }
    if (isShared(yaml.document, item))
      return 'the item is shared through an anchor, so other places would change too';
    return replaceItem(form, item, nested(rest, value), node.flow === true);
  }
  return 'the path is empty';
}
