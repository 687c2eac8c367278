import {
  type Hold,
  holdManifest,
  holdName,
  holdNamespace,
  holdObject,
  readHold,
} from '../domain/cluster-hold.ts';
import type { Words } from '../domain/question.ts';
import { kindNamed, objectAt } from './kinds.ts';
import { createObject, deleteObject } from './objects.ts';
import { oneLine, type Performed, refused } from './performed.ts';
import type { LabCluster, LabNode, LabObject } from './state.ts';
import type { StepResult } from './step.ts';

/** Takes the lock of the whole cluster: creates its object, or replaces that version of it. */
export function performHold(
  cluster: LabCluster,
  node: LabNode,
  kubectl: Words,
  hold: Hold,
  over: string | undefined,
): Performed {
  const there = standing(cluster);
  const said = there?.metadata.resourceVersion;
  if (over !== undefined && said !== over) return held(cluster, node);
  // The API server gives every state of an object a version of its own.
  const version = String(Number(said ?? 0) + 1);
  const free =
    over === undefined ? { ok: true as const, cluster } : deleteObject(cluster, node, kubectl, holdObject);
  if (!free.ok) return failed(cluster, free.message);
  const made = createObject(free.cluster, node, kubectl, holdManifest(hold, version), JSON.parse);
  if (made.ok) return { cluster: made.cluster, report: { kind: 'done', output: [] } };
  return made.message.includes('AlreadyExists') ? held(cluster, node) : failed(cluster, made.message);
}

/** Gives the lock of the whole cluster back, if it is still this holder's. */
export function performRelease(
  cluster: LabCluster,
  node: LabNode,
  kubectl: Words,
  holder: string,
): Performed {
  const by = readHold(standing(cluster))?.holder;
  if (by !== undefined && by !== holder)
    return refused(cluster, { code: 'locked', node: node.name, holder: by });
  const gone: StepResult = deleteObject(cluster, node, kubectl, holdObject);
  if (!gone.ok) return failed(cluster, gone.message);
  return { cluster: gone.cluster, report: { kind: 'done', output: [] } };
}

function standing(cluster: LabCluster): LabObject | undefined {
  const kind = kindNamed('configmaps');
  return kind && objectAt(cluster, kind, holdNamespace, holdName);
}

function held(cluster: LabCluster, { name }: LabNode): Performed {
  return refused(cluster, { code: 'locked', node: name, holder: 'another' });
}

function failed(cluster: LabCluster, message: string): Performed {
  return refused(cluster, { code: 'refused', message: oneLine(message) });
}
