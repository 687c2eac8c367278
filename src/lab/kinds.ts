import { inRange, parseVersion } from '../domain/version.ts';
import type { LabCluster, LabObject } from './state.ts';

/** A kind of Kubernetes object that the lab's API server serves. */
export type Kind = {
  readonly plural: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly namespaced: boolean;
  readonly short: string;
  /** Kubernetes versions that serve it; absent means all. */
  readonly versions?: string;
};

const rbac = 'rbac.authorization.k8s.io/v1';

const kinds: readonly Kind[] = [
  { plural: 'serviceaccounts', kind: 'ServiceAccount', apiVersion: 'v1', namespaced: true, short: 'sa' },
  { plural: 'namespaces', kind: 'Namespace', apiVersion: 'v1', namespaced: false, short: 'ns' },
  { plural: 'nodes', kind: 'Node', apiVersion: 'v1', namespaced: false, short: 'no' },
  { plural: 'services', kind: 'Service', apiVersion: 'v1', namespaced: true, short: 'svc' },
  { plural: 'deployments', kind: 'Deployment', apiVersion: 'apps/v1', namespaced: true, short: 'deploy' },
  { plural: 'events', kind: 'Event', apiVersion: 'v1', namespaced: true, short: 'ev' },
  {
    plural: 'apiservices',
    kind: 'APIService',
    apiVersion: 'apiregistration.k8s.io/v1',
    namespaced: false,
    short: 'apiservices',
  },
  { plural: 'configmaps', kind: 'ConfigMap', apiVersion: 'v1', namespaced: true, short: 'cm' },
  { plural: 'pods', kind: 'Pod', apiVersion: 'v1', namespaced: true, short: 'po' },
  {
    plural: 'networkpolicies',
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    namespaced: true,
    short: 'netpol',
  },
  {
    plural: 'clusterroles',
    kind: 'ClusterRole',
    apiVersion: rbac,
    namespaced: false,
    short: 'serviceaccounts',
  },
  {
    plural: 'clusterrolebindings',
    kind: 'ClusterRoleBinding',
    apiVersion: rbac,
    namespaced: false,
    short: 'clusterrolebindings',
  },
  {
    plural: 'validatingwebhookconfigurations',
    kind: 'ValidatingWebhookConfiguration',
    apiVersion: 'admissionregistration.k8s.io/v1',
    namespaced: false,
    short: 'validatingwebhookconfigurations',
  },
  { plural: 'roles', kind: 'Role', apiVersion: rbac, namespaced: true, short: 'roles' },
  { plural: 'rolebindings', kind: 'RoleBinding', apiVersion: rbac, namespaced: true, short: 'rolebindings' },
  {
    plural: 'podsecuritypolicies',
    kind: 'PodSecurityPolicy',
    apiVersion: 'policy/v1beta1',
    namespaced: false,
    short: 'psp',
    versions: '<1.25',
  },
];

/** The kind that a word after `kubectl get` names. */
export function kindNamed(word: string): Kind | undefined {
  const name = word.toLowerCase();
  return kinds.find(
    (k) => name === k.plural || name === k.short || name === k.kind.toLowerCase() || name === qualified(k),
  );
}

/** The kind of a manifest. */
export function kindOf(manifest: { readonly kind: string; readonly apiVersion: string }): Kind | undefined {
  return kinds.find((k) => k.kind === manifest.kind && k.apiVersion === manifest.apiVersion);
}

/** Whether the cluster's version serves a kind; by the oldest node, which is how a cluster is upgraded. */
export function serves(cluster: LabCluster, kind: Kind): boolean {
  if (kind.versions === undefined) return true;
  const range = kind.versions;
  return Object.values(cluster.nodes).some((node) => inRange(parseVersion(node.version) ?? [0, 0, 0], range));
}

/** How kubectl prints an object's kind and name: `networkpolicy.networking.k8s.io/web`. */
export function label(kind: Kind, name: string): string {
  const group = groupOf(kind);
  return `${kind.kind.toLowerCase()}${group ? `.${group}` : ''}/${name}`;
}

/** A kind with its group, as in the API server's own sentences. */
export function qualified(kind: Kind): string {
  const group = groupOf(kind);
  return group ? `${kind.plural}.${group}` : kind.plural;
}

/** One object of the cluster by kind, namespace and name. */
export function objectAt(
  cluster: LabCluster,
  kind: Kind,
  namespace: string | undefined,
  name: string,
): LabObject | undefined {
  return cluster.objects.find((o) => isObject(o, kind, namespace, name));
}

/** A cluster with one object replaced, added, or taken away when `object` is undefined. */
export function withObject(
  cluster: LabCluster,
  kind: Kind,
  namespace: string | undefined,
  name: string,
  object: LabObject | undefined,
): LabCluster {
  const there = objectAt(cluster, kind, namespace, name);
  if (there && object) return { ...cluster, objects: cluster.objects.map((o) => (o === there ? object : o)) };
  if (object) return { ...cluster, objects: [...cluster.objects, object] };
  return { ...cluster, objects: cluster.objects.filter((o) => o !== there) };
}

function isObject(o: LabObject, kind: Kind, namespace: string | undefined, name: string): boolean {
  return (
    o.kind === kind.kind &&
    o.metadata.name === name &&
    (!kind.namespaced || o.metadata.namespace === namespace)
  );
}

function groupOf(kind: Kind): string {
  return kind.apiVersion.includes('/') ? kind.apiVersion.slice(0, kind.apiVersion.indexOf('/')) : '';
}
