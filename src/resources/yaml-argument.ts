import { extraArguments, isArgument } from './extra-argument.ts';
import { accumulates } from './flags.ts';
import { isOneOf } from './spelling.ts';
import { sameValue, type TreeStep, valueAt } from './tree.ts';

/** Another place of the file that sets the same flag. */
export type Other = {
  readonly name: string;
  readonly value: unknown;
  /** Whether it comes after the one that is asked for, and so beats it. */
  readonly wins: boolean;
};

/** The value at a path, an argument as the text that its component gets. */
export function argumentOr(value: unknown, steps: readonly TreeStep[]): unknown {
  return isArgument(steps) && (typeof value === 'number' || typeof value === 'boolean')
    ? String(value)
    : value;
}

/** Whether a value is the wanted one; numbers and durations of arguments have many spellings, truth values those of Go. */
export function isWanted(found: unknown, wanted: unknown, argument: boolean): boolean {
  if (!argument || typeof found !== 'string' || typeof wanted !== 'string') return sameValue(found, wanted);
  if (wanted === 'true') return /^(?:1|t|T|true|True|TRUE)$/.test(found);
  if (wanted === 'false') return /^(?:0|f|F|false|False|FALSE)$/.test(found);
  return isOneOf(found, [wanted]);
}

/** Where else an argument is set: under a name with underscores, which means the same flag, and in `extra_args_array`, which is handed over last. */
export function otherSpellings(
  tree: unknown,
  steps: readonly TreeStep[],
  mustLack: boolean,
): readonly Other[] {
  if (!isArgument(steps)) return [];
  const [flag, service] = [String(steps.at(-1)), steps.slice(0, -2)];
  const own = valueAt(tree, steps);
  const places = extraArguments(tree, steps);
  const beside = places
    .filter(({ under, name }) => under === 'extra_args' && name !== flag)
    .map(({ name, value }) => ({ name, value: argumentOr(value, steps), wins: false }));
  // Of a flag that adds up, what the distribution gives by itself counts too and is not in the file: only what must not be is seen.
  const sums = accumulates(flag) && !(service.at(-1) === 'kubelet' && flag === 'authorization-mode');
  const after = places.flatMap(({ under, name, value: list }) => {
    if (under !== 'extra_args_array' || !Array.isArray(list)) return [];
    if (sums && typeof own !== 'string' && !mustLack) return [];
    const value = sums ? [own ?? [], list].flat().join(',') : argumentOr(list.at(-1), steps);
    return [{ name: `extra_args_array.${name}`, value, wins: true }];
  });
  return [...beside, ...after];
}
