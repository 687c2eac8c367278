import { fileAt, tree, withFile } from './files.ts';
import { auditPolicy, podSecurityFile } from './rke2-arguments.ts';
import { isCis, versionOf } from './rke2-checks.ts';
import { dataDir, oneValue, type Rke2Config } from './rke2-config.ts';
import { ownResolver, resolver } from './rke2-resolver.ts';
import { encryption, etcdSettings, kubeletSettings } from './rke2-settings.ts';
import {
  configuresKubelet,
  exemptNamespaces,
  hasPodSecurityAdmission,
  privateManifests,
} from './rke2-version.ts';
import type { LabFile, LabNode } from './state.ts';

type Processes = Readonly<Record<string, readonly string[]>>;

/** A node with the files that RKE2 writes at every start, and those it writes only where there are none. */
export function writeFiles(node: LabNode, config: Rke2Config, server: boolean, now: number): LabNode {
  const data = dataDir(config);
  const file = (text: string | undefined, mode: string): LabFile => ({
    mode,
    owner: 'root',
    group: 'root',
    ...(text === undefined ? {} : { text }),
    modified: Math.floor(now),
  });
  const always: Record<string, LabFile> = {};
  const guarded = privateManifests(versionOf(node)) ? '0600' : '0644';
  const once: Record<string, LabFile> = {
    [`${data}/bin/kubectl`]: file('', '0755'),
    [`${data}/agent/kubelet.kubeconfig`]: file(kubeconfig('kubelet'), guarded),
    [`${data}/agent/kubeproxy.kubeconfig`]: file(kubeconfig('kube-proxy'), guarded),
    [`${data}/agent/client-ca.crt`]: file(certificate, guarded),
    [`${data}/agent/containerd`]: file(undefined, '0700'),
    [`${data}/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs/tmp`]: file(
      undefined,
      '1777',
    ),
    [`${data}/agent/logs/kubelet.log`]: file('', '0644'),
    '/etc/cni/net.d/10-canal.conflist': file('{ "name": "k8s-pod-network" }\n', '0600'),
    '/var/lib/cni/networks/k8s-pod-network/lock': file('', '0750'),
  };
  if (configuresKubelet(versionOf(node)))
    always[`${data}/agent/etc/kubelet.conf.d/00-rke2-defaults.conf`] = file(
      kubeletSettings(node, config),
      '0600',
    );
  if (resolver(node, config) === ownResolver(config))
    always[ownResolver(config)] = file('nameserver 8.8.8.8\n', '0644');
  if (server) {
    for (const name of ['admin', 'controller', 'scheduler'])
      once[`${data}/server/cred/${name}.kubeconfig`] = file(kubeconfig(name), guarded);
    once['/etc/rancher/rke2/rke2.yaml'] = file(kubeconfig('default'), '0600');
    once[`${data}/server/tls`] = file(undefined, '0700');
    for (const name of ['server-ca', 'client-ca', 'serving-kube-apiserver', 'etcd/server-ca', 'etcd/peer-ca'])
      once[`${data}/server/tls/${name}.crt`] = file(certificate, '0644');
    for (const name of ['server-ca', 'client-ca', 'serving-kube-apiserver', 'service', 'etcd/server-ca'])
      once[`${data}/server/tls/${name}.key`] = file('practice\n', '0600');
    once[`${data}/server/cred/encryption-config.json`] = file(encryption, '0600');
    once[`${data}/server/db/etcd`] = file(undefined, '0700');
    once[`${data}/server/db/etcd/config`] = file(etcdSettings(data), '0600');
    once[databaseIn(data)] = file('practice\n', '0600');
    const policy = auditPolicy(config);
    if (policy) once[policy] = file(noAudit, '0600');
    if (policy) once[`${data}/server/logs/audit.log`] = file('', '0600');
    const ownAdmission = oneValue(config, 'pod-security-admission-config-file') !== '';
    if (hasPodSecurityAdmission(versionOf(node)) && !ownAdmission)
      always[podSecurityFile(config)] = file(podSecurity(node, isCis(config)), '0600');
  }
  const missing = Object.entries(once).filter(([path]) => fileAt(node, path) === undefined);
  return [...missing, ...Object.entries(always)].reduce((at, [path, each]) => withFile(at, path, each), node);
}

/** A node with the manifests of its static pods as the kubelet is to run them. */
export function writeManifests(
  node: LabNode,
  config: Rke2Config,
  processes: Processes,
  now: number,
): LabNode {
  const profile = oneValue(config, 'profile');
  const mode = profile !== '' && privateManifests(versionOf(node)) ? '0600' : '0644';
  const pods = Object.entries(processes).filter(([name]) => name !== 'kubelet' && name !== 'containerd');
  return pods.reduce((at, [name, words]) => {
    const path = `${dataDir(config)}/agent/pod-manifests/${name}.yaml`;
    const text = manifest(name, words, name === 'etcd' && profile !== '' ? node.accounts.etcd : undefined);
    return withFile(at, path, { mode, owner: 'root', group: 'root', text, modified: Math.floor(now) });
  }, node);
}

/** Where etcd keeps its database. */
export function databaseIn(data: string): string {
  return `${data}/server/db/etcd/member/snap/db`;
}

/** A node whose etcd data and certificates belong to etcd, but for the paths left out. */
export function giveToEtcd(node: LabNode, config: Rke2Config, but: readonly string[]): LabNode {
  const data = dataDir(config);
  const paths = [`${data}/server/db/etcd`, `${data}/server/tls/etcd`].flatMap((top) =>
    tree(node, top).map(([path]) => path),
  );
  return paths.reduce((at, path) => {
    const file = fileAt(at, path);
    return file && !but.includes(path) ? withFile(at, path, { ...file, owner: 'etcd', group: 'etcd' }) : at;
  }, node);
}

const certificate = '-----BEGIN CERTIFICATE-----\ncHJhY3RpY2U=\n-----END CERTIFICATE-----\n';

const noAudit = `apiVersion: audit.k8s.io/v1
kind: Policy
metadata:
  creationTimestamp: null
rules:
- level: None
`;

function kubeconfig(user: string): string {
  return `apiVersion: v1
kind: Config
clusters:
- name: default
  cluster:
    server: https://127.0.0.1:6443
contexts:
- name: default
  context:
    cluster: default
    user: ${user}
current-context: default
`;
}

function podSecurity(node: LabNode, restricted: boolean): string {
  const level = restricted ? 'restricted' : 'privileged';
  const exempt = restricted ? exemptNamespaces(versionOf(node)) : [];
  return `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: PodSecurity
  configuration:
    apiVersion: pod-security.admission.config.k8s.io/v1beta1
    kind: PodSecurityConfiguration
    defaults:
      enforce: "${level}"
      enforce-version: "latest"
    exemptions:
      usernames: []
      runtimeClasses: []
      namespaces: [${exempt.join(', ')}]
`;
}

function manifest(
  name: string,
  words: readonly string[],
  account: { readonly uid: number; readonly gid: number } | undefined,
): string {
  const [command = name, ...args] = words;
  const security = account
    ? `  securityContext:\n    runAsUser: ${account.uid}\n    runAsGroup: ${account.gid}\n`
    : '';
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: kube-system
spec:
  hostNetwork: true
${security}  containers:
  - name: ${name}
    command: [${command}]
    args:
${args.map((arg) => `    - ${JSON.stringify(arg)}\n`).join('')}`;
}
