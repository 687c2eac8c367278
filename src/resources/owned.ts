import { managersOf, type Place } from '../domain/distribution.ts';
import type { Plan } from '../domain/resource.ts';
import { refused } from './write.ts';

/**
 * The refusal to edit arguments of a component where somebody else owns the configuration, with their own option for it;
 * undefined where nobody does. `wanted` is the flag with the value it would get, or the flag alone where a person decides.
 */
export function ownedArguments(place: Place, component: string, wanted: string): Plan | undefined {
  const { managedBy } = place;
  if (!managedBy) return undefined;
  const owner = managersOf(place.distribution).find(({ who }) => who === managedBy.who);
  const option = owner?.options?.[component]?.replaceAll('{flag}', wanted);
  return refused(
    `${managedBy.who} owns the configuration of ${place.node}`,
    option === undefined ? managedBy.instead : `${option} ${managedBy.instead}`,
  );
}
