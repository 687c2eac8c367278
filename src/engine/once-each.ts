import type { NodeFacts } from '../domain/event.ts';
import { fail } from '../domain/failure.ts';
import { isSameMachine } from '../domain/same-machine.ts';
import type { connectNode } from './connect.ts';

type Known = { readonly facts: NodeFacts };

/** Connects to each machine by one name only: by any other name that leads to it, it is a failure that says so. */
export function onceEach(connect: typeof connectNode): typeof connectNode {
  const known = new Map<string, Known>();
  return async (node, options) => {
    const link = await connect(node, options);
    if (!link.ok) return link;
    const { facts, target } = link.value;
    const other = twinOf(node.name, facts, known);
    if (other === undefined) {
      known.set(node.name, { facts });
      return link;
    }
    await target.close();
    return fail({ code: 'same-machine', node: node.name, other, machine: facts.machineId });
  };
}

/** By which other name a machine is known already. */
export function twinOf(
  name: string,
  facts: NodeFacts,
  known: ReadonlyMap<string, Known>,
): string | undefined {
  for (const [other, there] of known) if (other !== name && isSameMachine(facts, there.facts)) return other;
  return undefined;
}
