import type { Role } from './distribution.ts';
import type { NodeAddress } from './event.ts';
import { fail, ok, type Result } from './failure.ts';
import { whyUnseen } from './unseen.ts';

const roles: readonly Role[] = ['server', 'agent', 'etcd'];

/** Stands for every place of a control. */
export const anyPlace = '*';

/**
 * What findings of the whole cluster, of the operator's own machine and of the Rancher server are filed under, and what means
 * all places; no node may be called so.
 */
export const reservedNames: readonly string[] = ['cluster', 'workstation', 'rancher', anyPlace];

/**
 * Reads `[name=][user@]host[:port] [role]`, one node; IPv6 hosts stand in brackets. `where` names the line or flag in the
 * failure. What is not said (user '', port 0) is left to the ssh configuration, as ssh itself would.
 */
export function parseAddress(text: string, where: string): Result<NodeAddress> {
  const hidden = whyUnseen(text.trim().replaceAll('\t', ' '));
  if (hidden !== undefined) return usage(where, text, hidden);
  const found =
    /^(?:(?!-)([^\s=@]+)=)?(?:(?!-)([^\s@]+)@)?(?!-)(\[[0-9a-fA-F:.%\w]+\]|[^\s:@[\]]+)(?::(\d+))?(?:\s+(\S+))?$/.exec(
      text.trim(),
    );
  if (!found)
    return usage(where, text, 'it should read user@host:port role, for example root@10.0.0.5:22 server');
  const [, name, user, rawHost = '', rawPort, role] = found;
  const port = rawPort === undefined ? 0 : Number(rawPort);
  if (rawPort !== undefined && (port < 1 || port > 65535))
    return usage(where, text, `${rawPort} is not a port`);
  if (role !== undefined && !roles.includes(role as Role))
    return usage(where, text, `${role} is not a role; a node is a server, agent or etcd`);
  const host = rawHost.replace(/^\[|\]$/g, '');
  const called = name ?? (rawPort === undefined ? host : `${host}:${port}`);
  if (reservedNames.includes(called)) return usage(where, text, nameTaken(called));
  return ok({
    name: called,
    host,
    port,
    user: user ?? '',
    ...(role ? { role: role as Role } : {}),
  });
}

const parts = {
  name: {
    form: /^(?!-)[^\s=@]+$/,
    says: 'a name has no spaces, no = and no @, and does not begin with a dash',
  },
  host: {
    form: /^(?!-)(?:[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*(?:%\w+)?|[^\s:@=[\]]+)$/,
    says: 'a host is a name or an address; the user and the port have keys of their own',
  },
  user: { form: /^(?!-)[^\s@]+$/, says: 'a user has no spaces and no @, and does not begin with a dash' },
} as const;

/** Why a part of an address is not one that could be typed, without the full stop; undefined when it is. */
export function whyNotPart(part: keyof typeof parts, text: string): string | undefined {
  const { form, says } = parts[part];
  return whyUnseen(text) ?? (form.test(text) ? undefined : says);
}

/** Reads one node a line; empty lines and lines that begin with # are skipped. The first bad line is the failure. */
export function parseAddresses(text: string, where: string): Result<readonly NodeAddress[]> {
  const nodes: NodeAddress[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    if (line.trim() === '' || line.trim().startsWith('#')) continue;
    const read = parseAddress(line, `${where}, line ${index + 1}`);
    if (!read.ok) return read;
    if (nodes.some((n) => n.name === read.value.name))
      return usage(`${where}, line ${index + 1}`, line, `${read.value.name} is named twice`);
    nodes.push(read.value);
  }
  return ok(nodes);
}

/** Why a node cannot have a reserved name, without the full stop. */
export function nameTaken(name: string): string {
  return `no node may be called ${name}, a word of this program; name it otherwise, for example node-1`;
}

/** How an address is shown and typed. */
export function formatAddress(node: NodeAddress): string {
  const reached = reachedAs({ ...node, user: '' });
  const name = node.name === reached || node.name === node.host ? '' : `${node.name}=`;
  return `${name}${node.user ? `${node.user}@` : ''}${reached}${node.role ? ` ${node.role}` : ''}`;
}

/** `user@host:port`, without what is left to the ssh configuration. */
export function reachedAs(node: NodeAddress): string {
  const host = node.host.includes(':') ? `[${node.host}]` : node.host;
  return `${node.user ? `${node.user}@` : ''}${host}${node.port === 0 ? '' : `:${node.port}`}`;
}

function usage<T>(where: string, text: string, message: string): Result<T> {
  return fail({ code: 'usage', message: `${where}: “${text.trim()}”: ${message}.` });
}
