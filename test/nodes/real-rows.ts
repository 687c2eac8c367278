/** How a control comes to fail on a real node, and what it is once it is applied. */
export type Row = {
  readonly control: string;
  readonly node: string;
  /** A case of test/controls, put on the node; without one the node is bad as it comes. */
  readonly from?: string;
  /** Or a shell command that makes it so. */
  readonly spoil?: string;
  /** It takes effect only after a restart, and passes then. */
  readonly restart?: true;
  readonly preview?: true;
};

/** The guide for Rancher 2.6.5. */
export const old: readonly Row[] = [
  { control: 'kernel-values', node: 'cp-1' },
  { control: 'kernel-key-quotas', node: 'cp-1', from: 'bad' },
  { control: 'etcd-account', node: 'cp-1' },
  { control: 'etcd-data-mode', node: 'cp-1', from: 'bad' },
  { control: 'etcd-data-owner', node: 'cp-1' },
  { control: 'pod-manifests', node: 'cp-1', from: 'bad' },
  {
    control: 'etcd-manifest',
    node: 'cp-1',
    spoil: 'chmod 666 /var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml',
  },
  { control: 'protect-kernel-defaults', node: 'cp-1', restart: true },
  { control: 'profile', node: 'cp-1', restart: true, preview: true },
  { control: 'audit-policy', node: 'cp-1', restart: true },
  {
    control: 'audit-log-limits',
    node: 'cp-1',
    spoil:
      'mkdir -p /etc/rancher/rke2/config.yaml.d && echo "kube-apiserver-arg: [audit-log-maxage=5]  # disk is small" > /etc/rancher/rke2/config.yaml.d/20-audit.yaml && systemctl reset-failed rke2-server; systemctl restart rke2-server',
    restart: true,
  },
];

/** The hardening guide of today. */
export const current: readonly Row[] = [
  { control: 'pod-manifests-private', node: 'cp-1' },
  { control: 'protect-kernel-defaults-written', node: 'cp-1', from: 'bad', restart: true },
  { control: 'profile-current', node: 'w-1', from: 'bad', restart: true, preview: true },
  { control: 'profile-current', node: 'cp-1', restart: true, preview: true },
];

/** Tried in the test that names it: nothing but the profile makes it pass. */
export const cured = ['audit-log-path'];

/** What the benchmarks ask beyond the guides, on nodes that run with their profile. */
export type Suite = {
  readonly version: string;
  readonly benchmark: string;
  readonly profile: string;
  readonly agents: readonly string[];
  /** Files whose mode or owner is set right at once. */
  readonly files: readonly Row[];
  /** Files that RKE2 alone writes: the change is refused, and the file is put back by hand. */
  readonly owned: readonly Row[];
  /** Arguments that the configuration gives a process: all are spoiled together, for each takes a restart. */
  readonly configured: readonly Row[];
  /** What only the profile brings; without it the change is refused. */
  readonly brought: readonly string[];
};

const on = (node: string, controls: string): readonly Row[] =>
  controls
    .split(/\s+/)
    .filter((control) => control !== '')
    .map((control) => ({ control, node, from: 'bad' }));

const asItComes = (node: string, controls: string): readonly Row[] =>
  on(node, controls).map(({ from: _, ...row }) => row);

const openManifest = (component: string, of: string): Row => ({
  control: `${of}-manifest-mode`,
  node: 'cp-1',
  spoil: `chmod 644 /var/lib/rancher/rke2/agent/pod-manifests/${component}.yaml`,
});

/** Every suite of the benchmarks. */
export const suites: readonly Suite[] = [
  {
    // The last of its line on which the profile does not yet shorten tokens.
    version: 'v1.33.5+rke2r1',
    benchmark: 'cis-1.12',
    profile: 'cis',
    agents: ['w-1'],
    files: [
      openManifest('kube-apiserver', 'apiserver'),
      openManifest('kube-controller-manager', 'controller-manager'),
      openManifest('kube-scheduler', 'scheduler'),
      openManifest('etcd', 'etcd'),
      ...on(
        'cp-1',
        `apiserver-manifest-owner controller-manager-manifest-owner scheduler-manifest-owner etcd-manifest-owner
        cni-config-mode cni-config-owner admin-kubeconfig-mode admin-kubeconfig-owner scheduler-kubeconfig-mode
        scheduler-kubeconfig-owner controller-kubeconfig-mode controller-kubeconfig-owner pki-folder-owner
        pki-certificate-mode pki-key-mode`,
      ),
      ...on(
        'w-1',
        `kube-proxy-kubeconfig-mode kube-proxy-kubeconfig-owner kubelet-kubeconfig-mode kubelet-kubeconfig-owner
        kubelet-client-ca-mode kubelet-client-ca-owner kubelet-config-mode kubelet-config-owner`,
      ),
    ],
    owned: on(
      'cp-1',
      `secrets-encryption-provider etcd-server-certificate etcd-client-auth etcd-auto-tls etcd-peer-certificate
      etcd-peer-client-auth etcd-peer-auto-tls etcd-own-ca`,
    ),
    configured: [
      ...asItComes('cp-1', 'deny-service-external-ips apiserver-extended-tokens'),
      ...on(
        'cp-1',
        `apiserver-anonymous-auth apiserver-token-auth-file apiserver-kubelet-client-certificate
        apiserver-kubelet-certificate-authority apiserver-authorization-not-always-allow apiserver-no-always-admit
        apiserver-service-account-admission apiserver-namespace-lifecycle apiserver-profiling apiserver-request-timeout
        apiserver-service-account-lookup apiserver-service-account-key-file apiserver-etcd-certificate
        apiserver-tls-certificate apiserver-client-ca apiserver-etcd-ca apiserver-encryption-config apiserver-tls-ciphers
        controller-manager-pod-gc controller-manager-profiling controller-manager-own-accounts controller-manager-token-key
        controller-manager-root-ca controller-manager-kubelet-rotation controller-manager-bind-address scheduler-profiling
        scheduler-bind-address`,
      ),
      // AlwaysAllow, which stands in the case above, leaves no room for the two others.
      ...asItComes('cp-1', 'apiserver-authorization-node apiserver-authorization-rbac'),
      ...asItComes('w-1', 'kubelet-tls-ciphers kubelet-pod-pid-limit kubelet-seccomp-default'),
      ...on(
        'w-1',
        `kubelet-anonymous-auth kubelet-authorization kubelet-client-ca-file kubelet-read-only-port kubelet-streaming-timeout
        kubelet-iptables-chains kubelet-event-rate kubelet-tls-certificate kubelet-rotate-certificates
        kubelet-rotate-server-certificates kube-proxy-metrics-address`,
      ),
    ],
    brought: ['audit-log-path', 'audit-policy-file'],
  },
  {
    version: 'v1.25.16+rke2r1',
    benchmark: 'cis-1.7',
    profile: 'cis',
    agents: [],
    files: asItComes('cp-1', 'pki-certificate-mode-private'),
    owned: [],
    configured: on('cp-1', 'apiserver-secure-port'),
    brought: [],
  },
  {
    version: 'v1.23.17+rke2r1',
    benchmark: 'cis-1.23',
    profile: 'cis-1.6',
    agents: ['w-1'],
    files: [...on('cp-1', 'control-plane-kubeconfigs cni-config-writers'), ...on('w-1', 'agent-credentials')],
    owned: [],
    configured: on('cp-1', 'no-deny-external-ips apiserver-kubelet-https'),
    brought: ['audit-policy-file', 'kubelet-protects-kernel'],
  },
];

/** What no booted node can show, and why. */
export const unseen: Readonly<Record<string, string>> = {
  'apiserver-node-restriction':
    'RKE2 gives the API server this plugin itself, and no configuration of it takes the plugin away.',
  'pod-policy-plugin':
    'Up to 1.24 RKE2 turns PodSecurityPolicy on itself, and no configuration of it turns that off.',
};
