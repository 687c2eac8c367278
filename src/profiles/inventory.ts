import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod';
import { nameTaken, reservedNames } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';

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
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    return fail({ code: 'file-unreadable', path, message: (error as Error).message });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [broken] = document.errors;
  if (broken)
    return invalid(
      path,
      lines.linePos(broken.pos[0]).line,
      '',
      broken.message.split('\n')[0] ?? 'is not YAML',
    );
  const read = shape.safeParse(document.toJS());
  if (!read.success) {
    const issue = read.error.issues[0];
    const key = issue?.path ?? [];
    const node = document.getIn(key, true) as { range?: [number, number, number] } | undefined;
    const line = node?.range ? lines.linePos(node.range[0]).line : 1;
    return invalid(path, line, key.join('.'), issue?.message ?? 'is not an inventory');
  }
  const nodes = read.data.nodes.map((n) => ({
    name: n.name ?? n.host,
    host: n.host,
    port: n.port,
    user: n.user ?? '',
    ...(n.role ? { role: n.role } : {}),
  }));
  const twice = nodes.find((n, i) => nodes.findIndex((m) => m.name === n.name) < i);
  if (twice) return invalid(path, 1, 'nodes', `${twice.name} is named twice`);
  const taken = nodes.find((n) => reservedNames.includes(n.name));
  if (taken) return invalid(path, 1, 'nodes', nameTaken(taken.name));
  return ok({ cluster: read.data.cluster, nodes });
}

function invalid<T>(file: string, line: number, key: string, message: string): Result<T> {
  return fail({ code: 'profile-invalid', file, line, key, message });
}
