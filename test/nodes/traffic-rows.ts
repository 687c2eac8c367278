import {
  journalLine,
  kubeletLine,
  madeUnit,
  noKubeletLine,
  noPodLog,
  noUnit,
  podLog,
  restart,
} from './service-rows.ts';
import { file, type TroubleRow } from './trouble-rows.ts';

const objects = '/var/lib/rke2-standin/objects';

/** An object as the stand-in keeps it: one JSON file. */
const made = (kind: string, namespace: string, thing: Readonly<Record<string, unknown>>): string => {
  const { name } = thing.metadata as { readonly name: string };
  return `mkdir -p ${objects}/${kind}/${namespace}; printf %s '${JSON.stringify(thing)}' > ${objects}/${kind}/${namespace}/${name}.json`;
};
const gone = (kind: string, namespace: string, name: string): string =>
  `rm ${objects}/${kind}/${namespace}/${name}.json; find ${objects} -depth -type d -empty -delete`;

const web = { kind: 'ReplicaSet', namespace: 'shop', name: 'web-6d4cf56db6' };
/** An event of this moment: without a time it counts as that. */
const event = (reason: string, message: string): string =>
  made('events', 'shop', {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web.17a1', namespace: 'shop' },
    reason,
    involvedObject: web,
    message,
  });
const noEvent = gone('events', 'shop', 'web.17a1');

const policy = (name: string, namespace: string, ingress: unknown): string =>
  made('networkpolicies', namespace, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec: { podSelector: {}, policyTypes: ['Ingress'], ingress },
  });
const closed = policy('default-network-policy', 'kube-system', [{ from: [{ podSelector: {} }] }]);
const letIn = (part: string): string =>
  policy(`default-network-${part}-policy`, 'kube-system', [{ ports: [{ port: 53 }] }]);
const noPolicies = `rm ${objects}/networkpolicies/kube-system/default-network-*.json; find ${objects} -depth -type d -empty -delete`;

const sign = 'a sign';
const apiServer = 'kube-system_kube-apiserver-cp-1_1/kube-apiserver';

/** Of the trouble with pods that are refused. */
export const refusedRows: readonly TroubleRow[] = [
  {
    control: 'pods-within-standards',
    node: 'cluster',
    title: 'a namespace enforces more than its pods meet',
    spoil: event(
      'FailedCreate',
      'Error creating: pods "web-6d4cf56db6-x" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false',
    ),
    found: 'violates PodSecurity',
    refused: sign,
    mend: noEvent,
  },
  {
    control: 'pods-made',
    node: 'cluster',
    title: 'a quota refuses a pod',
    spoil: event(
      'FailedCreate',
      'Error creating: pods "web-6d4cf56db6-x" is forbidden: exceeded quota: hardening',
    ),
    found: 'exceeded quota',
    refused: sign,
    mend: noEvent,
  },
  {
    control: 'images-pulled',
    node: 'cluster',
    title: 'a registry cannot be reached',
    spoil: event('Failed', 'Failed to pull image "registry.example.org/web:1": connection refused'),
    found: 'registry.example.org',
    refused: sign,
    mend: noEvent,
  },
  {
    control: 'tokens-there',
    node: 'w-1',
    title: 'a program misses the token of its account',
    spoil: podLog(
      'shop_till-1_1/till',
      'password=hunter2 open /var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory',
    ),
    found: '/var/run/secrets/kubernetes.io/serviceaccount/token: no such file or directory',
    refused: sign,
    mend: noPodLog,
  },
];

/** Of the same trouble, while there were policies for pods. */
export const policyRows: readonly TroubleRow[] = [
  {
    control: 'pods-within-policies',
    node: 'cluster',
    title: 'no PodSecurityPolicy lets a pod in',
    spoil: event(
      'FailedCreate',
      'Error creating: pods "web-" is forbidden: PodSecurityPolicy: unable to admit pod: []',
    ),
    found: 'unable to admit pod',
    refused: sign,
    mend: noEvent,
  },
];

/** Of the trouble with connections that break. */
export const trafficRows: readonly TroubleRow[] = [
  {
    control: 'dns-let-in',
    node: 'cluster',
    title: 'the policy for DNS was deleted',
    spoil: `${closed}; ${letIn('ingress')}`,
    found: 'not there',
    also: ['ingress-let-in@cluster pass'],
    refused: 'is yours to bring',
    instead: 'np.rke2.io/dns-',
    mend: noPolicies,
  },
  {
    control: 'ingress-let-in',
    node: 'cluster',
    title: 'the policy for the ingress was deleted',
    spoil: `${closed}; ${letIn('dns')}`,
    found: 'not there',
    also: ['dns-let-in@cluster pass'],
    refused: 'is yours to bring',
    instead: 'np.rke2.io/ingress-',
    mend: noPolicies,
  },
  {
    control: 'ingress-reaches-pods',
    node: 'w-1',
    title: 'a policy keeps the ingress out',
    spoil: podLog(
      'kube-system_rke2-ingress-nginx-1_1/rke2-ingress-nginx',
      'upstream timed out (110: Operation timed out) while connecting to upstream, client: 192.0.2.1',
    ),
    found: 'upstream timed out (110: Operation timed out)',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'webhooks-answer',
    node: 'cluster',
    title: 'a webhook is out of reach',
    spoil: event(
      'FailedCreate',
      'Internal error occurred: failed calling webhook "validate.example.org": context deadline exceeded',
    ),
    found: 'validate.example.org',
    refused: sign,
    mend: noEvent,
  },
  {
    control: 'metrics-answer',
    node: 'cluster',
    title: 'the API server does not reach the metrics server',
    spoil: made('apiservices', '_', {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1beta1.metrics.k8s.io' },
      status: {
        conditions: [
          { type: 'Available', status: 'False', message: 'no response from https://10.43.7.7:443' },
        ],
      },
    }),
    found: 'no response from https://10.43.7.7:443',
    refused: sign,
    mend: gone('apiservices', '_', 'v1beta1.metrics.k8s.io'),
  },
  {
    control: 'policies-that-hold',
    node: 'cluster',
    title: 'a policy on paper lets everybody in',
    spoil: policy('default-allow-all', 'shop', [{}]),
    found: 'shop/default-allow-all',
    refused: sign,
    mend: gone('networkpolicies', 'shop', 'default-allow-all'),
  },
  {
    control: 'probes-of-api-server',
    node: 'cp-1',
    title: 'the kubelet asks the API server without credentials',
    spoil: kubeletLine(
      'I1121 prober.go: "Probe failed" pod="kube-system/kube-apiserver-cp-1" output="HTTP probe failed with statuscode: 401"',
    ),
    found: 'statuscode: 401',
    refused: sign,
    mend: noKubeletLine,
  },
  {
    control: 'quiet-streams',
    node: 'w-1',
    title: 'quiet exec sessions are cut after five minutes',
    spoil: `${file('/etc/rancher/rke2/config.yaml.d/50-own.yaml', 'kubelet-arg:\\n  - streaming-connection-idle-timeout=5m\\n')}; ${restart('rke2-agent')}`,
    found: '5m',
    restart: true,
    proof:
      "tr '\\0' ' ' < /proc/$(pgrep -x kubelet)/cmdline | grep -q -e --streaming-connection-idle-timeout=30m",
    mend: `rm -r /etc/rancher/rke2/config.yaml.d; ${restart('rke2-agent')}`,
  },
  {
    control: 'event-limit',
    node: 'cp-1',
    title: 'the limit for events is too low',
    spoil: podLog(
      apiServer,
      'admission plugin "EventRateLimit" failed: limit reached on type Namespace for key shop',
    ),
    found: 'limit reached on type Namespace for key',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'tokens-renewed',
    node: 'cp-1',
    title: 'a program comes with a token that has run out',
    spoil: podLog(
      apiServer,
      'E authentication.go: Unable to authenticate the request: service account token has expired',
    ),
    found: 'service account token has expired',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'handshakes',
    node: 'cp-1',
    title: 'an old client finds no cipher',
    spoil: podLog(
      apiServer,
      'http: TLS handshake error from 192.0.2.7:51000: tls: no cipher suite supported by both client and server',
    ),
    found: '192.0.2.7',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'no-firewalld',
    node: 'w-1',
    title: 'firewalld was switched on',
    spoil: madeUnit('firewalld.service'),
    found: 'active',
    refused: 'to stop firewalld.service',
    instead: 'systemctl stop firewalld.service',
    mend: noUnit('firewalld.service'),
  },
  {
    control: 'no-firewalld',
    node: 'w-1',
    title: 'firewalld was stopped, and comes back at the next boot',
    spoil: `${madeUnit('firewalld.service')}; systemctl stop firewalld`,
    found: 'enabled',
    proof: '! systemctl is-enabled -q firewalld',
    mend: noUnit('firewalld.service'),
  },
  {
    control: 'ufw-forwards',
    node: 'w-1',
    title: 'ufw drops what is handed on',
    spoil: `${madeUnit('ufw.service')}; ${file('/etc/default/ufw', 'DEFAULT_FORWARD_POLICY="DROP"\\n')}`,
    found: 'DROP',
    refused: sign,
    mend: `${noUnit('ufw.service')}; rm /etc/default/ufw`,
  },
  {
    control: 'devices-unmanaged',
    node: 'w-1',
    title: 'NetworkManager took a device of a pod over',
    spoil: journalLine(
      'NetworkManager',
      '<info> device (cali1f2e3d4c5b6): state change: unmanaged -> unavailable (reason managed)',
    ),
    found: 'cali1f2e3d4c5b6',
    refused: sign,
    mend: journalLine('NetworkManager', '<info> NetworkManager (version 1.42.4) is starting...'),
  },
  {
    control: 'pod-addresses',
    node: 'w-1',
    title: 'the node has no address left for pods',
    spoil: kubeletLine(
      'E1121 plugin type="host-local" failed (add): no IP addresses available in range set: 10.42.1.1-10.42.1.254',
    ),
    found: '10.42.1.254',
    refused: sign,
    mend: noKubeletLine,
  },
  {
    control: 'disk-for-logs',
    node: 'cp-1',
    title: 'the disk of etcd is full',
    spoil: podLog(
      'kube-system_etcd-cp-1_1/etcd',
      '{"level":"error","msg":"write /var/lib/rancher/rke2/server/db/etcd/member/wal: no space left on device"}',
    ),
    found: 'no space left on device',
    refused: sign,
    mend: noPodLog,
  },
];
