import type { Words } from '../domain/question.ts';
import { isKubectl } from './kubectl.ts';
import type { LabCluster, LabObject } from './state.ts';
import type { StepResult } from './step.ts';

/** Whether a command stops the node agent. */
export function isStop(words: Words): boolean {
  return /^systemctl stop rke2-(server|agent)$/.test(words.join(' '));
}

/** Whether a command is one of those around the move of a container store: the service at rest, its containers ended, the disk written. */
export function ofRebuild(words: Words): boolean {
  return isStop(words) || words.join(' ') === 'rke2-killall.sh' || /^sync \/\S+$/.test(words.join(' '));
}

/** The node that `kubectl drain` is asked for, with what the wizard says of it; undefined for any other words. */
export function drained(words: Words): string | undefined {
  const at = words.indexOf('drain');
  const [node, ...limits] = words.slice(at + 1);
  const said = /^--ignore-daemonsets --delete-emptydir-data --timeout=\d+s$/.test(limits.join(' '));
  return at > 0 && said && isKubectl(words.slice(0, at)) ? node : undefined;
}

/** The pods of a node, made anew on the first other one that is in service; those of every node stay. */
export function drain(cluster: LabCluster, name: string): StepResult {
  const isNode = (o: LabObject): boolean => o.kind === 'Node';
  const spec = (o: LabObject) => (o.spec ?? {}) as Readonly<Record<string, unknown>>;
  if (!cluster.objects.some((o) => isNode(o) && o.metadata.name === name))
    return { ok: false, message: `Error from server (NotFound): nodes "${name}" not found` };
  const free = cluster.objects.find(
    (o) => isNode(o) && o.metadata.name !== name && spec(o).unschedulable !== true,
  );
  const moves = (o: LabObject): boolean =>
    o.kind === 'Pod' && spec(o).nodeName === name && !/"(DaemonSet|Node)"/.test(JSON.stringify(o.metadata));
  const objects = cluster.objects.map((o): LabObject => {
    if (isNode(o) && o.metadata.name === name) return { ...o, spec: { ...spec(o), unschedulable: true } };
    return moves(o) ? { ...o, spec: { ...spec(o), nodeName: free?.metadata.name } } : o;
  });
  return { ok: true, cluster: { ...cluster, objects }, output: [`node/${name} drained`] };
}
