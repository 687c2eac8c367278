import * as z from 'zod';
import { nameTaken, reservedNames, whyNotPart } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { ok, type Result } from '../domain/failure.ts';
import { whyUnseen } from '../domain/unseen.ts';
import { readDocument } from './document.ts';
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

/** Reads an inventory: `cluster` and a list of `nodes` with host and, if wanted, name, port, user and role. */
export async function readInventory(
  path: string,
): Promise<Result<{ readonly cluster: string; readonly nodes: readonly NodeAddress[] }>> {
  const document = await readDocument(path);
  if (!document.ok) return document;
  const read = validate(document.value, shape);
  if (!read.ok) return read;
  const hidden = whyUnseen(read.value.cluster);
  if (hidden !== undefined) return document.value.invalid(['cluster'], hidden);
  for (const [index, node] of read.value.nodes.entries())
    for (const part of ['name', 'host', 'user'] as const) {
      const wrong = node[part] === undefined ? undefined : whyNotPart(part, node[part]);
      if (wrong !== undefined) return document.value.invalid(['nodes', index, part], wrong);
    }
  const nodes = read.value.nodes.map((n) => ({
    name: n.name ?? n.host,
    host: n.host,
    port: n.port,
    user: n.user ?? '',
    ...(n.role ? { role: n.role } : {}),
  }));
  for (const [index, { name }] of nodes.entries()) {
    const key = read.value.nodes[index]?.name === undefined ? 'host' : 'name';
    const wrong = nodes.findIndex((n) => n.name === name) < index ? `${name} is named twice` : undefined;
    const message = wrong ?? (reservedNames.includes(name) ? nameTaken(name) : undefined);
    if (message !== undefined) return document.value.invalid(['nodes', index, key], message);
  }
  return ok({ cluster: read.value.cluster, nodes });
}
