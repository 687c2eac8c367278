import type { Words } from '../domain/question.ts';
import { withFile } from './files.ts';
import { isKubectl } from './kubectl.ts';
import { moduleAsked, probeModule } from './modules.ts';
import { drain, drained, isStop, ofRebuild } from './rebuild.ts';
import { stopUnit } from './rke2.ts';
import { type LabCluster, type LabNode, type LabObject, withNode } from './state.ts';
import type { StepResult } from './step.ts';

const snapshots = '/var/lib/rancher/rke2/server/db/snapshots';

/** Whether the lab knows a command that a `run` step asks for: an etcd snapshot, loading a kernel module, a rolling restart, or what makes containers anew. */
export function runnable(words: Words): boolean {
  return (
    snapshotName(words) !== undefined ||
    moduleAsked(words) !== undefined ||
    rolledOut(words) !== undefined ||
    rolledOut(words, 'status') !== undefined ||
    drained(words) !== undefined ||
    ofRebuild(words)
  );
}

/** Runs a command of the closed list. */
export function runCommand(cluster: LabCluster, node: LabNode, words: Words, now: number): StepResult {
  const module = moduleAsked(words);
  if (module)
    return {
      ok: true,
      cluster: withNode(cluster, probeModule(node, module.name, module.remove)),
      output: [],
    };
  const empty = drained(words);
  if (empty !== undefined) return drain(cluster, empty);
  if (isStop(words))
    return { ok: true, cluster: stopUnit(cluster, node.name, words[2] ?? '', now), output: [] };
  if (ofRebuild(words)) return { ok: true, cluster, output: [] };
  const deployment = rolledOut(words);
  if (deployment !== undefined) return restarted(cluster, deployment, now);
  const awaited = rolledOut(words, 'status')?.split('/')[1];
  if (awaited !== undefined)
    return { ok: true, cluster, output: [`deployment "${awaited}" successfully rolled out`] };
  const prefix = snapshotName(words);
  if (prefix === undefined) return { ok: false, message: 'the lab cannot do this' };
  if (!node.roles.includes('server') || node.units['rke2-server']?.active !== 'active')
    return {
      ok: false,
      message: 'Error: see server log for details: the supervisor does not answer on 127.0.0.1:9345',
    };
  const name = `${prefix}-${node.name}-${Math.floor(now)}`;
  const file = { mode: '0600', owner: 'root', group: 'root', text: 'practice\n', modified: Math.floor(now) };
  const next = withFile(node, `${snapshots}/${name}`, file);
  return { ok: true, cluster: withNode(cluster, next), output: [`Snapshot ${name} saved.`] };
}

/** The name a snapshot is asked for under; undefined when the words ask for anything else. */
function snapshotName(words: Words): string | undefined {
  const [program = '', ...rest] = words;
  if (!/(^|\/)rke2$/.test(program)) return undefined;
  return /^etcd-snapshot save(?: --name[ =]([\w.-]+))?$/
    .exec(rest.join(' '))
    ?.slice(1)
    .map((n) => n ?? 'on-demand')[0];
}

/** The deployment that `kubectl rollout restart`, or `status`, is asked for, as `namespace/name`. */
function rolledOut(words: Words, verb: 'restart' | 'status' = 'restart'): string | undefined {
  const at = words.indexOf('-n');
  const [, namespace, ...rest] = at < 0 ? [] : words.slice(at);
  const [asked, name] =
    /^rollout (restart|status) deployment (\S+)(?: --timeout=\d+s)?$/.exec(rest.join(' '))?.slice(1) ?? [];
  if (asked !== verb) return undefined;
  return name !== undefined && isKubectl(words.slice(0, at)) ? `${namespace}/${name}` : undefined;
}

/** The pods of a deployment, made anew. */
function restarted(cluster: LabCluster, deployment: string, now: number): StepResult {
  const [namespace, name = ''] = deployment.split('/');
  const found = cluster.objects.some(
    (o) => o.kind === 'Deployment' && o.metadata.namespace === namespace && o.metadata.name === name,
  );
  if (!found)
    return { ok: false, message: `Error from server (NotFound): deployments.apps "${name}" not found` };
  const objects = cluster.objects.map((o): LabObject => {
    const status = (o as { status?: object }).status;
    const own =
      o.kind === 'Pod' &&
      o.metadata.namespace === namespace &&
      name.includes(o.metadata.name.split('-')[0] ?? ' ');
    return own ? { ...o, status: { ...status, startTime: new Date(now * 1000).toISOString() } } : o;
  });
  return { ok: true, cluster: { ...cluster, objects }, output: [`deployment.apps/${name} restarted`] };
}
