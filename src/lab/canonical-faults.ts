import { fileAt } from './files.ts';
import { isTree } from './merge-patch.ts';
import type { LabNode, ReadYaml } from './state.ts';

/** What the kubelet compares when it is told to protect them. */
const kernelDefaults: Readonly<Record<string, string>> = {
  'vm.overcommit_memory': '1',
  'vm.panic_on_oom': '0',
  'kernel.panic': '10',
  'kernel.panic_on_oops': '1',
  'kernel.keys.root_maxkeys': '1000000',
  'kernel.keys.root_maxbytes': '25000000',
};

/** Admission plugins that releases of today know; any other name keeps the API server down. */
const knownPlugins =
  'AlwaysAdmit AlwaysPullImages DenyServiceExternalIPs EventRateLimit ImagePolicyWebhook NamespaceLifecycle NodeRestriction PodSecurity ServiceAccount ValidatingAdmissionPolicy ValidatingAdmissionWebhook'.split(
    ' ',
  );

/** The line with which a component of this node dies at its start; undefined when it runs. */
export function canonicalFault(
  node: LabNode,
  service: string,
  words: readonly string[],
  readYaml: ReadYaml,
): string | undefined {
  const value = (flag: string) =>
    words.findLast((word) => word.startsWith(`--${flag}=`))?.slice(flag.length + 3);
  if (service === 'kubelet' && value('protect-kernel-defaults') === 'true') {
    const [key, wanted] = Object.entries(kernelDefaults).find(([k, v]) => node.kernel[k] !== v) ?? [];
    return (
      key &&
      `invalid kernel flag: ${key.replaceAll('.', '/')}, expected value: ${wanted}, actual value: ${node.kernel[key]}`
    );
  }
  if (service !== 'kube-apiserver') return undefined;
  const plugins = (value('enable-admission-plugins') ?? '').split(',').filter((plugin) => plugin !== '');
  const stranger = plugins.find((plugin) => !knownPlugins.includes(plugin));
  if (stranger) return `enable-admission-plugins plugin "${stranger}" is unknown`;
  const policy = value('audit-policy-file');
  if (policy && fileAt(node, policy)?.text === undefined)
    return `loading audit policy file: open ${policy}: no such file or directory`;
  const admission = value('admission-control-config-file');
  if (admission === undefined)
    return plugins.includes('EventRateLimit')
      ? 'failed to initialize admission: EventRateLimit has no configuration'
      : undefined;
  const text = fileAt(node, admission)?.text;
  if (text === undefined) return `failed to read plugin config: open ${admission}: no such file or directory`;
  const entries = pluginsIn(readYaml(text));
  const file = entries.find(({ name }) => name === 'EventRateLimit')?.path;
  const rate =
    file && (file.startsWith('/') ? file : `${admission.slice(0, admission.lastIndexOf('/'))}/${file}`);
  return plugins.includes('EventRateLimit') && (!rate || fileAt(node, rate)?.text === undefined)
    ? `failed to read plugin config: open ${rate ?? admission}: no such file or directory`
    : undefined;
}

function pluginsIn(document: unknown): readonly { readonly name?: string; readonly path?: string }[] {
  const plugins = isTree(document) ? document.plugins : undefined;
  return Array.isArray(plugins) ? plugins.filter(isTree) : [];
}
