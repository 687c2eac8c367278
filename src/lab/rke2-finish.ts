import { fileAt, longAgo, withFile } from './files.ts';
import { log, rke2Line, roleOf, title } from './journal.ts';
import { agentProcesses, serverProcesses } from './rke2-arguments.ts';
import { isCis, kubeletFaults, versionOf } from './rke2-checks.ts';
import { dataDir, oneValue, type Rke2Config, readConfig } from './rke2-config.ts';
import { databaseIn, giveToEtcd, writeFiles, writeManifests } from './rke2-files.ts';
import { applyProfile } from './rke2-objects.ts';
import { type LabCluster, type LabNode, type LabUnit, type ReadYaml, withNode } from './state.ts';
import { withUnit } from './unit.ts';

/** A cluster as it stands before anything happens: running nodes have the processes and files RKE2 would have made. */
export function fillIn(cluster: LabCluster, readYaml: ReadYaml): LabCluster {
  let next = cluster;
  for (const node of Object.values(cluster.nodes)) {
    const unitName = ['rke2-server', 'rke2-agent'].find((name) => node.units[name]?.active === 'active');
    if (unitName === undefined) continue;
    const config = configOf(node, roleOf(unitName), readYaml);
    if (typeof config === 'string') continue;
    const server = roleOf(unitName) === 'server';
    const made = processesOf(node, config, server);
    const stated = {
      ...Object.fromEntries(Object.entries(made).map(([k, v]) => [k, [v]])),
      ...node.processes,
    };
    const files = writeFiles(node, config, server, longAgo);
    const profiled = server && oneValue(config, 'profile') !== '' && node.accounts.etcd !== undefined;
    const owned = profiled ? giveToEtcd(files, config, Object.keys(node.files)) : files;
    const written = writeManifests(owned, config, made, longAgo);
    const filled = { ...written, files: { ...written.files, ...node.files }, processes: stated };
    const faults = kubeletFaults(node, config);
    next = withNode(
      next,
      faults.length > 0 ? kubeletExits(filled, config, unitName, faults, node.booted + 60) : filled,
    );
  }
  return next;
}

/**
 * A cluster in which a start that was on its way has come to its end: running, waiting for etcd, or without a kubelet.
 * Undefined when the configuration can no longer be read.
 */
export function finishStart(
  cluster: LabCluster,
  node: LabNode,
  unitName: string,
  now: number,
  readYaml: ReadYaml,
): LabCluster | undefined {
  const unit = node.units[unitName];
  const role = roleOf(unitName);
  const config = configOf(node, role, readYaml);
  if (!unit || typeof config === 'string') return undefined;
  const server = role === 'server';
  let next = writeFiles(node, config, server, now);
  if (server && oneValue(config, 'profile') !== '') {
    const database = databaseIn(dataDir(config));
    const stays =
      next.quirks.includes('etcd-database-stays-root') && fileAt(next, database)?.owner === 'root';
    next = giveToEtcd(next, config, stays ? [database] : []);
    if (stays) return withNode(cluster, etcdPanics(next, unitName, unit, database, now));
  }
  const made = processesOf(node, config, server);
  const faults = kubeletFaults(node, config);
  if (faults.length > 0) next = kubeletExits(next, config, unitName, faults, now);
  else {
    next = writeManifests(next, config, made, now);
    next = { ...next, processes: Object.fromEntries(Object.entries(made).map(([k, v]) => [k, [v]])) };
  }
  next = log(next, unitName, now, rke2Line(now, 'info', 'rke2 is up and running'));
  next = log(next, unitName, now, `Started ${title(unitName)}.`);
  const { due: _, ...rest } = unit;
  const running = withNode(
    cluster,
    withUnit(next, unitName, { ...rest, active: 'active', sub: 'running', since: Math.floor(now) }),
  );
  return server ? applyProfile(running, versionOf(node), isCis(config)) : running;
}

/** The old etcd wrote its database as root once more: the new one cannot open it, and the start hangs. */
function etcdPanics(node: LabNode, unitName: string, unit: LabUnit, database: string, now: number): LabNode {
  const { due: _, ...waiting } = unit;
  const quirks = node.quirks.filter((quirk) => quirk !== 'etcd-database-stays-root');
  const words = `failed to open database: open ${database}: permission denied`;
  return log(withUnit({ ...node, quirks }, unitName, waiting), unitName, now, rke2Line(now, 'error', words));
}

function kubeletExits(
  node: LabNode,
  config: Rke2Config,
  unitName: string,
  faults: readonly string[],
  now: number,
): LabNode {
  const path = `${dataDir(config)}/agent/logs/kubelet.log`;
  const file = fileAt(node, path);
  const text = `${file?.text ?? ''}E "Failed to start ContainerManager" err="[${faults.join(', ')}]"\n`;
  const written = file ? withFile(node, path, { ...file, text, modified: Math.floor(now) }) : node;
  return log(withoutKubelet(written), unitName, now, rke2Line(now, 'error', 'Kubelet exited: exit status 1'));
}

function processesOf(node: LabNode, config: Rke2Config, server: boolean) {
  return { ...agentProcesses(node, config), ...(server ? serverProcesses(node, config) : {}) };
}

/** The configuration RKE2 reads on a node, or what it says when it cannot. */
export function configOf(node: LabNode, role: 'server' | 'agent', readYaml: ReadYaml): Rke2Config | string {
  try {
    return readConfig(node, role, readYaml);
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** A node whose kubelet does not run; its containers stay. */
export function withoutKubelet(node: LabNode): LabNode {
  const { kubelet: _, ...processes } = node.processes;
  return { ...node, processes };
}
