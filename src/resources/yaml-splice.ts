import { isMap, isScalar, type Node, stringify, type YAMLMap, type YAMLSeq } from 'yaml';
import { endOf } from './yaml-text.ts';

/** A stretch of the text and what stands there instead. */
export type Splice = { readonly from: number; readonly to: number; readonly text: string };

/** The text that is edited, and how its lines end. */
export type Form = { readonly text: string; readonly eol: string };

/** The first content of a text that holds comments at most. */
export function firstContent(form: Form, value: unknown): Splice {
  const at = form.text.length;
  const start = form.text === '' || form.text.endsWith('\n') ? '' : form.eol;
  return { from: at, to: at, text: `${start}${block(form, value, '')}${form.eol}` };
}

/** A new key at the end of a map. */
export function appendKey(form: Form, map: YAMLMap, key: string, value: unknown): Splice | string {
  const first = map.items[0] as { key: Node } | undefined;
  if (map.flow) {
    const inner = flow(form, { [key]: value })
      .slice(1, -1)
      .trim();
    return intoFlow(map, inner);
  }
  if (!first) return 'the map has no entries to go by';
  const indent = ' '.repeat(column(form, first.key.range?.[0] ?? 0));
  return afterLine(form, endOf(map), indent + block(form, { [key]: value }, indent));
}

/** A new item at the end of a list. */
export function appendItem(form: Form, list: YAMLSeq, value: unknown): Splice | string {
  if (list.flow) return intoFlow(list, flow(form, value));
  const dash = form.text.lastIndexOf('-', (list.items.at(-1) as Node | undefined)?.range?.[0] ?? 0);
  if (dash < 0 || list.items.length === 0) return 'the list has no items to go by';
  const indent = ' '.repeat(column(form, dash));
  return afterLine(form, endOf(list), indent + block(form, [value], indent));
}

/** Another value for a key that is there. */
export function replaceValue(
  form: Form,
  map: YAMLMap,
  key: Node,
  old: Node | null,
  value: unknown,
): Splice | string {
  const afterKey = key.range?.[1] ?? 0;
  const colon = form.text.indexOf(':', afterKey) + 1;
  if (colon === 0) return 'the key has no colon';
  if (
    old &&
    isScalar(old) &&
    isPlainScalar(value) &&
    !isBlockScalar(old) &&
    old.range?.[0] !== old.range?.[1]
  ) {
    return replaceItem(form, old, value, map.flow === true);
  }
  const to = old?.range && old.range[0] !== old.range[1] ? withoutBreak(form, endOf(old)) : colon;
  const between = form.text.slice(colon, old?.range?.[0] ?? colon);
  if (between.includes('&') || between.includes('!')) return 'the value carries an anchor or a tag';
  const comment = /^[ \t]*(#[^\r\n]*)/.exec(between)?.[1];
  if (map.flow || isPlainScalar(value) || isEmptyCollection(value)) {
    const tail = comment && to > colon ? ` ${comment}` : '';
    return { from: colon, to, text: ` ${map.flow ? flow(form, value) : plain(form, value)}${tail}` };
  }
  const indent = ' '.repeat(column(form, key.range?.[0] ?? 0));
  const inner = Array.isArray(value) && !indentsLists(form) ? indent : `${indent}  `;
  const text = `${form.eol}${inner}${block(form, value, inner)}`;
  if (to > colon) return { from: colon, to, text: `${comment ? ` ${comment}` : ''}${text}` };
  const rest = /^[^\r\n]*/.exec(form.text.slice(colon))?.[0].length ?? 0;
  return { from: colon + rest, to: colon + rest, text };
}

/** Another value for a scalar or list item that is there. */
export function replaceItem(form: Form, old: Node, value: unknown, inFlow: boolean): Splice | string {
  if (!old.range) return 'the value has no place in the text';
  const quoted = isScalar(old) && typeof value === 'string' ? old.type : undefined;
  const text =
    quoted === 'QUOTE_DOUBLE'
      ? JSON.stringify(value)
      : quoted === 'QUOTE_SINGLE'
        ? single(value)
        : inFlow
          ? flow(form, value)
          : plain(form, value);
  return { from: old.range[0], to: withoutBreak(form, endOf(old)), text };
}

function intoFlow(node: YAMLMap | YAMLSeq, inner: string): Splice {
  const last = node.items.at(-1);
  const end = (node.range?.[1] ?? 1) - 1;
  if (!last) return { from: end, to: end, text: inner };
  const lastNode = (
    isMap(node) ? ((last as { value: Node | null }).value ?? (last as { key: Node }).key) : last
  ) as Node;
  const at = endOf(lastNode);
  return { from: at, to: at, text: `, ${inner}` };
}

function afterLine(form: Form, end: number, text: string): Splice {
  const stop = form.text.indexOf('\n', withoutBreak(form, end));
  return stop < 0
    ? { from: form.text.length, to: form.text.length, text: `${form.eol}${text}${form.eol}` }
    : { from: stop + 1, to: stop + 1, text: `${text}${form.eol}` };
}

function block(form: Form, value: unknown, indent: string): string {
  return stringify(value, { lineWidth: 0, indentSeq: indentsLists(form) })
    .trimEnd()
    .replaceAll('\n', `${form.eol}${indent}`);
}

/** A text that is JSON stays so, for whoever reads it by its first letter would stumble over YAML. */
function flow({ text }: Form, value: unknown): string {
  if (/^\s*[{[]/.test(text)) return JSON.stringify(value);
  return stringify(value, { lineWidth: 0, collectionStyle: 'flow', blockQuote: false }).trim();
}

/** A scalar where no comma or bracket has a meaning; a collection is written in one line all the same. */
function plain(form: Form, value: unknown): string {
  return isPlainScalar(value)
    ? stringify(value, { lineWidth: 0, blockQuote: false }).trim()
    : flow(form, value);
}

/** Whether lists of this text stand further in than their keys; without any list, the common way. */
function indentsLists({ text }: Form): boolean {
  const flush = /^([ \t]*)[^\s#-][^\r\n]*:[ \t]*(?:#[^\r\n]*)?\r?\n\1- /m.test(text);
  return !flush;
}

function withoutBreak({ text }: Form, end: number): number {
  return end - (/\r?\n$/.exec(text.slice(0, end))?.[0].length ?? 0);
}

function column({ text }: Form, at: number): number {
  return at - (text.lastIndexOf('\n', at - 1) + 1);
}

function isPlainScalar(value: unknown): boolean {
  return value === null || typeof value !== 'object';
}

function isEmptyCollection(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function isBlockScalar(node: Node): boolean {
  return isScalar(node) && (node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED');
}

function single(value: unknown): string {
  return `'${String(value).replaceAll("'", "''")}'`;
}
