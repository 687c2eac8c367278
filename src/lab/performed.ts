import type { Failure } from '../domain/failure.ts';
import type { DeedReport } from '../domain/ports.ts';
import type { Change } from '../domain/step.ts';
import { type LabChange, type LabCluster, withNode } from './state.ts';

/** The cluster after a deed, and what is reported of it. */
export type Performed = { readonly cluster: LabCluster; readonly report: DeedReport };

/** A deed that was not begun. */
export function refused(cluster: LabCluster, failure: Failure): Performed {
  return { cluster, report: { kind: 'refused', failure, output: [] } };
}

/** A cluster in which a node remembers how far a change got. */
export function withChange(cluster: LabCluster, name: string, key: string, state: LabChange): LabCluster {
  const node = cluster.nodes[name];
  return node ? withNode(cluster, { ...node, changes: { ...node.changes, [key]: state } }) : cluster;
}

/** Under which a node remembers a change. */
export function keyOf(change: Change): string {
  return `${change.session}/${change.id}`;
}

/** Text as one line of output. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
