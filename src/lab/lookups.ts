import type { Question } from '../domain/question.ts';
import { fileAt } from './files.ts';
import type { LabCluster, LabNode } from './state.ts';

type Lookups = Extract<Question, { readonly kind: 'lookups' }>;

/** Where CoreDNS answers in the lab: its service, and its pods, each with the node it runs on. */
export const labDns = { service: '10.43.0.10', domain: 'cluster.local' } as const;

/** What the lab's DNS servers say: CoreDNS for every name it can reach, the site's own servers for all names but those of the cluster. */
export function lookupText(cluster: LabCluster, node: LabNode, { names, servers }: Lookups): string {
  const lines = servers.flatMap((server) =>
    names.map((name) => `${server} ${name} ${reply(cluster, node, server, name)}`),
  );
  return lines.sort().join('\n');
}

function reply(cluster: LabCluster, node: LabNode, server: string, name: string): string {
  const internal = name.endsWith(`.${labDns.domain}`);
  const home = homeOf(cluster, server);
  if (server !== serviceOf(cluster) && home === undefined) return siteReply(node, server, internal);
  // Packets for a pod elsewhere are forwarded here, and come back by another way than they left.
  if (home !== node.name && (!forwards(node) || !reachable(cluster, home))) return 'timeout';
  if (internal) return '0 1';
  const upstream = home === undefined ? anyServer(cluster) : cluster.nodes[home];
  return upstream && hasUpstream(upstream) ? '0 1' : '2 0';
}

function siteReply(node: LabNode, server: string, internal: boolean): string {
  if (server === '127.0.0.53' && node.units['systemd-resolved']?.active !== 'active') return 'refused';
  if (server.startsWith('127.') && server !== '127.0.0.53') return 'refused';
  return internal ? '3 0' : '0 1';
}

/** The address of the DNS service, as its object says; where there is none, RKE2's own. */
function serviceOf(cluster: LabCluster): string {
  const service = cluster.objects.find(
    (o) => o.kind === 'Service' && /coredns|kube-dns/.test(o.metadata.name),
  );
  return (service as { spec?: { clusterIP?: string } } | undefined)?.spec?.clusterIP ?? labDns.service;
}

/** The node on which a CoreDNS pod of this address runs. */
function homeOf(cluster: LabCluster, server: string): string | undefined {
  const pod = cluster.objects.find(
    (o) => o.kind === 'Pod' && (o as { status?: { podIP?: string } }).status?.podIP === server,
  );
  return (pod as { spec?: { nodeName?: string } } | undefined)?.spec?.nodeName;
}

function reachable(cluster: LabCluster, home: string | undefined): boolean {
  const node = home === undefined ? undefined : cluster.nodes[home];
  return node === undefined || forwards(node);
}

/** Whether a node passes packets of pods on: it forwards, and no strict filter throws them away. */
function forwards({ kernel }: LabNode): boolean {
  const filters = Object.entries(kernel).filter(([key]) =>
    /^net\.ipv4\.conf\.(?!lo\.|cali|default\.).*\.rp_filter$/.test(key),
  );
  return kernel['net.ipv4.ip_forward'] !== '0' && filters.every(([, value]) => value !== '1');
}

/** Whether CoreDNS on a node has somebody to ask: it was given the servers of the node's resolver when it started. */
function hasUpstream(node: LabNode): boolean {
  const texts = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'].map(
    (path) => fileAt(node, path)?.text ?? '',
  );
  return texts.some((text) => /^nameserver (?!127\.)/m.test(text));
}

function anyServer(cluster: LabCluster): LabNode | undefined {
  return Object.values(cluster.nodes).find((node) => node.roles.includes('server') && hasUpstream(node));
}
