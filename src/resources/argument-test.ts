import { flagItems, joinedItems } from './flags.ts';
import { hasItem, isOneOf } from './spelling.ts';

/** What may be asked of an argument; exactly one of these is set. */
export type ArgumentTest = {
  readonly equals?: string | undefined;
  readonly oneOf?: readonly string[] | undefined;
  readonly contains?: string | undefined;
  readonly lacks?: string | undefined;
  readonly present?: true | undefined;
  readonly absent?: true | undefined;
  readonly atLeast?: number | undefined;
  /** Every item of the list is one of these, and there is at least one. */
  readonly within?: readonly string[] | undefined;
  /** The value is none of these. */
  readonly not?: readonly string[] | undefined;
  /** The whole value is like this regular expression. */
  readonly matches?: string | undefined;
  /** What such a value is, in words that follow the name of the flag. */
  readonly like?: string | undefined;
  /** What a change writes, where the test leaves a choice. */
  readonly value?: string | undefined;
  /** What counts when the flag is not given: `pass`, or a value. */
  readonly default?: string | undefined;
};

/** Whether a flag's value is as wanted; undefined stands for a flag that is not given. */
export function argumentHolds(test: ArgumentTest, value: string | undefined): boolean {
  // An empty name of a file is as good as none, and so is the one that stands for standard output.
  if (test.present) return value !== undefined && value !== '' && value !== '-';
  if (test.absent) return value === undefined;
  if (value === undefined && test.default === 'pass') return true;
  const counts = value ?? test.default;
  if (test.lacks !== undefined) return counts === undefined || !hasItem(flagItems(counts), test.lacks);
  if (counts === undefined) return false;
  if (test.matches !== undefined) return new RegExp(`^(?:${test.matches})$`).test(counts);
  if (test.not) return !isOneOf(counts, test.not);
  if (test.within) {
    const items = flagItems(counts);
    return items.length > 0 && items.every((item) => test.within?.includes(item));
  }
  if (test.equals !== undefined) return isOneOf(counts, [test.equals]);
  if (test.oneOf) return isOneOf(counts, test.oneOf);
  if (test.contains !== undefined) return hasItem(flagItems(counts), test.contains);
  // What begins with 0 counts in eights or sixteens, which nobody means who writes it.
  const plain = /^-?(0|[1-9]\d*)(\.\d+)?$/.test(counts);
  return test.atLeast !== undefined && plain && Number(counts) >= test.atLeast;
}

/** The wish in words, to follow the name of the flag. */
export function argumentWish(test: ArgumentTest): string {
  if (test.present) return 'given';
  if (test.absent) return 'not given';
  if (test.lacks !== undefined) return `without ${test.lacks}`;
  if (test.equals !== undefined) return test.equals;
  if (test.oneOf) return test.oneOf.join(' or ');
  if (test.contains !== undefined) return `with ${test.contains}`;
  if (test.matches !== undefined)
    return test.value === undefined ? `${test.like}` : `${test.like}, such as ${test.value}`;
  if (test.not) return `not ${test.not.join(' or ')}`;
  if (test.within) return `only of ${few(test.within)}`;
  return `at least ${test.atLeast}`;
}

/** The value that a change writes, given the items of a list flag that are there; undefined where that needs a decision. */
export function argumentTarget(test: ArgumentTest, items: readonly string[]): string | undefined {
  // What else stands in a list that must have one more stays there.
  if (test.contains !== undefined && items.length > 0)
    return joinedItems([...items.filter((i) => i !== test.contains), test.contains]);
  if (test.value !== undefined) return test.value;
  if (test.equals !== undefined) return test.equals;
  if (test.oneOf) return test.oneOf[0];
  if (test.atLeast !== undefined) return String(test.atLeast);
  return test.contains;
}

/** What a change writes: undefined as the value takes the flag out, undefined as a whole is for a person to decide. */
export function argumentChange(
  wanted: ArgumentTest & { readonly instead?: string | undefined },
  items: readonly string[],
): { readonly value: string | undefined } | undefined {
  if (wanted.absent) return wanted.instead === undefined ? { value: undefined } : undefined;
  const { lacks } = wanted;
  if (lacks !== undefined) {
    // Nothing left of the list means that the component's own default counts.
    return { value: joinedItems(items.filter((item) => !hasItem([item], lacks))) || wanted.value };
  }
  const value = argumentTarget(wanted, items);
  return value === undefined ? undefined : { value };
}

/** A long list in a few words; the rest of it stands in the control. */
function few(items: readonly string[]): string {
  if (items.length <= 4) return items.join(', ');
  return `${items.slice(0, 3).join(', ')} and ${items.length - 3} others that are allowed`;
}
