import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootNodes, type Cluster } from '../nodes/cluster.ts';

/** The servers of the cluster; an agent is there too, whose host key is not the one on record. */
export const servers = ['cp-1', 'cp-2', 'cp-3'];

/** Boots the cluster of the session. */
export function bootProd(): Promise<Cluster> {
  return bootNodes({
    nodes: [
      ...servers.map((name) => ({ name, role: 'server' as const })),
      { name: 'w-1', role: 'agent' as const },
    ],
    rke2: { version: 'v1.23.17+rke2r1' },
  });
}

/** Writes what the operator has: a known_hosts with a gap and an error in it, and an inventory that lacks cp-3. */
export function nameNodes(cluster: Cluster, home: string): void {
  writeFileSync(join(home, 'known_hosts'), knownHosts(cluster));
  const inventory = ['cp-1', 'cp-2', 'w-1'].map((name) => {
    const { port, role } = cluster.node(name);
    return `  - { name: ${name}, host: 127.0.0.1, port: ${port}, user: root, role: ${role} }`;
  });
  writeFileSync(join(home, 'prod.yaml'), ['cluster: prod', 'nodes:', ...inventory, ''].join('\n'));
}

/** What the operator's known_hosts says: the truth of cp-1 and cp-2, nothing of cp-3, and of w-1 another node's key. */
function knownHosts(cluster: Cluster): string {
  const lines = readFileSync(cluster.knownHostsPath, 'utf8').split('\n');
  const of = (name: string): string =>
    lines.find((line) => line.startsWith(`[127.0.0.1]:${cluster.node(name).port} `)) ?? '';
  const wrong = `[127.0.0.1]:${cluster.node('w-1').port} ${of('cp-3').split(' ').slice(1).join(' ')}`;
  return `${[of('cp-1'), of('cp-2'), wrong].join('\n')}\n`;
}
