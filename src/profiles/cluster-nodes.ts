import * as z from 'zod';
import type { Role } from '../domain/distribution.ts';
import type { NodeAddress } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import type { ProfileDocument } from './document.ts';
import { validate } from './validate.ts';

/** What is left blank is not said, to rke as well. */
const blank = (value: unknown): unknown => (value === '' || value === null ? undefined : value);

/** Made when one is read: every command that is given an inventory loads this file. */
function shape() {
  const node = z.looseObject({
    address: z.string().min(1),
    hostname_override: z.string().nullish(),
    port: z.preprocess(blank, z.coerce.number().int().min(1).max(65535).optional()),
    user: z.string().nullish(),
    role: z.union([z.string(), z.array(z.string())]).default([]),
  });
  return z.looseObject({
    cluster_name: z.string().nullish(),
    nodes: z.array(z.preprocess(merged, node)).min(1),
  });
}

/** Whether a document is the cluster.yml of RKE: its nodes have addresses. */
export function isClusterFile({ data }: ProfileDocument): boolean {
  const nodes = (data as { readonly nodes?: unknown } | null)?.nodes;
  return (
    Array.isArray(nodes) &&
    nodes.some((each: unknown) => {
      const whole = merged(each);
      return typeof whole === 'object' && whole !== null && 'address' in whole;
    })
  );
}

/** The nodes of a cluster.yml: what it says of how they are reached, and one role of those they have. */
export function nodesOfClusterFile(
  document: ProfileDocument,
): Result<{ readonly cluster: string; readonly nodes: readonly NodeAddress[] }> {
  const read = validate(document, shape());
  if (!read.ok) return read;
  const nodes: readonly NodeAddress[] = read.value.nodes.map((each) => {
    const role = roleOf([each.role].flat());
    return {
      name: each.hostname_override || each.address,
      host: each.address,
      port: each.port ?? 0,
      user: each.user ?? '',
      ...(role ? { role } : {}),
    };
  });
  return ok({ cluster: read.value.cluster_name ?? '', nodes });
}

/** What a node is asked as before it has answered itself; its containers then tell all it is. */
function roleOf(roles: readonly string[]): Role | undefined {
  if (roles.includes('controlplane')) return 'server';
  if (roles.includes('etcd')) return 'etcd';
  return roles.includes('worker') ? 'agent' : undefined;
}

/** A node with what it takes over from another by an anchor; one that takes over itself has nothing from there. */
function merged(value: unknown): unknown {
  return mergedIn(value, []);
}

function mergedIn(value: unknown, within: readonly unknown[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (within.includes(value)) return {};
  const { '<<': from, ...own } = value as Record<string, unknown>;
  if (from === undefined) return value;
  const taken = [from].flat().toReversed();
  return Object.assign({}, ...taken.map((each) => mergedIn(each, [...within, value])), own);
}
