import { fileAt, textsIn } from './files.ts';
import { isTree } from './merge-patch.ts';
import type { LabNode, ReadYaml } from './state.ts';

/** RKE2's configuration on a node: every key's values, the last of which counts where only one can. */
export type Rke2Config = Readonly<Record<string, readonly string[]>>;

/** Variables of the unit's environment that stand in for a key which no file gives. */
const variables: Readonly<Record<string, string>> = {
  RKE2_CIS_PROFILE: 'profile',
  RKE2_AUDIT_POLICY_FILE: 'audit-policy-file',
  RKE2_POD_SECURITY_ADMISSION_CONFIG_FILE: 'pod-security-admission-config-file',
  RKE2_DATA_DIR: 'data-dir',
};

const file = '/etc/rancher/rke2/config.yaml';

/** Reads config.yaml, then config.yaml.d in order: the last value of a key wins, a key with `+` adds. */
export function readConfig(node: LabNode, role: 'server' | 'agent', readYaml: ReadYaml): Rke2Config {
  const merged: Record<string, readonly string[]> = { ...environment(node, role) };
  for (const text of texts(node)) {
    const content = readYaml(text) ?? {};
    if (!isTree(content)) throw new Error('error converting YAML to JSON: the file is not a mapping');
    for (const [key, value] of Object.entries(content)) {
      if (key.endsWith('+'))
        merged[key.slice(0, -1)] = [...(merged[key.slice(0, -1)] ?? []), ...values(value)];
      else merged[key] = values(value);
    }
  }
  return merged;
}

/** The value of a key that has one, or what counts when it is not given. */
export function oneValue(config: Rke2Config, key: string, otherwise = ''): string {
  return config[key]?.at(-1) ?? otherwise;
}

/** Whether a key is set to true. */
export function isOn(config: Rke2Config, key: string): boolean {
  return oneValue(config, key).toLowerCase() === 'true';
}

/** Where RKE2 keeps its data. */
export function dataDir(config: Rke2Config): string {
  return oneValue(config, 'data-dir', '/var/lib/rancher/rke2');
}

function texts(node: LabNode): readonly string[] {
  const main = fileAt(node, file)?.text;
  const folder = textsIn(node, `${file}.d`, 'ml').filter(({ path }) => /\.ya?ml$/.test(path));
  return [...(main === undefined ? [] : [main]), ...folder.map(({ text }) => text)];
}

function values(value: unknown): readonly string[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}

function environment(node: LabNode, role: string): Rke2Config {
  const found: Record<string, readonly string[]> = {};
  for (const path of [
    `/etc/default/rke2-${role}`,
    `/etc/sysconfig/rke2-${role}`,
    `/usr/local/lib/systemd/system/rke2-${role}.env`,
  ]) {
    for (const line of (fileAt(node, path)?.text ?? '').split('\n')) {
      const [, name = '', value = ''] = /^\s*([A-Z0-9_]+)=["']?(.*?)["']?\s*$/.exec(line) ?? [];
      const key = variables[name];
      if (key !== undefined && value !== '') found[key] = [value];
    }
  }
  return found;
}
