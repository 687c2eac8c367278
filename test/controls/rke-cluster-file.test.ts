import { expect, test } from 'vitest';
import { Practice, shippedProfiles } from './practice.ts';

const rke = (await shippedProfiles()).find((p) => p.distribution.id === 'rke');
if (!rke) throw new Error('no RKE');

const clusterFile = (services: string): unknown => {
  const own = { owner: 'operator', group: 'operator' };
  const text = `kubernetes_version: v1.28.15-rancher1-1\nnodes:\n  - { address: 192.0.2.11, role: [controlplane, etcd] }\nservices:\n${services}`;
  const files = {
    '/home/operator/cluster.yaml': { ...own, mode: '0640', text },
    '/home/operator/cluster.rkestate': { ...own, mode: '0600', text: '{}\n' },
  };
  return { nodes: { 'cp-1': { files } } };
};

const api = (keys: string): string => `  kube-api: {${keys}}\n`;
const kubelet = (keys: string): string => `  kubelet: { extra_args: {${keys}} }\n`;

const encryption = 'rke-cluster-encryption';
const admission = 'rke-cluster-admission';
const security = 'rke-cluster-pod-security';
const enabled = 'secrets_encryption_config: { enabled: true }, ';
const both = 'event_rate_limit: { enabled: true }, always_pull_images: true, ';
const restricted = 'pod_security_configuration: restricted, ';

const defaults = 'rke-cluster-audit-defaults';
const retention = 'rke-cluster-audit-retention';
const audit = (numbers: string): string =>
  api(`audit_log: { enabled: true, configuration: { path: /a, format: json, ${numbers} } }`);

/** A control, the services of cluster.yml, the verdict and the plan, and what must be said. */
const rows: readonly (readonly [string, string, string, string, string])[] = [
  // A key of one's own, in every spelling: beside it rke would make a second one.
  ...[
    'extra_args: { encryption-provider-config: /e.yaml }',
    'extra_args: { encryption_provider_config: /e.yaml }',
    'extra_args: { experimental-encryption-provider-config: /e.yaml }',
    'extra_args: { experimental_encryption_provider_config: /e.yaml }',
    'extra_args_array: { encryption-provider-config: [/e.yaml] }',
    'extra_args_array: { experimental_encryption-provider-config: [/e.yaml] }',
  ].flatMap((own) => [
    [encryption, api(own), 'unknown', 'refused', 'encryption.provider.config is set'] as const,
    [encryption, api(enabled + own), 'unknown', 'refused', 'that counts'] as const,
  ]),
  [encryption, api('extra_args_array: { encryption-provider-config: [] }'), 'fail', 'steps', ''],
  [encryption, api(`${enabled}extra_args: { v: "2" }`), 'pass', 'nothing', ''],

  [
    admission,
    api('extra_args_array: { admission-control-config-file: [/a] }'),
    'fail',
    'refused',
    'See that',
  ],
  [
    admission,
    api(`${both}extra_args: { admission_control_config_file: /a }`),
    'unknown',
    'refused',
    'counts',
  ],
  [admission, api('extra_args: { disable-admission-plugins: AlwaysPullImages }'), 'fail', 'refused', 'Take'],
  [
    admission,
    api(`${both}extra_args_array: { disable_admission_plugins: ["X,EventRateLimit"] }`),
    'fail',
    'refused',
    'Take EventRateLimit out of services.kube-api.extra_args_array.disable_admission_plugins',
  ],
  [admission, api(`${both}extra_args: { disable-admission-plugins: Priority }`), 'pass', 'nothing', ''],
  [
    'rke-cluster-external-ips',
    api('extra_args: { disable-admission-plugins: DenyServiceExternalIPs }'),
    'fail',
    'refused',
    'DenyServiceExternalIPs',
  ],

  [
    security,
    api(`${restricted}extra_args_array: { admission-control-config-file: [/a] }`),
    'unknown',
    'refused',
    '',
  ],
  [security, api(`${restricted}extra_args: { admission_control_config_file: /a }`), 'unknown', 'refused', ''],
  [
    security,
    api(`${restricted}extra_args: { disable-admission-plugins: PodSecurity }`),
    'fail',
    'refused',
    '',
  ],

  // A number that begins with 0 counts in eights: 24, 10 and 64.
  [defaults, audit('max_age: 030, max_backup: 012, max_size: 0100'), 'fail', 'steps', '"found":"24, 64"'],
  [retention, audit('max_age: 030, max_backup: 012, max_size: 0100'), 'fail', 'steps', '"found":"24, 64"'],
  [retention, audit('max_age: 036, max_backup: 012, max_size: 0144'), 'pass', 'nothing', ''],
  [defaults, api('extra_args: { audit-log-maxage: 030 }'), 'fail', 'steps', '"24"'],
  [defaults, api('extra_args: { audit-log-maxage: "030" }'), 'fail', 'steps', '030'],
  [defaults, api('extra_args: { audit-log-maxage: 30 }'), 'pass', 'nothing', ''],

  // No limit at all.
  ['rke-cluster-pod-pids', kubelet('pod-max-pids: "0"'), 'fail', 'steps', ''],
  ['rke-cluster-pod-pids', kubelet('pod-max-pids: "-1"'), 'fail', 'steps', ''],
  ['rke-cluster-pod-pids', kubelet('pod-max-pids: 2048'), 'pass', 'nothing', ''],
];

test.each(rows)('%s: %s is %s, and the plan is %s', async (id, services, kind, plan, says) => {
  const control = rke.controls.find((c) => c.id === id);
  if (!control) throw new Error(`no control ${id}`);
  const practice = await Practice.open(rke, clusterFile(services), 'cp-1');
  const looked = await practice.look(control);
  const all = JSON.stringify(looked);
  expect([looked.verdict.kind, looked.plan.kind], all).toEqual([kind, plan]);
  expect(all).toMatch(new RegExp(says));
});
