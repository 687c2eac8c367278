import type { Words } from '../domain/question.ts';
import { withFile } from './files.ts';
import { moduleAsked, probeModule } from './modules.ts';
import { type LabCluster, type LabNode, withNode } from './state.ts';
import type { StepResult } from './step.ts';

const snapshots = '/var/lib/rancher/rke2/server/db/snapshots';

/** Whether the lab knows a command that a `run` step asks for: an etcd snapshot, or loading a kernel module. */
export function runnable(words: Words): boolean {
  return snapshotName(words) !== undefined || moduleAsked(words) !== undefined;
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
