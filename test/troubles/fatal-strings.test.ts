// The lines that clusters die with, and the check that each points at: whoever has such a line at hand finds its cause.
import { describe, expect, test } from 'vitest';
import { controlOf, type Profile } from '../../src/domain/control.ts';
import { pointedAt } from '../../src/domain/trouble.ts';
import { shippedProfiles } from '../controls/practice.ts';

const profiles = await shippedProfiles();
const profileOf = (id: string): Profile => {
  const found = profiles.find((p) => p.distribution.id === id);
  if (!found) throw new Error(id);
  return found;
};

type Row = readonly [line: string, check: string];

const rke2: readonly Row[] = [
  // The service and its kubelet.
  [
    'E0104 kubelet.go:1466] "Failed to start ContainerManager" err="[invalid kernel flag: vm/overcommit_memory, expected value: 1, actual value: 0]"',
    'insisted-kernel-values',
  ],
  [
    'level=fatal msg="invalid kernel parameter value vm.overcommit_memory=0 - expected 1"',
    'insisted-kernel-values',
  ],
  ['level=fatal msg="missing required: user: unknown user etcd"', 'etcd-account-there'],
  ['level=fatal msg="missing required: group: unknown group etcd"', 'etcd-account-there'],
  ['level=fatal msg="invalid value provided for --profile flag"', 'taken-profile'],
  ['level=warning msg="profile is deprecated and will be removed; use cis"', 'taken-profile'],
  [
    'level=fatal msg="--protect-kernel-defaults must be true when using --profile=cis"',
    'profile-beside-protection',
  ],
  ['panic: failed to open database: open /srv/etcd/member/snap/db: permission denied', 'etcd-data-readable'],
  ['cannot access data directory: open /srv/db/etcd/.touch: permission denied', 'etcd-data-readable'],
  ['level=fatal msg="starting kubernetes: preparing server: the token is wrong"', 'last-words'],
  ['Error: unknown flag: --insecure-port', 'api-server-flags'],
  ['enable-admission-plugins plugin "DenyEscalatingExec" is unknown', 'api-server-flags'],
  ['unknown admission plugin: SecurityContextDeny', 'api-server-flags'],
  [
    'Error: failed to initialize admission: couldn\'t init admission plugin "EventRateLimit": no such file',
    'api-server-files',
  ],
  ['Error: loading audit policy file: failed to read file path /etc/policy.yaml', 'api-server-files'],
  ['unable to transform key "/registry/secrets/shop/till": no matching prefix found', 'encryption-keys'],
  ['Internal error occurred: no matching key found for that value', 'encryption-keys'],
  ['E0104 containerd: start failed: fork/exec /x/runc: operation not permitted', 'access-rules'],
  [
    'level=fatal msg="fork/exec /var/lib/rancher/rke2/data/v1/bin/containerd: permission denied"',
    'programs-may-run',
  ],
  ['ExecStartPre=/bin/sh: nm-cloud-setup.service is enabled, exiting', 'cloud-setup-of-network-manager'],
  ['level=info msg="Waiting for etcd server to become available"', 'etcd-quorum'],
  ['rpc error: code = Unavailable desc = etcdserver: no leader', 'etcd-quorum'],
  [
    'auditd[710]: Audit daemon is low on disk space for logging, the system is now in single user mode',
    'host-halts',
  ],
  [
    'E0104 failed to open iptables: exec: "iptables": executable file not found in $PATH',
    'firewall-programs',
  ],
  // What scanners report: a sentence, a line of ls, or no more than the path.
  [
    'World-writable directory: /var/lib/rancher/rke2/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/51/fs/tmp',
    'snapshots-out-of-reach',
  ],
  [
    '/var/lib/rancher/rke2/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/51/fs/tmp',
    'snapshots-out-of-reach',
  ],
  [
    'drwxrwxrwt 2 root root 4096 Jan  4 10:02 /var/lib/rancher/rke2/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/7/fs/var/tmp',
    'snapshots-out-of-reach',
  ],
  [
    '/var/lib/kubelet/pods/0d0e6e7e-2f7e-4b7e-9d55-6a7f6a1f1c11/volumes/kubernetes.io~empty-dir/cache is world-writable (0777)',
    'pod-folders-out-of-reach',
  ],
  // Policies.
  [
    'pods "web-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
    'pods-within-standards',
  ],
  ['unable to validate against any pod security policy: []', 'pods-within-policies'],
  ['open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory', 'tokens-there'],
  ['Failed to pull image "registry.example.org/web:1": connection refused', 'images-pulled'],
  ['Error: ErrImagePull', 'images-pulled'],
  ['replicaset-controller FailedCreate: pods "x" is forbidden: exceeded quota: shop', 'pods-made'],
  // Connections.
  [
    '2026/01/04 [error] upstream timed out (110: Operation timed out) while connecting to upstream',
    'ingress-reaches-pods',
  ],
  [
    'Internal error occurred: failed calling webhook "validate.example.org": Post "https://x": context deadline exceeded',
    'webhooks-answer',
  ],
  ['FailedGetResourceMetric: unable to fetch metrics from resource metrics API', 'metrics-answer'],
  ['Health check of backend failed: 401 Unauthorized', 'callers-have-credentials'],
  [
    'Get "http://192.0.2.7:10255/stats": dial tcp 192.0.2.7:10255: connect: connection refused',
    'callers-have-credentials',
  ],
  [
    'Probe failed pod="kube-system/kube-apiserver-cp-1" probe failed output="HTTP probe failed with statuscode: 401"',
    'probes-of-api-server',
  ],
  ['error: lost connection to pod', 'quiet-streams'],
  ['E0104 limit reached on type Server for key []', 'event-limit'],
  ['the server has received too many requests: 429 Too Many Requests', 'event-limit'],
  ['err="[invalid bearer token, service account token has expired]"', 'tokens-renewed'],
  ['remote error: tls: handshake failure', 'handshakes'],
  [
    'TLS handshake error from 192.0.2.7:1: tls: no cipher suite supported by both client and server',
    'handshakes',
  ],
  ['write audit.log: no space left on device', 'disk-for-logs'],
  ['etcdserver: mvcc: database space exceeded', 'disk-for-logs'],
  [
    'networkPlugin cni failed to set up pod: no IP addresses available in range set: 10.42.0.1-10.42.0.254',
    'pod-addresses',
  ],
  ['kernel: Kernel panic - not syncing: Fatal exception', 'kernel-whole'],
  ['ingress.example.org: connection timed out, from pods of the same node only', 'ingress-let-in'],
  ['[ERROR] plugin/errors: lookup cart.shop: i/o timeout', 'dns-let-in'],
  [
    'Failed to list *v1.Service: Get "https://10.43.0.1:443": dial tcp 10.43.0.1:443: i/o timeout',
    'ip-forward',
  ],
  // What the other troubles know.
  ['[FATAL] plugin/loop: Loop (127.0.0.1:4911 -> :53) detected for zone "."', 'coredns-loop'],
  ['Seen "HINFO IN 123.456." more than twice, loop detected', 'coredns-loop'],
  ['Nameserver limits were exceeded, some nameservers have been omitted', 'resolver-limits'],
  [
    "Kernel's RPF check is set to 'loose'. Calico requires net.ipv4.conf.all.rp_filter to be set to 0 or 1.",
    'reverse-path-filter',
  ],
  ['modprobe: FATAL: Module overlay not found in directory /lib/modules', 'overlay-module'],
  ['read udp 10.42.1.7:40312->10.43.0.10:53: i/o timeout', 'dns-answers'],
  [
    'lookup cart.shop.svc on 10.43.0.10:53: read udp 10.42.1.7:4031->10.43.0.10:53: i/o timeout',
    'dns-answers',
  ],
  // Lines as people paste them: of a program, of a pod's own try, or no more than the words.
  ['no such host', 'dns-answers'],
  ['dial tcp: lookup foo on 10.43.0.10:53: no such host', 'dns-answers'],
  ['Get "http://shop/": dial tcp: lookup shop: no such host', 'node-resolver'],
  ["wget: bad address 'kubernetes.default'", 'dns-answers'],
  [
    '[ERROR] plugin/errors: 2 example.org. A: read udp 10.42.1.7:40312->10.0.0.2:53: i/o timeout',
    'dns-answers',
  ],
  ['[ERROR] plugin/errors: 2 example.org. A: read udp ...: i/o timeout', 'dns-answers'],
  ['coredns-7f8c6d5b9-2xk4q   0/1   CrashLoopBackOff   7 (2m ago)   14m', 'coredns-loop'],
  [
    'Failed to pull image "registry.example.org/web:1": dial tcp: lookup registry.example.org on 10.0.0.2:53: no such host',
    'node-resolver',
  ],
  ['permission denied', 'layers-whole'],
  ['level=fatal msg="open /etc/rancher/rke2/config.yaml: permission denied"', 'last-words'],
  ['web-6d4cf56db6-9v7lm   0/1   CrashLoopBackOff   7 (2m ago)   14m', 'layers-whole'],
];

const canonical: readonly Row[] = [
  [
    'kubelet: invalid kernel flag: kernel/panic, expected value: 10, actual value: 0',
    'insisted-kernel-values-of-the-snap',
  ],
  [
    'failed to initialize top level QOS containers: root container [kubepods] does not exist',
    'kubelet-control-groups',
  ],
  ['creating vxlan device: setting up cilium_vxlan: address already in use', 'tunnel-port'],
  ['Readiness probe failed: dial tcp 10.1.0.7:8080: connect: operation not permitted', 'cilium-state'],
  [
    'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER',
    'argument-files-whole',
  ],
];

const rke: readonly Row[] = [
  [
    'kubelet: invalid kernel flag: kernel/panic, expected value: 10, actual value: 0',
    'insisted-kernel-values-of-the-container',
  ],
];

describe.each([
  ['rke2', rke2],
  ['canonical', canonical],
  ['rke', rke],
] as const)('%s', (distribution, rows) => {
  const profile = profileOf(distribution);

  test.each(rows)('%s', (line, check) => {
    expect(pointedAt(profile.troubles ?? [], line)?.control).toBe(check);
  });

  test('where a line points, there is a way out', () => {
    for (const [, check] of rows) {
      const control = controlOf(profile, check);
      expect(control, check).toBeDefined();
      expect(control?.breaks, check).not.toBe('');
    }
  });
});

test('an ordinary line points nowhere', () => {
  const lines = [
    'level=info msg="rke2 is up and running"',
    'I0104 Serving securely on [::]:6443',
    'GET /readyz 200',
    'level=info msg="mounted /var/lib/rancher/rke2/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/51/fs"',
  ];
  for (const { troubles = [] } of profiles)
    for (const line of lines) expect(pointedAt(troubles, line), line).toBeUndefined();
});

test('no two possible causes of one trouble have the same name', () => {
  for (const { troubles = [] } of profiles)
    for (const { id, items } of troubles) {
      const names = items.map(({ lesson }) => lesson.fault);
      expect(new Set(names).size, id).toBe(names.length);
    }
});
