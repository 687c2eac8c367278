import { defaultArguments, defaultFiles } from './canonical-defaults.ts';
import { canonicalFault } from './canonical-faults.ts';
import { fileAt, longAgo } from './files.ts';
import { log } from './journal.ts';
import {
  type LabCluster,
  type LabFile,
  type LabNode,
  type LabUnit,
  type ReadYaml,
  withNode,
} from './state.ts';
import { plainName, unitOf, withUnit } from './unit.ts';

const args = '/var/snap/k8s/common/args';

/** Whether a unit is one of the snap's. */
export function isCanonicalUnit(unitName: string): boolean {
  return /^snap\.k8s\.[a-z0-9-]+$/.test(plainName(unitName));
}

/** A cluster as it stands before anything happens: every component has its argument file, and runs with what that says. */
export function fillCanonical(cluster: LabCluster): LabCluster {
  return Object.values(cluster.nodes).reduce((at, node) => withNode(at, filled(node)), cluster);
}

function filled(node: LabNode): LabNode {
  const made: Record<string, LabFile> = {};
  for (const [path, mode, kind] of defaultFiles(node))
    made[path] = kind === 'folder' ? file(mode, undefined) : file(mode, 'practice\n');
  for (const [service, given] of Object.entries(defaultArguments(node))) {
    const lines = Object.entries(given).map(([key, value]) => `--${key}="${value}"\n`);
    made[`${args}/${service}`] = file('0600', lines.toSorted().join(''));
  }
  const whole = { ...node, files: { ...made, ...node.files } };
  const services = Object.keys(defaultArguments(node));
  const processes = Object.fromEntries(services.map((name) => [name, [[name, ...wordsOf(whole, name)]]]));
  const units = Object.fromEntries(services.map((name) => [`snap.k8s.${name}`, running]));
  return { ...whole, processes: { ...processes, ...node.processes }, units: { ...units, ...node.units } };
}

const running: LabUnit = {
  active: 'active',
  sub: 'running',
  enabled: 'enabled',
  restarts: 0,
  since: longAgo,
  pid: 900,
  result: 'success',
};

function file(mode: string, text: string | undefined): LabFile {
  const own = { mode, owner: 'root', group: 'root', modified: longAgo - 60 };
  return text === undefined ? own : { ...own, text };
}

/** A cluster after a unit of the snap was stopped: its component goes. */
export function stopCanonical(cluster: LabCluster, name: string, unitName: string, now: number): LabCluster {
  const node = cluster.nodes[name];
  const unit = node && unitOf(node, unitName);
  if (!node || !unit || unit.active === 'inactive') return cluster;
  const stopped: LabUnit = { ...unit, active: 'inactive', sub: 'dead', pid: 0 };
  return withNode(
    cluster,
    log(
      withUnit(without(node, serviceOf(unitName)), unitName, stopped),
      unitName,
      now,
      `Stopped ${plainName(unitName)}.`,
    ),
  );
}

/** A cluster in which a unit of the snap was started: it runs with what its argument file says, or dies over it. */
export function startCanonical(
  cluster: LabCluster,
  name: string,
  unitName: string,
  now: number,
  readYaml: ReadYaml,
): LabCluster {
  const node = cluster.nodes[name];
  const unit = node && unitOf(node, unitName);
  if (!node || !unit) return cluster;
  const service = serviceOf(unitName);
  const words = wordsOf(node, service);
  const fault = canonicalFault(node, service, words, readYaml);
  if (fault !== undefined) {
    const dead: LabUnit = { ...unit, active: 'activating', sub: 'auto-restart', result: 'exit-code', pid: 0 };
    return withNode(cluster, log(withUnit(without(node, service), unitName, dead), unitName, now, fault));
  }
  const pid = 1000 + (Math.floor(now * 10) % 60_000);
  const started: LabUnit = { ...unit, ...running, enabled: unit.enabled, since: Math.floor(now), pid };
  const processes = { ...node.processes, [service]: [[service, ...words]] };
  return withNode(
    cluster,
    log(
      withUnit({ ...node, processes }, unitName, started),
      unitName,
      now,
      `Started ${plainName(unitName)}.`,
    ),
  );
}

function serviceOf(unitName: string): string {
  return plainName(unitName).replace('snap.k8s.', '');
}

function without(node: LabNode, service: string): LabNode {
  const { [service]: _, ...processes } = node.processes;
  return { ...node, processes };
}

/** The words of an argument file: quotes go, comments do not count. The practice cluster uses nothing else of bash. */
function wordsOf(node: LabNode, service: string): readonly string[] {
  const text = fileAt(node, `${args}/${service}`)?.text ?? '';
  return [...text.replaceAll(/(^|\s)#.*$/gm, '').matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replaceAll(/["']/g, ''),
  );
}
