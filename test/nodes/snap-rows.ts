import { journalLine, noPodLog, podLog } from './service-rows.ts';
import type { TroubleRow } from './trouble-rows.ts';

const args = '/var/snap/k8s/common/args';
const kept = (name: string): string => `cp -p ${args}/${name} /root/${name}`;
const back = (name: string): string => `mv /root/${name} ${args}/${name}`;
const again = (name: string): string =>
  `systemctl reset-failed snap.k8s.${name}; systemctl restart snap.k8s.${name}`;
/** A component that cannot start any more, until systemd gives up on it. */
const failing = (name: string): string =>
  `systemctl reset-failed snap.k8s.${name}; systemctl restart snap.k8s.${name}; for n in $(seq 100); do systemctl is-failed -q snap.k8s.${name} && break; sleep 0.1; done; systemctl is-failed -q snap.k8s.${name}`;
const serves = journalLine('snap.k8s.said', 'Serving securely on [::]:6443');
const registers = journalLine('snap.k8s.said', 'Node w-1 was previously registered');
const plugins = (list: string): string =>
  `sed -i 's/^--enable-admission-plugins=.*/--enable-admission-plugins="${list}"/' ${args}/kube-apiserver`;

const sign = 'a sign';

/** Of the trouble with a service that does not start, where Canonical Kubernetes has causes of its own or says so by itself. */
export const snapServiceRows: readonly TroubleRow[] = [
  {
    control: 'insisted-kernel-values-of-the-snap',
    node: 'w-1',
    title: 'the kubelet was told to insist on kernel values that nobody set',
    spoil: `${kept('kubelet')}; echo '--protect-kernel-defaults="true"' >> ${args}/kubelet; ${failing('kubelet')}`,
    found: 'vm.overcommit_memory is 0',
    proof: `${again('kubelet')}; sleep 0.3; systemctl is-active -q snap.k8s.kubelet; pgrep -x kubelet`,
    mend: `${back('kubelet')}; ${again('kubelet')}`,
  },
  {
    control: 'argument-files-whole',
    node: 'cp-1',
    title: 'a power cut left an argument file empty',
    spoil: `${kept('kube-scheduler')}; : > ${args}/kube-scheduler`,
    found: `${args}/kube-scheduler`,
    refused: sign,
    mend: back('kube-scheduler'),
  },
  {
    control: 'kubelet-control-groups',
    node: 'w-1',
    title: 'systemd does not delegate control groups to the kubelet',
    spoil: journalLine(
      'snap.k8s.said',
      'E1121 failed to initialize top level QOS containers: root container [kubepods] does not exist',
    ),
    found: 'top level QOS containers',
    refused: sign,
    mend: registers,
  },
  {
    control: 'api-server-flags',
    node: 'cp-1',
    title: 'the API server is given a plugin that was removed',
    spoil: `${kept('kube-apiserver')}; ${plugins('NodeRestriction,PodSecurityPolicy')}; ${failing('kube-apiserver')}`,
    found: 'plugin "PodSecurityPolicy" is unknown',
    refused: sign,
    instead: 'the file args/kube-apiserver',
    mend: `${back('kube-apiserver')}; ${again('kube-apiserver')}; ${serves}`,
  },
  {
    control: 'api-server-files',
    node: 'cp-1',
    title: 'the API server does not find its audit policy',
    spoil: `${kept('kube-apiserver')}; echo '--audit-policy-file="/srv/audit.yaml"' >> ${args}/kube-apiserver; ${failing('kube-apiserver')}`,
    found: "failed to read file path '/srv/audit.yaml'",
    refused: sign,
    mend: `${back('kube-apiserver')}; ${again('kube-apiserver')}; ${serves}`,
  },
];

/** Of the trouble with connections that break, where Canonical Kubernetes has causes of its own. */
export const snapTrafficRows: readonly TroubleRow[] = [
  {
    control: 'quiet-streams-of-the-snap',
    node: 'w-1',
    title: 'quiet exec sessions are cut after five minutes',
    spoil: `${kept('kubelet')}; echo '--streaming-connection-idle-timeout="5m"' >> ${args}/kubelet; ${again('kubelet')}`,
    found: '5m',
    restart: true,
    proof:
      "tr '\\0' ' ' < /proc/$(pgrep -x kubelet)/cmdline | grep -q -e --streaming-connection-idle-timeout=30m",
    mend: `${back('kubelet')}; ${again('kubelet')}`,
  },
  {
    control: 'tunnel-port',
    node: 'w-1',
    title: 'another tunnel has the port of Cilium',
    spoil: podLog(
      'kube-system_cilium-1_1/cilium-agent',
      'level=error msg="failed to create cilium_vxlan: address already in use"',
    ),
    found: 'address already in use',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'cilium-state',
    node: 'w-1',
    title: 'Cilium refuses connections of new pods',
    spoil: podLog(
      'kube-system_coredns-1_1/coredns',
      'dial tcp 10.152.183.1:443: connect: operation not permitted',
    ),
    found: 'dial tcp 10.152.183.1:443: connect: operation not permitted',
    refused: sign,
    mend: noPodLog,
  },
  {
    control: 'node-restriction',
    node: 'cp-1',
    title: 'a list of plugins written by hand leaves NodeRestriction out',
    spoil: `${kept('kube-apiserver')}; ${plugins('DenyServiceExternalIPs')}; ${again('kube-apiserver')}`,
    found: 'DenyServiceExternalIPs',
    restart: true,
    mend: `${back('kube-apiserver')}; ${again('kube-apiserver')}`,
  },
];

/** Of the trouble with names. */
export const snapDnsRows: readonly TroubleRow[] = [
  {
    control: 'handed-out-resolver-of-the-snap',
    node: 'w-1',
    title: 'the kubelet hands out a resolver that is the pod itself to a pod',
    spoil: 'echo nameserver 127.0.0.1 > /etc/resolv.conf',
    found: '127.0.0.1',
    also: ['node-resolver@w-1 fail'],
    refused: 'is for the owner of this machine to correct',
    mend: 'echo nameserver 192.0.2.53 > /etc/resolv.conf',
  },
];
