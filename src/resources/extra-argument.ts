import { flagItems, flagName } from './flags.ts';
import { type TreeStep, valueAt } from './tree.ts';

/** One place of a cluster's file at which an argument of a component is set: a value, or a list of which each is handed over. */
export type ExtraArgument = {
  readonly under: 'extra_args' | 'extra_args_array';
  readonly name: string;
  readonly value: unknown;
};

/** Whether a path names an argument of a component, which gets it as text, whether or not the file has quotes around it. */
export function isArgument(steps: readonly TreeStep[]): boolean {
  return steps.at(-2) === 'extra_args';
}

/** Every place at which the argument that a path names is set, however its name is spelled; those that are handed over last come last. */
export function extraArguments(tree: unknown, steps: readonly TreeStep[]): readonly ExtraArgument[] {
  const flag = flagName(String(steps.at(-1)));
  return (['extra_args', 'extra_args_array'] as const).flatMap((under) =>
    entries(valueAt(tree, [...steps.slice(0, -2), under]))
      .filter(([name, value]) => flagName(name) === flag && isGiven(under, value))
      .map(([name, value]) => ({ under, name, value })),
  );
}

/** The first place at which something is set; an argument counts in every spelling, and by the name that it had as an experiment. */
export function placeSet(tree: unknown, steps: readonly TreeStep[]): string | undefined {
  if (!isArgument(steps))
    return (valueAt(tree, steps) ?? undefined) === undefined ? undefined : steps.join('.');
  const plain = flagName(String(steps.at(-1))).replace(/^experimental-/, '');
  const [found] = [plain, `experimental-${plain}`].flatMap((name) =>
    extraArguments(tree, [...steps.slice(0, -1), name]),
  );
  return found && placeOf(steps, found);
}

/** The first place at which the list that an argument is has an item. */
export function placeOfItem(tree: unknown, steps: readonly TreeStep[], item: string): string | undefined {
  const found = extraArguments(tree, steps).find(({ value }) =>
    [value]
      .flat()
      .some((each) => typeof each === 'string' && flagItems(each).some((one) => one.trim() === item)),
  );
  return found && placeOf(steps, found);
}

function placeOf(steps: readonly TreeStep[], { under, name }: ExtraArgument): string {
  return [...steps.slice(0, -2), under, name].join('.');
}

/** A list without items is handed over as nothing; a name without a value is handed over as it is. */
function isGiven(under: ExtraArgument['under'], value: unknown): boolean {
  return under === 'extra_args' || !(value === null || (Array.isArray(value) && value.length === 0));
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return value !== null && typeof value === 'object' ? Object.entries(value) : [];
}
