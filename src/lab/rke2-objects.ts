import type { Version } from '../domain/version.ts';
import { kindNamed, objectAt, withObject } from './kinds.ts';
import { mergePatch } from './merge-patch.ts';
import { versionOf } from './rke2-checks.ts';
import { hasPodSecurityAdmission, systemPolicies } from './rke2-version.ts';
import type { LabCluster, LabObject } from './state.ts';

const core = ['kube-system', 'default', 'kube-public'];
const builtIn = [...core, 'kube-node-lease'];

/** A cluster with the objects that every RKE2 cluster has, where the practice data does not name them. */
export function seedObjects(cluster: LabCluster): LabCluster {
  const stated = cluster.objects.filter((o) => o.kind === 'Namespace').map((o) => o.metadata.name);
  let next = cluster;
  for (const name of new Set([...builtIn, ...stated])) {
    next = ensure(next, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    next = ensure(next, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: name },
    });
  }
  for (const node of Object.values(cluster.nodes)) {
    const roles = node.roles.includes('server') ? ['control-plane', 'etcd', 'master'] : [];
    const labels = Object.fromEntries(roles.map((role) => [`node-role.kubernetes.io/${role}`, 'true']));
    next = ensure(next, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node.name, labels: { 'kubernetes.io/hostname': node.name, ...labels } },
      status: { nodeInfo: { kubeletVersion: node.version, osImage: node.os, architecture: node.arch } },
    });
  }
  const version = clusterVersion(next);
  const hasPolicy = next.objects.some((o) => o.kind === 'PodSecurityPolicy');
  return hasPodSecurityAdmission(version) || hasPolicy ? next : podSecurityPolicies(next, false);
}

/** What a server's start changes in the cluster's objects: what a CIS profile adds, and PodSecurityPolicies below 1.25. */
export function applyProfile(cluster: LabCluster, version: Version, cis: boolean): LabCluster {
  const policies = hasPodSecurityAdmission(version) ? cluster : podSecurityPolicies(cluster, cis);
  if (!cis) return policies;
  const guarded = [
    ...core.map((namespace) => ({ namespace, mark: 'np.rke2.io', name: 'default-network-policy' })),
    ...systemPolicies(version).map((part) => ({
      namespace: 'kube-system',
      mark: `np.rke2.io/${part}`,
      name: `default-network-${part}-policy`,
    })),
  ].reduce(guardedPolicy, policies);
  return builtIn.reduce((at, namespace) => {
    const account = objectAt(at, kind('serviceaccounts'), namespace, 'default');
    return account ? put(at, { ...account, automountServiceAccountToken: false }) : at;
  }, guarded);
}

/** While the namespace has the annotation, RKE2 leaves its policy alone; without it, the policy is made anew. */
function guardedPolicy(
  cluster: LabCluster,
  { namespace, mark, name }: { readonly namespace: string; readonly mark: string; readonly name: string },
): LabCluster {
  const home = objectAt(cluster, kind('namespaces'), undefined, namespace);
  const marks = (home?.metadata.annotations ?? {}) as Readonly<Record<string, string>>;
  if (!home || marks[mark] !== undefined) return cluster;
  const part = parts[mark.slice('np.rke2.io/'.length)];
  const policy: LabObject = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace, annotations: { [mark]: 'resolved' } },
    spec: {
      podSelector: part ? { matchLabels: part.labels } : {},
      policyTypes: ['Ingress'],
      ingress: part ? [{ ports: part.ports }] : [{ from: [{ podSelector: {} }] }],
    },
  };
  const marked = mergePatch(home, { metadata: { annotations: { [mark]: 'resolved' } } }) as LabObject;
  return put(put(cluster, policy), marked);
}

type Part = {
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly protocol: string; readonly port: number | string }[];
};

/** Whom each policy beside the one of the whole namespace is for, and on which ports it lets in. */
const parts: Readonly<Record<string, Part>> = {
  dns: {
    labels: { 'k8s-app': 'kube-dns' },
    ports: [
      { protocol: 'TCP', port: 53 },
      { protocol: 'UDP', port: 53 },
    ],
  },
  ingress: { labels: { 'app.kubernetes.io/name': 'rke2-ingress-nginx' }, ports: tcp('http', 'https') },
  'ingress-webhook': { labels: { 'app.kubernetes.io/name': 'rke2-ingress-nginx' }, ports: tcp('webhook') },
  'snapshot-validation-webhook': {
    labels: { 'app.kubernetes.io/name': 'rke2-snapshot-validation-webhook' },
    ports: tcp('https'),
  },
  'metrics-server': { labels: { app: 'rke2-metrics-server' }, ports: tcp('https') },
  traefik: { labels: { 'app.kubernetes.io/name': 'rke2-traefik' }, ports: tcp('web', 'websecure') },
};

function tcp(...ports: readonly string[]): Part['ports'] {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}

function podSecurityPolicies(cluster: LabCluster, restricted: boolean): LabCluster {
  const open = 'global-unrestricted-psp';
  const wanted = restricted ? ['global-restricted-psp', 'system-unrestricted-psp'] : [open];
  const without = restricted
    ? withObject(cluster, kind('podsecuritypolicies'), undefined, open, undefined)
    : cluster;
  return wanted.reduce((at, name) => {
    const free = name.includes('unrestricted');
    return ensure(at, {
      apiVersion: 'policy/v1beta1',
      kind: 'PodSecurityPolicy',
      metadata: { name },
      spec: {
        privileged: free,
        allowPrivilegeEscalation: free,
        runAsUser: { rule: free ? 'RunAsAny' : 'MustRunAsNonRoot' },
      },
    });
  }, without);
}

function clusterVersion(cluster: LabCluster): Version {
  const server = Object.values(cluster.nodes).find((node) => node.roles.includes('server'));
  return server ? versionOf(server) : [0, 0, 0];
}

function ensure(cluster: LabCluster, object: LabObject): LabCluster {
  const { name, namespace } = object.metadata;
  const there = cluster.objects.some(
    (o) => o.kind === object.kind && o.metadata.name === name && o.metadata.namespace === namespace,
  );
  return there ? cluster : put(cluster, object);
}

function put(cluster: LabCluster, object: LabObject): LabCluster {
  const { name, namespace } = object.metadata;
  return withObject(cluster, kind(object.kind.toLowerCase()), namespace, name, object);
}

function kind(word: string) {
  const found = kindNamed(word);
  if (!found) throw new Error(`the lab has no kind ${word}`);
  return found;
}
