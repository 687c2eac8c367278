import { file, type TroubleRow } from './trouble-rows.ts';

const rke2 = '/var/lib/rancher/rke2';
const ownConfig = '/etc/rancher/rke2/config.yaml.d/50-own.yaml';
const kubeletLog = `${rke2}/agent/logs/kubelet.log`;

/** Shell commands that restart a unit of RKE2, as often as the rows ask for it. */
export const restart = (unit: string): string => `systemctl reset-failed ${unit}; systemctl restart ${unit}`;

/** Restarts a unit that will not come up, waits for what it says of that, and leaves it down: it would try again at any time. */
const failing = (unit: string, says: string): string =>
  `systemctl reset-failed ${unit}; systemctl restart --no-block ${unit}; for n in $(seq 100); do journalctl -u ${unit} --since -30s -o cat | grep -q -e '${says}' && break; sleep 0.1; done; journalctl -u ${unit} -n 20 -o cat | grep -q -e '${says}' && systemctl stop ${unit}`;

/** A line that a unit of the node writes into the journal, as the name of the unit. */
export const journalLine = (unit: string, text: string): string =>
  `systemd-run --quiet --wait --collect --unit=${unit} echo '${text}'`;

/** A file of its own among the logs of pods, with one line of this moment. */
export const podLog = (pod: string, text: string): string =>
  `mkdir -p /var/log/pods/${pod}; printf '%s stderr F %s\\n' "$(date -u +%FT%T.%NZ)" '${text}' > /var/log/pods/${pod}/9.log`;
/** Takes the lines of `podLog` away. */
export const noPodLog = 'rm /var/log/pods/*/*/9.log; find /var/log/pods -depth -type d -empty -delete';

/** A pod whose log has nothing to complain of. */
export const healthyLog = (pod: string, text: string): string =>
  `mkdir -p /var/log/pods/${pod}; printf '%s stderr F ${text}\\n' "$(date -u +%FT%T.%NZ)" > /var/log/pods/${pod}/0.log`;

/** A line in the log of the kubelet, which is empty while it is well. */
export const kubeletLine = (text: string): string => `echo '${text}' >> ${kubeletLog}`;
/** Takes the lines of `kubeletLine` away. */
export const noKubeletLine = `: > ${kubeletLog}`;

/** A unit that does nothing, started and enabled. */
export const madeUnit = (name: string): string =>
  `printf '[Service]\\nExecStart=sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > /etc/systemd/system/${name}; systemctl daemon-reload; systemctl -q enable --now ${name}`;
/** Takes the unit away that `madeUnit` made. */
export const noUnit = (name: string): string =>
  `systemctl -q disable --now ${name}; rm /etc/systemd/system/${name}; systemctl daemon-reload`;

const values =
  'vm.overcommit_memory=1\\nvm.panic_on_oom=0\\nkernel.panic=10\\nkernel.panic_on_oops=1\\nkernel.keys.root_maxkeys=1000000\\nkernel.keys.root_maxbytes=25000000\\n';
/** The kernel values that a profile insists on, and what was there before. */
const rightKernel = `sysctl -a --pattern '^(vm.overcommit_memory|vm.panic_on_oom|kernel.panic|kernel.panic_on_oops|kernel.keys.root_max.*)$' 2>/dev/null > /root/kernel; ${file('/etc/sysctl.d/90-kubelet.conf', values)}; sysctl -qp /etc/sysctl.d/90-kubelet.conf`;
const kernelBack = 'sysctl -qp /root/kernel; rm -f /etc/sysctl.d/90-kubelet.conf /root/kernel';
const ownBack = `rm -r /etc/rancher/rke2/config.yaml.d`;

/** All of RKE2 and its accounts, kept aside: under a profile it makes its files otherwise. */
const kept = 'rm -rf /root/was; mkdir /root/was; cp -a /var/lib/rancher /etc /root/was';
const keptBack =
  'systemctl stop rke2-server; rm -rf /var/lib/rancher /etc/rancher /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow-; cd /root/was; cp -a rancher /var/lib; cp -a etc/rancher etc/passwd etc/shadow etc/group etc/gshadow /etc; for f in passwd- shadow- group- gshadow-; do if [ -e etc/$f ]; then cp -a etc/$f /etc; fi; done; rm -r /root/was';

/** An agent under its profile, before the line that stops it: it wrote its files as the profile has them. */
const ranUnderProfile = `${file(ownConfig, 'profile: cis\\n')}; ${restart('rke2-agent')}`;
const started =
  'systemctl reset-failed rke2-agent; systemctl start rke2-agent; systemctl is-active -q rke2-agent; pgrep -x kubelet';

const underProfile = (node: string): readonly string[] => [
  `insisted-kernel-values@${node} pass`,
  `profile-beside-protection@${node} pass`,
  `last-words@${node} fail`,
];
const sign = 'a line of a log is a sign';
const apiServer = 'kube-system_kube-apiserver-cp-1_1/kube-apiserver';

/** Of the trouble with a service that does not start. */
export const serviceRows: readonly TroubleRow[] = [
  {
    control: 'insisted-kernel-values',
    node: 'w-1',
    title: 'the kubelet was told to insist on kernel values that nobody set',
    spoil: `${file(ownConfig, 'protect-kernel-defaults: true\\n')}; systemctl reset-failed rke2-agent; systemctl restart --no-block rke2-agent; for n in $(seq 100); do grep -q ContainerManager ${kubeletLog} && break; sleep 0.1; done; grep -q ContainerManager ${kubeletLog}`,
    found: 'vm.overcommit_memory is 0',
    proof: 'systemctl restart rke2-agent; systemctl is-active -q rke2-agent; pgrep -x kubelet',
    mend: `${ownBack}; ${noKubeletLine}; ${restart('rke2-agent')}`,
  },
  {
    control: 'taken-profile',
    node: 'w-1',
    title: 'the profile has the name that an older version had',
    spoil: `${rightKernel}; ${ranUnderProfile}; ${file(ownConfig, 'profile: cis-1.5\\n')}; ${failing('rke2-agent', 'invalid value provided for --profile')}`,
    found: 'cis-1.5',
    also: underProfile('w-1'),
    proof: started,
    mend: `${ownBack}; ${kernelBack}; ${restart('rke2-agent')}`,
  },
  {
    control: 'profile-beside-protection',
    node: 'w-1',
    title: 'a line takes back what the profile insists on',
    spoil: `${rightKernel}; ${ranUnderProfile}; ${file(ownConfig, 'profile: cis\\nprotect-kernel-defaults: false\\n')}; ${failing('rke2-agent', 'must be true when using --profile')}`,
    found: 'false',
    also: ['insisted-kernel-values@w-1 pass', 'last-words@w-1 fail'],
    proof: started,
    mend: `${ownBack}; ${kernelBack}; ${restart('rke2-agent')}`,
  },
  {
    control: 'etcd-data-owner-known',
    node: 'cp-1',
    title: 'the account that owned the etcd data was removed',
    spoil: `chown -R 4711:4711 ${rke2}/server/db/etcd`,
    found: '4711 UNKNOWN',
    refused: 'it is a sign',
    instead: 'groupadd --system',
    mend: `chown -R root:root ${rke2}/server/db/etcd`,
  },
  {
    control: 'etcd-account-there',
    node: 'cp-1',
    title: 'a server under a profile lacks the account of etcd',
    spoil: `${kept}; ${rightKernel}; ${file(ownConfig, 'profile: cis\\n')}; ${failing('rke2-server', 'missing required: user')}`,
    found: 'etcd',
    also: [...underProfile('cp-1'), 'etcd-data-readable@cp-1 unknown'],
    mend: `${keptBack}; ${kernelBack}; ${restart('rke2-server')}`,
  },
  {
    control: 'etcd-data-readable',
    node: 'cp-1',
    title: 'the first start under a profile leaves the database to root',
    spoil: `${kept}; ${rightKernel}; useradd -r -M -U -s /sbin/nologin -c 'etcd user' etcd; ${file(ownConfig, 'profile: cis\\n')}; : > /etc/rke2-standin/etcd-panic; ${failing('rke2-server', 'Failed to test etcd connection')}`,
    found: '1 below not etcd:etcd',
    also: [
      'insisted-kernel-values@cp-1 pass',
      'profile-beside-protection@cp-1 pass',
      'etcd-account-there@cp-1 pass',
      // The line in which the service waits for etcd, whatever keeps that from answering.
      'etcd-quorum@cp-1 fail',
    ],
    mend: `${keptBack}; rm -f /etc/rke2-standin/etcd-panic*; rm -r /var/log/pods/kube-system_etcd-cp-1_stand-in; ${kernelBack}; ${restart('rke2-server')}`,
  },
  {
    control: 'api-server-flags',
    node: 'cp-1',
    title: 'the API server is given a flag that was removed',
    spoil: podLog(apiServer, 'Error: unknown flag: --insecure-port'),
    found: '--insecure-port',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'api-server-files',
    node: 'cp-1',
    title: 'the API server does not find its audit policy',
    spoil: podLog(
      apiServer,
      'Error: loading audit policy file: open /etc/audit.yaml: no such file or directory',
    ),
    found: '/etc/audit.yaml',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'encryption-keys',
    node: 'cp-1',
    title: 'a key of the encryption was made anew',
    spoil: podLog(
      apiServer,
      'unable to transform key "/registry/secrets/shop/till": no matching prefix found',
    ),
    found: 'unable to transform key',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'configuration-elsewhere',
    node: 'cp-1',
    title: 'a variable of the environment sets what the files are meant to',
    spoil: file('/etc/default/rke2-server', 'RKE2_AUDIT_POLICY_FILE=/etc/old.yaml\\n'),
    found: 'RKE2_AUDIT_POLICY_FILE=',
    refused: 'it is a sign',
    mend: 'rm /etc/default/rke2-server',
  },
  {
    control: 'programs-may-run',
    node: 'w-1',
    title: 'programs may not run where RKE2 lies',
    spoil: 'mount --bind /var/lib/rancher /var/lib/rancher; mount -o remount,bind,noexec /var/lib/rancher',
    found: 'noexec',
    refused: 'it is a sign',
    mend: 'umount /var/lib/rancher',
  },
  {
    control: 'access-rules',
    node: 'w-1',
    title: 'a guard of the host refuses containerd',
    spoil: journalLine(
      'rke2-said',
      'fork/exec /var/lib/rancher/rke2/bin/containerd: operation not permitted',
    ),
    found: 'operation not permitted',
    refused: sign,
    mend: restart('rke2-agent'),
  },
  {
    control: 'cloud-setup-of-network-manager',
    node: 'w-1',
    title: "NetworkManager's cloud setup starts at boot",
    spoil: `${madeUnit('nm-cloud-setup.service')}`,
    found: 'enabled',
    mend: noUnit('nm-cloud-setup.service'),
  },
  {
    control: 'etcd-quorum',
    node: 'cp-1',
    title: 'etcd has lost its majority',
    spoil: podLog('kube-system_etcd-cp-1_1/etcd', '{"level":"warn","msg":"etcdserver: no leader"}'),
    found: 'etcdserver: no leader',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'firewall-programs',
    node: 'w-1',
    title: 'iptables was removed from a trimmed machine',
    spoil: kubeletLine('E1121 proxier.go: exec: "iptables": executable file not found in $PATH'),
    found: 'executable file not found',
    refused: sign,
    mend: noKubeletLine,
  },
  {
    control: 'host-halts',
    node: 'w-1',
    title: 'a full disk of the audit daemon halts the machine',
    spoil: file('/etc/audit/auditd.conf', 'space_left_action = email\\nadmin_space_left_action = halt\\n'),
    found: 'admin_space_left_action = halt',
    refused: 'it is a sign',
    mend: 'rm -r /etc/audit',
  },
  {
    control: 'last-words',
    node: 'w-1',
    title: 'the service ends with a line that no other check knows',
    spoil: `${file('/etc/rke2-standin/crash', 'failed to get CA certs')}; ${failing('rke2-agent', 'failed to get CA certs')}`,
    found: 'failed to get CA certs',
    refused: sign,
    mend: `rm /etc/rke2-standin/crash; ${restart('rke2-agent')}`,
  },
];
