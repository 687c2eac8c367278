import * as z from 'zod';
import { nameTaken, reservedNames, whyNotPart } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import { whyUnseen } from '../domain/unseen.ts';
import { isClusterFile, nodesOfClusterFile } from './cluster-nodes.ts';
import { type ProfileDocument, readDocument } from './document.ts';
import { validate } from './validate.ts';

const shape = z.strictObject({
  cluster: z.string().default(''),
  nodes: z
    .array(
      z.strictObject({
        name: z.string().min(1).optional(),
        host: z.string().min(1),
        port: z.number().int().min(1).max(65535).default(0),
        user: z.string().min(1).optional(),
        role: z.enum(['server', 'agent', 'etcd']).optional(),
      }),
    )
    .min(1),
});

type Inventory = { readonly cluster: string; readonly nodes: readonly NodeAddress[] };

/**
 * Reads an inventory: `cluster` and a list of `nodes` with host and, if wanted, name, port, user and role. RKE's cluster.yml
 * will do as well.
 */
export async function readInventory(path: string): Promise<Result<Inventory>> {
  const document = await readDocument(path);
  if (!document.ok) return document;
  const rke = isClusterFile(document.value);
  const read = rke ? nodesOfClusterFile(document.value) : ownInventory(document.value);
  if (!read.ok) return read;
  const { cluster, nodes } = read.value;
  const hidden = whyUnseen(cluster);
  if (hidden !== undefined) return document.value.invalid([rke ? 'cluster_name' : 'cluster'], hidden);
  for (const [index, { name, host }] of nodes.entries()) {
    const key = rke ? (name === host ? 'address' : 'hostname_override') : name === host ? 'host' : 'name';
    const wrong = nodes.findIndex((n) => n.name === name) < index ? `${name} is named twice` : undefined;
    const message = wrong ?? (reservedNames.includes(name) ? nameTaken(name) : undefined);
    if (message !== undefined) return document.value.invalid(['nodes', index, key], message);
  }
  for (const [index, each] of nodes.entries())
    for (const part of ['host', 'name', 'user'] as const) {
      const why = each[part] === '' ? undefined : whyNotPart(part, each[part]);
      const key = rke && part === 'host' ? 'address' : rke && part === 'name' ? 'hostname_override' : part;
      if (why !== undefined) return document.value.invalid(['nodes', index, key], why);
    }
  return ok({ cluster, nodes });
}

function ownInventory(document: ProfileDocument): Result<Inventory> {
  const read = validate(document, shape);
  if (!read.ok) return read;
  const nodes = read.value.nodes.map((n) => ({
    name: n.name ?? n.host,
    host: n.host,
    port: n.port,
    user: n.user ?? '',
    ...(n.role ? { role: n.role } : {}),
  }));
  return ok({ cluster: read.value.cluster, nodes });
}
