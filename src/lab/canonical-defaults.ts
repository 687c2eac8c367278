import type { LabNode } from './state.ts';

const pki = '/etc/kubernetes/pki';
const etcdData = '/var/snap/k8s/common/var/lib/etcd/data';

/** The suites that a fresh API server gets. */
const suites = [
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
];

/** Besides these the kubelet gets two without elliptic curves. */
const kubeletSuites = [...suites, 'TLS_RSA_WITH_AES_128_GCM_SHA256', 'TLS_RSA_WITH_AES_256_GCM_SHA384'];

type Arguments = Readonly<Record<string, string>>;

const apiServer: Arguments = {
  'allow-privileged': 'true',
  'anonymous-auth': 'false',
  'authentication-token-webhook-config-file': '/var/snap/k8s/common/args/conf.d/auth-token-webhook.conf',
  'authorization-mode': 'Node,RBAC',
  'client-ca-file': `${pki}/client-ca.crt`,
  'enable-admission-plugins': 'NodeRestriction',
  'etcd-cafile': `${pki}/etcd/ca.crt`,
  'etcd-certfile': `${pki}/apiserver-etcd-client.crt`,
  'etcd-keyfile': `${pki}/apiserver-etcd-client.key`,
  'etcd-servers': 'https://127.0.0.1:2379',
  'kubelet-certificate-authority': `${pki}/ca.crt`,
  'kubelet-client-certificate': `${pki}/apiserver-kubelet-client.crt`,
  'kubelet-client-key': `${pki}/apiserver-kubelet-client.key`,
  profiling: 'false',
  'request-timeout': '300s',
  'secure-port': '6443',
  'service-account-issuer': 'https://kubernetes.default.svc',
  'service-account-key-file': `${pki}/serviceaccount.key`,
  'service-account-signing-key-file': `${pki}/serviceaccount.key`,
  'tls-cert-file': `${pki}/apiserver.crt`,
  'tls-cipher-suites': suites.join(','),
  'tls-min-version': 'VersionTLS12',
  'tls-private-key-file': `${pki}/apiserver.key`,
};

const controllerManager: Arguments = {
  'authentication-kubeconfig': '/etc/kubernetes/controller.conf',
  'authorization-kubeconfig': '/etc/kubernetes/controller.conf',
  kubeconfig: '/etc/kubernetes/controller.conf',
  profiling: 'false',
  'root-ca-file': `${pki}/ca.crt`,
  'service-account-private-key-file': `${pki}/serviceaccount.key`,
  'terminated-pod-gc-threshold': '12500',
  'tls-min-version': 'VersionTLS12',
  'use-service-account-credentials': 'true',
};

const scheduler: Arguments = {
  'authentication-kubeconfig': '/etc/kubernetes/scheduler.conf',
  'authorization-kubeconfig': '/etc/kubernetes/scheduler.conf',
  kubeconfig: '/etc/kubernetes/scheduler.conf',
  profiling: 'false',
  'tls-min-version': 'VersionTLS12',
};

const etcd: Arguments = {
  'auto-tls': 'false',
  'cert-file': `${pki}/etcd/server.crt`,
  'client-cert-auth': 'true',
  'data-dir': etcdData,
  'key-file': `${pki}/etcd/server.key`,
  'peer-auto-tls': 'false',
  'peer-cert-file': `${pki}/etcd/peer.crt`,
  'peer-client-cert-auth': 'true',
  'peer-key-file': `${pki}/etcd/peer.key`,
  'peer-trusted-ca-file': `${pki}/etcd/ca.crt`,
  'trusted-ca-file': `${pki}/etcd/ca.crt`,
};

const kubelet: Arguments = {
  'anonymous-auth': 'false',
  'authorization-mode': 'Webhook',
  'cgroup-driver': 'systemd',
  'client-ca-file': `${pki}/client-ca.crt`,
  'container-runtime-endpoint': '/run/containerd/containerd.sock',
  'fail-swap-on': 'false',
  kubeconfig: '/etc/kubernetes/kubelet.conf',
  'read-only-port': '0',
  'tls-cert-file': `${pki}/kubelet.crt`,
  'tls-cipher-suites': kubeletSuites.join(','),
  'tls-private-key-file': `${pki}/kubelet.key`,
};

/** The components of a node with the arguments that a bootstrap gives them. */
export function defaultArguments({ roles }: Pick<LabNode, 'roles'>): Readonly<Record<string, Arguments>> {
  const everywhere = { kubelet };
  if (!roles.includes('server'))
    return { ...everywhere, 'k8s-apiserver-proxy': { kubeconfig: '/etc/kubernetes/kubelet.conf' } };
  const controlPlane = {
    'kube-apiserver': apiServer,
    'kube-controller-manager': controllerManager,
    'kube-scheduler': scheduler,
  };
  return { ...everywhere, ...controlPlane, ...(roles.includes('etcd') ? { etcd } : {}) };
}

/** Files and folders besides those of the arguments, by path: their mode, and whether they are folders. */
export function defaultFiles({
  roles,
}: Pick<LabNode, 'roles'>): readonly (readonly [string, string, 'file' | 'folder'])[] {
  const server = roles.includes('server');
  const crt = [
    'client-ca',
    'ca',
    'kubelet',
    ...(server
      ? [
          'apiserver',
          'apiserver-etcd-client',
          'apiserver-kubelet-client',
          'etcd/ca',
          'etcd/server',
          'etcd/peer',
        ]
      : []),
  ];
  const key = [
    'kubelet',
    ...(server
      ? [
          'apiserver',
          'apiserver-etcd-client',
          'apiserver-kubelet-client',
          'serviceaccount',
          'etcd/server',
          'etcd/peer',
        ]
      : []),
  ];
  return [
    ['/var/snap/k8s/common/args', '0700', 'folder'],
    ['/var/snap/k8s/common/args/conf.d', '0700', 'folder'],
    ...(server ? [] : ([['/var/snap/k8s/common/lock/worker', '0600', 'file']] as const)),
    ['/etc/systemd/system/snap.k8s.kubelet.service', '0644', 'file'],
    ['/etc/kubernetes', '0700', 'folder'],
    ['/etc/kubernetes/kubelet.conf', '0600', 'file'],
    ...(server
      ? ['admin', 'scheduler', 'controller'].map(
          (name) => [`/etc/kubernetes/${name}.conf`, '0600', 'file'] as const,
        )
      : []),
    ...crt.map((name) => [`${pki}/${name}.crt`, '0600', 'file'] as const),
    ...key.map((name) => [`${pki}/${name}.key`, '0600', 'file'] as const),
    ['/etc/cni/net.d/05-cilium.conflist', '0600', 'file'],
    ...(roles.includes('etcd')
      ? ([
          ['/var/snap/k8s/common/var/lib/etcd', '0700', 'folder'],
          [etcdData, '0700', 'folder'],
          [`${etcdData}/member`, '0700', 'folder'],
          [`${etcdData}/member/snap`, '0700', 'folder'],
          [`${etcdData}/member/wal`, '0700', 'folder'],
          [`${etcdData}/member/snap/db`, '0600', 'file'],
          [`${etcdData}/member/wal/0000000000000000-0000000000000000.wal`, '0600', 'file'],
        ] as const)
      : []),
  ];
}
