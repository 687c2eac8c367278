import { accumulates, flagName } from './flags.ts';
import { isOneOf } from './spelling.ts';
import { sameValue, type TreeStep, valueAt } from './tree.ts';

/** Another place of the file that sets the same flag. */
export type Other = {
  readonly name: string;
  readonly value: unknown;
  /** Whether it comes after the one that is asked for, and so beats it. */
  readonly wins: boolean;
};

/** Whether a path names an argument of a component, which gets it as text, whether or not the file has quotes around it. */
export function isArgument(steps: readonly TreeStep[]): boolean {
  return steps.at(-2) === 'extra_args';
}

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
  const beside = entries(valueAt(tree, [...service, 'extra_args']))
    .filter(([name]) => name !== flag && flagName(name) === flag)
    .map(([name, value]) => ({ name, value: argumentOr(value, steps), wins: false }));
  // Of a flag that adds up, what the distribution gives by itself counts too and is not in the file: only what must not be is seen.
  const sums = accumulates(flag) && !(service.at(-1) === 'kubelet' && flag === 'authorization-mode');
  const after = entries(valueAt(tree, [...service, 'extra_args_array'])).flatMap(([name, list]) => {
    if (flagName(name) !== flag || !Array.isArray(list) || list.length === 0) return [];
    if (sums && typeof own !== 'string' && !mustLack) return [];
    const value = sums ? [own ?? [], list].flat().join(',') : argumentOr(list.at(-1), steps);
    return [{ name: `extra_args_array.${name}`, value, wins: true }];
  });
  return [...beside, ...after];
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}
