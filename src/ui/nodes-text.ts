import type { Role } from '../domain/distribution.ts';
import type { NodeAddress } from '../domain/event.ts';

/** Node lines as typed: the nodes, or one sentence that names the first bad line. */
export type NodeLines =
  | { readonly ok: true; readonly nodes: readonly NodeAddress[] }
  | { readonly ok: false; readonly line: number; readonly sentence: string };

const roles: Readonly<Record<string, Role>> = {
  server: 'server',
  controlplane: 'server',
  'control-plane': 'server',
  master: 'server',
  agent: 'agent',
  worker: 'agent',
  etcd: 'etcd',
};

/** Reads lines of `name user@host:port role`; name, port and role may be missing, and so may the user of a `known` host. */
export function readNodeLines(text: string, known: readonly NodeAddress[] = []): NodeLines {
  const nodes: NodeAddress[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const words = raw
      .replace(/#.*/, '')
      .trim()
      .split(/[\s,]+/)
      .filter(Boolean);
    if (words.length === 0) continue;
    const read = readWords(words, known);
    const problem = typeof read === 'string' ? read : clash(read, nodes);
    if (typeof read === 'string' || problem !== undefined) {
      return { ok: false, line: index + 1, sentence: `Line ${index + 1}: ${problem}` };
    }
    nodes.push(read);
  }
  return { ok: true, nodes };
}

/** The lines that `readNodeLines` reads back as these nodes. */
export function writeNodeLines(nodes: readonly NodeAddress[]): string {
  return nodes
    .map((n) => {
      const host = n.host.includes(':') ? `[${n.host}]` : n.host;
      const name = n.name === nameFrom(n.host) ? '' : `${n.name} `;
      return `${name}${n.user}@${host}${n.port === 22 ? '' : `:${n.port}`}${n.role ? ` ${n.role}` : ''}`;
    })
    .join('\n');
}

function readWords(words: readonly string[], known: readonly NodeAddress[]): NodeAddress | string {
  const at = words.findIndex((w) => w.includes('@'));
  const addressAt = Math.max(at, 0);
  if (addressAt > 1) return `only a name may stand before ${words[addressAt]}.`;
  const address = words[addressAt] ?? '';
  const rest = words.slice(addressAt + 1);
  if (rest.length > 1) return `“${rest.slice(1).join(' ')}” is too much; a line is user@host:port role.`;
  const role = rest[0] === undefined ? undefined : roles[rest[0].toLowerCase()];
  if (rest[0] !== undefined && !role) return `“${rest[0]}” is not a role; write server, agent or etcd.`;

  const parts = /^(?:([^@\s]+)@)?(?:\[([0-9A-Fa-f:.]+)\]|([^:\s[\]@]+))(?::(\d+))?$/.exec(address);
  if (!parts) return `“${address}” is not an address; write it like root@10.0.0.11:22.`;
  const [, user, v6, plain, port] = parts;
  const host = v6 ?? plain ?? '';
  const alias = known.find((k) => k.name === host);
  const number = port === undefined ? (alias?.port ?? 22) : Number(port);
  if (number < 1 || number > 65_535) return `${number} is not a port; ports go from 1 to 65535.`;
  const login = user ?? alias?.user;
  if (!login) return `say who logs in, like root@${host}.`;
  const name = (addressAt === 1 ? words[0] : undefined) ?? alias?.name ?? nameFrom(host);
  if (!/^[A-Za-z0-9._-]+$/.test(name))
    return `“${name}” cannot be a name; use letters, digits, dots and dashes.`;
  return { name, host: alias?.host ?? host, port: number, user: login, ...(role ? { role } : {}) };
}

function clash(node: NodeAddress, others: readonly NodeAddress[]): string | undefined {
  if (others.some((o) => o.host === node.host && o.port === node.port)) {
    return `${node.host}:${node.port} is there already.`;
  }
  return others.some((o) => o.name === node.name)
    ? `the name ${node.name} is taken; put another name before the address.`
    : undefined;
}

/** A host's name is its first label; an address is its own name. */
function nameFrom(host: string): string {
  if (host.includes(':')) return host.replaceAll(':', '-');
  return /^[\d.]+$/.test(host) ? host : (host.split('.')[0] ?? host);
}
