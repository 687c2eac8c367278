import { parseVersion, type Version } from '../domain/version.ts';
import { isOn, oneValue, type Rke2Config } from './rke2-config.ts';
import { acceptedProfiles } from './rke2-version.ts';
import type { LabNode } from './state.ts';

const kernel: Readonly<Record<string, string>> = {
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
};

/** The kubelet looks at two more than RKE2 does. */
const kubelet: Readonly<Record<string, string>> = {
  ...kernel,
  'kernel.keys.root_maxkeys': '1000000',
  'kernel.keys.root_maxbytes': '25000000',
};

/** What RKE2 dies of before it starts anything, in its own words; undefined when it starts. */
export function preflight(node: LabNode, role: 'server' | 'agent', config: Rke2Config): string | undefined {
  const profile = oneValue(config, 'profile');
  if (profile === '') return undefined;
  if (!acceptedProfiles(versionOf(node)).includes(profile))
    return 'invalid value provided for --profile flag';
  const cis = profile !== 'etcd';
  const unreadable = cis ? Object.keys(kernel).find((key) => node.kernel[key] === undefined) : undefined;
  if (unreadable) return `open /proc/sys/${unreadable.replaceAll('.', '/')}: no such file or directory`;
  const faults = [...(role === 'server' ? etcdFaults(node) : []), ...(cis ? kernelFaults(node) : [])];
  if (faults.length > 0) return faults.map((fault) => `${fault}\n`).join('');
  const kept = oneValue(config, 'protect-kernel-defaults');
  return cis && kept !== '' && kept.toLowerCase() !== 'true'
    ? `--protect-kernel-defaults must be true when using --profile=${profile}`
    : undefined;
}

/** What the kubelet exits with when it protects kernel values that are not as it wants them. */
export function kubeletFaults(node: LabNode, config: Rke2Config): readonly string[] {
  if (!protectsKernel(config)) return [];
  return Object.entries(kubelet).flatMap(([key, wanted]) => {
    const value = node.kernel[key];
    if (value === undefined || value === wanted) return [];
    return [
      `invalid kernel flag: ${key.replaceAll('.', '/')}, expected value: ${wanted}, actual value: ${value}`,
    ];
  });
}

/** Whether the kubelet is started with protect-kernel-defaults. */
export function protectsKernel(config: Rke2Config): boolean {
  return isCis(config) || isOn(config, 'protect-kernel-defaults');
}

/** Whether a CIS profile is on; `etcd` alone is none. */
export function isCis(config: Rke2Config): boolean {
  return !['', 'etcd'].includes(oneValue(config, 'profile'));
}

/** A node's version as numbers. */
export function versionOf(node: LabNode): Version {
  return parseVersion(node.version) ?? [0, 0, 0];
}

function etcdFaults(node: LabNode): readonly string[] {
  return [
    ...(node.accounts.etcd ? [] : ['missing required: user: unknown user etcd']),
    ...(node.groups.etcd === undefined ? ['missing required: group: unknown group etcd'] : []),
  ];
}

function kernelFaults(node: LabNode): readonly string[] {
  return Object.entries(kernel).flatMap(([key, wanted]) =>
    node.kernel[key] === wanted
      ? []
      : [`invalid kernel parameter value ${key}=${node.kernel[key]} - expected ${wanted}`],
  );
}
