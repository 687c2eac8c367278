import { isCis, protectsKernel, versionOf } from './rke2-checks.ts';
import { dataDir, oneValue, type Rke2Config } from './rke2-config.ts';
import { resolver } from './rke2-resolver.ts';
import {
  configuresKubelet,
  hasPodSecurityAdmission,
  narrowsCiphers,
  shortensTokens,
} from './rke2-version.ts';
import type { LabNode } from './state.ts';

/** The audit policy in force; undefined when nothing is audited. */
export function auditPolicy(config: Rke2Config): string | undefined {
  const own = oneValue(config, 'audit-policy-file');
  if (own) return own;
  return isCis(config) ? '/etc/rancher/rke2/audit-policy.yaml' : undefined;
}

/** The file with Pod Security's defaults, which RKE2 writes itself unless the operator names his own. */
export function podSecurityFile(config: Rke2Config): string {
  return oneValue(config, 'pod-security-admission-config-file', '/etc/rancher/rke2/rke2-pss.yaml');
}

/** Arguments of the processes of an agent, by name. */
export function agentProcesses(
  node: LabNode,
  config: Rke2Config,
): Readonly<Record<string, readonly string[]>> {
  const data = dataDir(config);
  return {
    containerd: ['containerd', '-c', `${data}/agent/etc/containerd/config.toml`],
    kubelet: ['kubelet', ...kubelet(node, config)],
    'kube-proxy': ['kube-proxy', ...proxy(node, config)],
  };
}

/** Arguments of the processes a server has more than an agent, by name. */
export function serverProcesses(
  node: LabNode,
  config: Rke2Config,
): Readonly<Record<string, readonly string[]>> {
  const data = dataDir(config);
  const all = {
    etcd: ['etcd', `--config-file=${data}/server/db/etcd/config`],
    'kube-apiserver': ['kube-apiserver', ...apiserver(node, config)],
    'kube-controller-manager': ['kube-controller-manager', ...controllerManager(config)],
    'kube-scheduler': ['kube-scheduler', ...scheduler(config)],
  };
  const disabled = Object.keys(all).filter(
    (name) => oneValue(config, `disable-${name.replace('kube-', '')}`) === 'true',
  );
  return Object.fromEntries(Object.entries(all).filter(([name]) => !disabled.includes(name)));
}

/** Defaults with the operator's `key=value` over them: his replace a default, and pile up among themselves. */
function overlay(
  defaults: Readonly<Record<string, string>>,
  given: readonly string[] = [],
): readonly string[] {
  const keys = given.map((each) => each.split('=')[0]);
  const kept = Object.entries(defaults).filter(([key]) => !keys.includes(key));
  return [...kept.map(([key, value]) => `--${key}=${value}`), ...given.map((each) => `--${each}`)].sort();
}

function apiserver(node: LabNode, config: Rke2Config): readonly string[] {
  const data = dataDir(config);
  const tls = `${data}/server/tls`;
  const version = versionOf(node);
  const policy = auditPolicy(config);
  const admission = hasPodSecurityAdmission(version)
    ? [
        `--admission-control-config-file=${podSecurityFile(config)}`,
        '--enable-admission-plugins=NodeRestriction',
      ]
    : ['--enable-admission-plugins=NodeRestriction,PodSecurityPolicy'];
  const audit = policy
    ? [
        `--audit-policy-file=${policy}`,
        '--audit-log-maxage=30',
        '--audit-log-maxbackup=10',
        '--audit-log-maxsize=100',
        `--audit-log-path=${data}/server/logs/audit.log`,
      ]
    : [];
  const tokens =
    isCis(config) && shortensTokens(version) ? ['--service-account-extend-token-expiration=false'] : [];
  const defaults = {
    'allow-privileged': 'true',
    'anonymous-auth': 'false',
    'api-audiences': 'https://kubernetes.default.svc.cluster.local,rke2',
    'authorization-mode': 'Node,RBAC',
    'bind-address': '0.0.0.0',
    'cert-dir': `${tls}/temporary-certs`,
    'client-ca-file': `${tls}/client-ca.crt`,
    'encryption-provider-config': `${data}/server/cred/encryption-config.json`,
    'etcd-cafile': `${tls}/etcd/server-ca.crt`,
    'etcd-certfile': `${tls}/etcd/client.crt`,
    'etcd-keyfile': `${tls}/etcd/client.key`,
    'etcd-servers': 'https://127.0.0.1:2379',
    'kubelet-certificate-authority': `${tls}/server-ca.crt`,
    'kubelet-client-certificate': `${tls}/client-kube-apiserver.crt`,
    'kubelet-client-key': `${tls}/client-kube-apiserver.key`,
    profiling: 'false',
    'secure-port': '6443',
    'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
    'service-account-key-file': `${tls}/service.key`,
    'service-account-signing-key-file': `${tls}/service.current.key`,
    'service-cluster-ip-range': '10.43.0.0/16',
    'storage-backend': 'etcd3',
    'tls-cert-file': `${tls}/serving-kube-apiserver.crt`,
    ...(narrowsCiphers(version) ? { 'tls-cipher-suites': strongCiphers } : {}),
    'tls-private-key-file': `${tls}/serving-kube-apiserver.key`,
  };
  return [...audit, ...tokens, ...admission, ...overlay(defaults, config['kube-apiserver-arg'])];
}

const strongCiphers = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305',
].join(',');

function controllerManager(config: Rke2Config): readonly string[] {
  const data = dataDir(config);
  const defaults = {
    'authorization-kubeconfig': `${data}/server/cred/controller.kubeconfig`,
    'bind-address': '127.0.0.1',
    'cluster-cidr': '10.42.0.0/16',
    kubeconfig: `${data}/server/cred/controller.kubeconfig`,
    profiling: 'false',
    'root-ca-file': `${data}/server/tls/server-ca.crt`,
    'secure-port': '10257',
    'service-account-private-key-file': `${data}/server/tls/service.current.key`,
    'terminated-pod-gc-threshold': '1000',
    'use-service-account-credentials': 'true',
  };
  return overlay(defaults, config['kube-controller-manager-arg']);
}

function scheduler(config: Rke2Config): readonly string[] {
  const kubeconfig = `${dataDir(config)}/server/cred/scheduler.kubeconfig`;
  const defaults = { 'bind-address': '127.0.0.1', kubeconfig, profiling: 'false', 'secure-port': '10259' };
  return overlay(defaults, config['kube-scheduler-arg']);
}

function proxy(node: LabNode, config: Rke2Config): readonly string[] {
  const defaults = {
    'cluster-cidr': '10.42.0.0/16',
    'hostname-override': node.name,
    kubeconfig: `${dataDir(config)}/agent/kubeproxy.kubeconfig`,
    'proxy-mode': 'iptables',
  };
  return overlay(defaults, config['kube-proxy-arg']);
}

function kubelet(node: LabNode, config: Rke2Config): readonly string[] {
  const agent = `${dataDir(config)}/agent`;
  if (configuresKubelet(versionOf(node))) {
    const few = {
      'config-dir': `${agent}/etc/kubelet.conf.d`,
      'hostname-override': node.name,
      kubeconfig: `${agent}/kubelet.kubeconfig`,
      'read-only-port': '0',
    };
    return overlay(few, config['kubelet-arg']);
  }
  const defaults = {
    'anonymous-auth': 'false',
    'authorization-mode': 'Webhook',
    'client-ca-file': `${agent}/client-ca.crt`,
    'container-runtime-endpoint': 'unix:///run/k3s/containerd/containerd.sock',
    'hostname-override': node.name,
    kubeconfig: `${agent}/kubelet.kubeconfig`,
    'pod-manifest-path': `${agent}/pod-manifests`,
    'read-only-port': '0',
    'resolv-conf': resolver(node, config),
    'tls-cert-file': `${agent}/serving-kubelet.crt`,
    'tls-private-key-file': `${agent}/serving-kubelet.key`,
    ...(protectsKernel(config) ? { 'protect-kernel-defaults': 'true' } : {}),
  };
  return overlay(defaults, config['kubelet-arg']);
}
