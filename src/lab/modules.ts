import type { Words } from '../domain/question.ts';
import { longAgo, textsIn, withFile } from './files.ts';
import type { LabNode } from './state.ts';

/** What a module brings into the running kernel: values, and lines of /proc/filesystems. */
const brings: Readonly<
  Record<string, { readonly kernel?: readonly string[]; readonly filesystem?: string }>
> = {
  br_netfilter: { kernel: ['net.bridge.bridge-nf-call-iptables', 'net.bridge.bridge-nf-call-ip6tables'] },
  overlay: { filesystem: 'nodev\toverlay' },
};

/** The module that `modprobe` is asked to load or, with `-r`, to take out; undefined when the lab does not know it. */
export function moduleAsked(words: Words): { readonly name: string; readonly remove: boolean } | undefined {
  const [program, ...rest] = words;
  const remove = rest[0] === '-r';
  const [name = '', ...more] = remove ? rest.slice(1) : rest;
  return program === 'modprobe' && more.length === 0 && brings[name] ? { name, remove } : undefined;
}

/** A node after `modprobe`: a rule to run `true` instead makes it succeed without loading anything, as on a real one. */
export function probeModule(node: LabNode, name: string, remove: boolean): LabNode {
  const rule = new RegExp(`^\\s*install\\s+${name.replaceAll('_', '[-_]')}\\s+\\S*(true|false)\\b`, 'm');
  if (!remove && textsIn(node, '/etc/modprobe.d', '.conf').some(({ text }) => rule.test(text))) return node;
  const { kernel = [], filesystem } = brings[name] ?? {};
  const listed = withLine(node, '/proc/modules', `${name} 32768 0 - Live 0x0000000000000000`, remove);
  const shown = filesystem ? withLine(listed, '/proc/filesystems', filesystem, remove) : listed;
  const others = Object.entries(shown.kernel).filter(([key]) => !kernel.includes(key));
  return {
    ...shown,
    kernel: Object.fromEntries([...others, ...(remove ? [] : kernel.map((key) => [key, '1']))]),
  };
}

function withLine(node: LabNode, path: string, line: string, remove: boolean): LabNode {
  const lines = (node.files[path]?.text ?? '').split('\n').filter((l) => l !== '' && l !== line);
  const text = [...lines, ...(remove ? [] : [line])].map((l) => `${l}\n`).join('');
  const file = { mode: '0444', owner: 'root', group: 'root', text, modified: longAgo };
  return withFile(node, path, text === '' ? undefined : file);
}
