import { redactionMark } from './ranges.ts';

/** Says what is wrong with a value, as `<where> is not <what>`; undefined when nothing is. */
export type Shape = (value: unknown, where: string) => string | undefined;

/** Any text. */
export const text: Shape = (value, where) => (typeof value === 'string' ? undefined : `${where} is not text`);

/** A finite number. */
export const number: Shape = (value, where) =>
  Number.isFinite(value) ? undefined : `${where} is not a number`;

/** True or false. */
export const flag: Shape = (value, where) =>
  typeof value === 'boolean' ? undefined : `${where} is not true or false`;

/** A text that a pattern describes; what was redacted in it stands for a letter. */
export function like(pattern: RegExp, what: string): Shape {
  return (value, where) =>
    typeof value === 'string' && pattern.test(value.replaceAll(redactionMark, 'r'))
      ? undefined
      : `${where} is not ${what}`;
}

/** One of these words, or what the redactor left of it. */
export function oneOf(...words: readonly (string | number)[]): Shape {
  return (value, where) =>
    words.some((word) => word === value) || value === redactionMark
      ? undefined
      : `${where} is not one of ${words.join(', ')}`;
}

/** A list of such values. */
export function list(item: Shape): Shape {
  return (value, where) => {
    if (!Array.isArray(value)) return `${where} is not a list`;
    for (const [index, each] of value.entries()) {
      const wrong = item(each, `${where}[${index}]`);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** An object with these members, and perhaps those; others may stand beside them. */
export function members(
  needed: Readonly<Record<string, Shape>>,
  perhaps: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, where) => {
    if (!isObject(value)) return `${where || 'it'} is not an object`;
    for (const [name, shape] of [...Object.entries(needed), ...Object.entries(perhaps)]) {
      const present = Object.hasOwn(value, name);
      if (!present && Object.hasOwn(perhaps, name)) continue;
      const at = where === '' ? name : `${where}.${name}`;
      if (!present) return `${at} is missing`;
      const wrong = shape(value[name], at);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

/** An object whose members depend on one of them. */
export function variants(tag: string, shapes: Readonly<Record<string, Shape>>): Shape {
  return (value, where) => {
    if (!isObject(value)) return `${where} is not an object`;
    const kind = value[tag];
    const shape = typeof kind === 'string' && Object.hasOwn(shapes, kind) ? shapes[kind] : undefined;
    return shape ? shape(value, where) : `${where}.${tag} is of a kind this version does not know`;
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
