/** Whether a flag takes the word after it as its value: truth values never do, all others always do. */
export type FlagKind = 'truth' | 'valued' | 'unknown';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Flags of the components that are truth values; the kind of a name is the same wherever it is a flag. */
const truths: ReadonlySet<string> = new Set(
  words(`
  add-dir-header allocate-node-cidrs allow-privileged alsologtostderr anonymous-auth audit-log-batch-throttle-enable
  audit-log-compress audit-log-truncate-enabled audit-webhook-batch-throttle-enable audit-webhook-truncate-enabled
  authentication-skip-lookup authentication-token-webhook authentication-tolerate-lookup-failure auto-tls
  bind-address-hard-fail cleanup client-cert-auth configure-cloud-routes contention-profiling cpu-cfs-quota debug
  disable-http2-serving enable-aggregator-routing enable-bootstrap-token-auth enable-controller-attach-detach
  enable-debugging-handlers enable-dynamic-provisioning enable-garbage-collector enable-grpc-gateway
  enable-hostpath-provisioner enable-leader-migration enable-load-reader enable-log-rotation enable-logs-handler
  enable-pprof enable-priority-and-fairness enable-server enable-swagger-ui enable-taint-manager enable-v2
  exit-on-lock-contention experimental-allocatable-ignore-eviction experimental-check-node-capabilities-before-mount
  experimental-initial-corrupt-check experimental-memory-mlock fail-swap-on force-new-cluster h help
  iptables-localhost-nodeports ipvs-strict-arp keep-terminated-pod-volumes kernel-memcg-notification kubelet-https
  leader-elect local-storage-capacity-isolation log-json-split-stream log-text-split-stream logtostderr
  make-iptables-util-chains masquerade-all one-output peer-auto-tls peer-client-cert-auth
  peer-skip-client-san-verification permit-address-sharing permit-port-sharing pre-vote profiling
  protect-kernel-defaults redirect-container-streaming register-node register-schedulable repair-malformed-updates
  rotate-certificates rotate-server-certificates runonce seccomp-default serialize-image-pulls
  service-account-extend-token-expiration service-account-lookup skip-headers skip-log-headers strict-reconfig-check
  unsafe-no-fsync use-service-account-credentials version volume-host-allow-local-loopback watch-cache
`),
);

/** Flags of the components that take a value. */
const valued: ReadonlySet<string> = new Set(
  words(`
  address admission-control admission-control-config-file advertise-address advertise-client-urls allow-metric-labels
  api-audiences apiserver-count audit-log-batch-max-size audit-log-format audit-log-maxage
  audit-log-maxbackup audit-log-maxsize audit-log-mode audit-log-path audit-log-version audit-policy-file
  audit-webhook-config-file audit-webhook-mode authentication-config authentication-kubeconfig
  authentication-token-webhook-cache-ttl authentication-token-webhook-config-file authorization-config
  authorization-kubeconfig authorization-mode authorization-policy-file authorization-webhook-cache-authorized-ttl
  authorization-webhook-cache-unauthorized-ttl authorization-webhook-config-file auto-compaction-mode
  auto-compaction-retention basic-auth-file bind-address bootstrap-kubeconfig cert-dir cert-file cgroup-driver
  cgroup-root cipher-suites client-ca-file client-crl-file cloud-config cloud-provider cluster-cidr cluster-dns
  cluster-domain cluster-name cluster-signing-cert-file cluster-signing-duration cluster-signing-key-file config config-dir
  config-file container-log-max-files container-log-max-size container-runtime container-runtime-endpoint
  controllers cors-allowed-origins data-dir default-not-ready-toleration-seconds
  default-unreachable-toleration-seconds default-watch-cache-size disable-admission-plugins
  egress-selector-config-file election-timeout enable-admission-plugins encryption-provider-config endpoint-reconciler-type
  etcd-cafile etcd-certfile etcd-compaction-interval etcd-keyfile etcd-prefix etcd-servers etcd-servers-overrides event-burst
  event-qps event-ttl eviction-hard eviction-minimum-reclaim eviction-soft eviction-soft-grace-period
  experimental-encryption-provider-config external-hostname feature-gates goaway-chance hairpin-mode healthz-bind-address
  healthz-port heartbeat-interval hostname-override http-check-frequency image-credential-provider-bin-dir
  image-credential-provider-config image-gc-high-threshold image-gc-low-threshold initial-advertise-peer-urls
  initial-cluster initial-cluster-state initial-cluster-token insecure-bind-address insecure-port key-file
  kube-api-burst kube-api-content-type kube-api-qps kube-reserved kube-reserved-cgroup kubeconfig
  kubelet-certificate-authority kubelet-client-certificate kubelet-client-key kubelet-port
  kubelet-preferred-address-types kubelet-timeout leader-elect-lease-duration leader-elect-renew-deadline
  leader-elect-resource-lock leader-elect-retry-period listen-client-urls listen-metrics-urls listen-peer-urls
  livez-grace-period lock-file log-backtrace-at log-dir log-file log-flush-frequency log-level log-outputs logger
  logging-format manifest-url master max-mutating-requests-inflight max-pods max-requests-inflight max-snapshots max-wals
  metrics metrics-bind-address metrics-port min-request-timeout minimum-container-ttl-duration name network-plugin
  node-cidr-mask-size node-ip node-labels node-monitor-grace-period node-monitor-period node-status-update-frequency
  nodeport-addresses oidc-ca-file oidc-client-id oidc-groups-claim oidc-groups-prefix oidc-issuer-url oidc-required-claim
  oidc-signing-algs oidc-username-claim oidc-username-prefix oom-score-adj peer-cert-file peer-client-cert-file
  peer-key-file peer-trusted-ca-file pod-cidr pod-eviction-timeout pod-infra-container-image pod-manifest-path pod-max-pids
  policy-config-file port proxy-client-cert-file proxy-client-key-file proxy-mode quota-backend-bytes read-only-port
  register-with-taints request-timeout requestheader-allowed-names requestheader-client-ca-file
  requestheader-extra-headers-prefix requestheader-group-headers requestheader-username-headers resolv-conf root-ca-file
  root-dir runtime-cgroups runtime-config runtime-request-timeout secure-port service-account-api-audiences
  service-account-issuer service-account-jwks-uri service-account-key-file service-account-max-token-expiration
  service-account-private-key-file service-account-signing-key-file service-cluster-ip-range service-node-port-range
  shutdown-delay-duration snapshot-count stderrthreshold storage-backend storage-media-type
  streaming-connection-idle-timeout sync-frequency system-cgroups system-reserved system-reserved-cgroup target-ram-mb
  terminated-pod-gc-threshold tls-cert-file tls-cipher-suites tls-max-version tls-min-version tls-private-key-file
  tls-sni-cert-key token-auth-file tracing-config-file trusted-ca-file v vmodule volume-plugin-dir wal-dir watch-cache-sizes
`),
);

/** The kind of a flag, by its name with dashes. */
export function flagKind(name: string): FlagKind {
  if (truths.has(name)) return 'truth';
  return valued.has(name) ? 'valued' : 'unknown';
}
