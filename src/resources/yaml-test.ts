import { flagItems } from './flags.ts';
import { isOneOf } from './spelling.ts';
import { shortValue, valueAt } from './tree.ts';
import { isWanted } from './yaml-argument.ts';

/** What may be asked of a value in a YAML file; exactly one of the first ten is set. */
export type ValueTest = {
  readonly equals?: unknown;
  readonly oneOf?: readonly unknown[] | undefined;
  readonly some?: Readonly<Record<string, readonly unknown[]>> | undefined;
  readonly has?: string | undefined;
  readonly item?: unknown;
  readonly atLeast?: number | undefined;
  readonly absent?: true | undefined;
  readonly lacks?: string | undefined;
  readonly present?: true | undefined;
  readonly not?: readonly string[] | undefined;
  readonly value?: unknown;
  readonly default?: unknown;
};

/** Whether a value is as wanted; `argument` says that it is one of a component, which is always text. */
export function valueHolds(test: ValueTest, found: unknown, argument: boolean): boolean {
  if (test.absent) return found === undefined || found === null;
  if (test.lacks !== undefined) return !itemsOf(found).includes(test.lacks);
  const value = found ?? test.default;
  if (test.present) return value !== undefined && value !== '';
  if (test.has !== undefined) return flagItems(test.has).every((item) => itemsOf(value).includes(item));
  if (test.item !== undefined)
    return Array.isArray(value) && value.some((each) => isWanted(each, test.item, false));
  if (test.atLeast !== undefined) {
    // What begins with 0 counts in eights, which nobody means who writes it.
    const plain = argument && typeof value === 'string' && /^(0|[1-9]\d*)$/.test(value);
    const number = plain ? Number(value) : value;
    return typeof number === 'number' && number >= test.atLeast;
  }
  if (test.not) return typeof value === 'string' && value !== '' && !isOneOf(value, test.not);
  if (test.equals !== undefined) return isWanted(value, test.equals, argument);
  if (test.oneOf) return test.oneOf.some((one) => isWanted(value, one, argument));
  const [key, allowed] = Object.entries(test.some ?? {})[0] ?? [];
  return (
    key !== undefined &&
    Array.isArray(value) &&
    value.some((item) => allowed?.some((one) => isWanted(valueAt(item, [key]), one, false)))
  );
}

/** The wish in words. */
export function valueWish(test: ValueTest): string {
  if (test.absent) return 'not set';
  if (test.lacks !== undefined) return `without ${test.lacks}`;
  if (test.present) return 'set';
  if (test.has !== undefined) return `with ${flagItems(test.has).join(', ')}`;
  if (test.item !== undefined) return `with ${shortValue(test.item)}`;
  if (test.atLeast !== undefined) return `at least ${test.atLeast}`;
  if (test.not) return `set, and not ${test.not.join(' or ')}`;
  if (test.equals !== undefined) return shortValue(test.equals);
  if (test.oneOf) return test.oneOf.map(shortValue).join(' or ');
  const [key, allowed] = Object.entries(test.some ?? {})[0] ?? [];
  return `an item whose ${key} is ${allowed?.map(shortValue).join(' or ')}`;
}

/** The value that a change writes, given the one that is there; undefined where that needs a decision. */
export function valueTarget(test: ValueTest, value: unknown): unknown {
  if (test.has !== undefined) return [...new Set([...itemsOf(value), ...flagItems(test.has)])].join(',');
  if (test.item !== undefined) return [...(Array.isArray(value) ? value : []), test.item];
  return test.value ?? test.equals ?? test.oneOf?.[0] ?? test.atLeast;
}

function itemsOf(value: unknown): readonly string[] {
  return typeof value === 'string' ? flagItems(value) : [];
}
