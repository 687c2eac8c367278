import type { NodeAddress } from '../domain/event.ts';

/** How long connecting to a node may take. */
export const connectMs = 30_000;

/** The node that is asked about the cluster: the first that is said to be a server, else the first. */
export function speakerOf(nodes: readonly NodeAddress[]): NodeAddress | undefined {
  return nodes.find((n) => n.role === 'server') ?? nodes[0];
}
