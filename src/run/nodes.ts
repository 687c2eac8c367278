import { parseAddress } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Invocation } from '../flags.ts';

/** The nodes named on the command line: --inventory first, then every --node. */
export async function namedNodes(
  invocation: Invocation,
): Promise<Result<{ readonly cluster: string; readonly nodes: readonly NodeAddress[] }>> {
  let cluster = invocation.values.get('cluster')?.[0] ?? '';
  const nodes: NodeAddress[] = [];
  const [inventory] = invocation.values.get('inventory') ?? [];
  if (inventory) {
    const { readInventory } = await import('../profiles/inventory.ts');
    const read = await readInventory(inventory);
    if (!read.ok) return read;
    nodes.push(...read.value.nodes);
    cluster ||= read.value.cluster;
  }
  for (const text of invocation.values.get('node') ?? []) {
    const read = parseAddress(text, '--node');
    if (!read.ok) return read;
    const { name } = read.value;
    if (nodes.some((n) => n.name === name))
      return fail({ code: 'usage', message: `--node ${text}: ${name} is named twice.` });
    nodes.push(read.value);
  }
  return ok({ cluster, nodes });
}
