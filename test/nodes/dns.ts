import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cluster } from './cluster.ts';
import { must } from './command.ts';

const HERE = dirname(fileURLToPath(import.meta.url));

/** Addresses of the cluster's DNS: its service, and its two pods. */
export const dnsService = '10.43.0.10';
export const dnsPods = ['10.42.0.53', '10.42.1.53'] as const;

/** How one server behaves: whether it knows names of the cluster, what it makes of all others, and whether it says anything at all. */
export type Manner = {
  readonly inside: boolean;
  readonly outside: 'answers' | 'fails';
  readonly silent: boolean;
};

const ofCluster: Manner = { inside: true, outside: 'answers', silent: false };
const ofSite: Manner = { inside: false, outside: 'answers', silent: false };

/** The DNS servers of a cluster and of its site, which the nodes really ask over UDP. */
export type Dns = {
  /** Makes these servers behave otherwise; all others are well again. */
  readonly behave: (manners: Readonly<Record<string, Partial<Manner>>>) => Promise<void>;
  readonly close: () => void;
};

/** Address of the site's own server, which its nodes ask for all names. */
export function siteServer(cluster: Cluster): string {
  const [, second] = cluster.nodes[0]?.address.split('.') ?? [];
  return `10.${second}.0.1`;
}

/** Starts them behind the bridge, where all nodes reach them by their default route, and tells the stand-in kubectl of the pods. */
export async function startDns(cluster: Cluster): Promise<Dns> {
  const own = [dnsService, ...dnsPods];
  const lines = ['link set lo up', ...own.map((address) => `addr add ${address}/32 dev lo`)];
  await must('ip', ['-n', cluster.netns, '-batch', '-'], `${lines.join('\n')}\n`);
  const child = fork(join(HERE, 'dns.js'), [], {
    execPath: 'nsenter',
    execArgv: [`--net=/run/netns/${cluster.netns}`, process.execPath],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { PATH: process.env.PATH ?? '' },
  });
  const site = siteServer(cluster);
  const behave: Dns['behave'] = async (manners) => {
    const ready = once(child, 'message');
    const ofOwn = own.map((address) => [address, { ...ofCluster, ...manners[address] }] as const);
    child.send(Object.fromEntries([[site, { ...ofSite, ...manners.site }], ...ofOwn]));
    await ready;
  };
  await behave({});
  givePodsAddresses(cluster.store);
  return { behave, close: () => child.disconnect() };
}

/** The pod of CoreDNS that the stand-in made gets the first address, a copy of it the second. */
function givePodsAddresses(store: string): void {
  const folder = join(store, 'objects/pods/kube-system');
  const file = readdirSync(folder).find((name) => name.includes('coredns'));
  if (!file) throw new Error('the stand-in made no pod of CoreDNS');
  const pod = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  for (const [i, podIP] of dnsPods.entries()) {
    const name = i === 0 ? pod.metadata.name : `${pod.metadata.name}-${i}`;
    const text = JSON.stringify({
      ...pod,
      metadata: { ...pod.metadata, name },
      status: { ...pod.status, podIP, startTime: new Date().toISOString() },
    });
    writeFileSync(join(folder, `${name}.json`), text);
  }
}
