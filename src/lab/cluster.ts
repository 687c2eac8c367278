import type { z } from 'zod';
import { fail, ok, type Result } from '../domain/failure.ts';
import { sha256 } from './fingerprint.ts';
import { isTree, layPatch, mergePatch } from './merge-patch.ts';
import { nodeSchema, practiceSchema } from './schema.ts';
import type { LabCluster, LabNode, LabObject } from './state.ts';
import { plainName } from './unit.ts';

/**
 * Reads practice data: `common` is laid under every node, then all is checked. `from` names the data in a failure, whose
 * `key` says where in it the fault is.
 */
export function labCluster(data: unknown, from = 'the practice cluster'): Result<LabCluster> {
  const whole = practiceSchema.safeParse(data);
  if (!whole.success) return invalid(from, [], whole.error);
  const { distribution, common, nodes, objects, rancher } = whole.data;
  const read: Record<string, LabNode> = {};
  for (const [name, own] of Object.entries(nodes)) {
    const node = nodeSchema.safeParse(mergePatch(mergePatch({}, common), own));
    if (!node.success) return invalid(from, ['nodes', name], node.error);
    const { machineId, bootId, units, journal, ...rest } = node.data;
    const made: LabNode = {
      ...rest,
      name,
      machineId: machineId ?? sha256(`machine ${name}`).slice(0, 32),
      bootId: bootId ?? uuid(sha256(`boot ${name}`)),
      units: byPlainName(units),
      journal: byPlainName(journal),
      changes: {},
    };
    const stranger = Object.entries(made.files).find(
      ([, file]) => isNobody(file.owner, made.accounts) || isNobody(file.group, made.groups),
    );
    if (stranger) {
      const [path, { owner, group }] = stranger;
      return fault(from, `nodes.${name}.files.${path}`, `${owner}:${group} is nobody on this node`);
    }
    read[name] = made;
  }
  return ok({
    distribution,
    nodes: read,
    objects: objects as readonly LabObject[],
    ...(rancher ? { rancher } : {}),
  });
}

/**
 * Practice data with a patch over it: nodes and `common` go into one another (null takes away), an object goes into the one
 * of its kind, namespace and name, and is added when there is none; one with `absent: true` is taken away.
 */
export function overlay(data: unknown, patch: unknown): unknown {
  if (!isTree(data) || !isTree(patch)) return patch;
  const { objects, ...rest } = patch;
  const merged = layPatch(data, rest) as Record<string, unknown>;
  if (!Array.isArray(objects)) return merged;
  return { ...merged, objects: objects.reduce(overlayObject, merged.objects ?? []) };
}

function overlayObject(objects: readonly unknown[], patch: unknown): readonly unknown[] {
  const { absent, ...own } = isTree(patch) ? patch : {};
  const at = objects.findIndex((each) => identity(each) === identity(own));
  const rest = objects.filter((_, index) => index !== at);
  if (absent === true) return rest;
  if (at < 0) return [...objects, own];
  return objects.map((each, index) => (index === at ? mergePatch(each, own) : each));
}

function identity(object: unknown): string {
  if (!isTree(object) || !isTree(object.metadata)) return '';
  return [object.kind, object.metadata.namespace ?? '', object.metadata.name].join('/');
}

/** A number needs no name: it is what remains of an account that was removed. */
function isNobody(name: string, known: Readonly<Record<string, unknown>>): boolean {
  return known[name] === undefined && !/^\d+$/.test(name);
}

function byPlainName<T>(named: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [plainName(name), value]));
}

function uuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function invalid(from: string, at: readonly string[], error: z.ZodError): Result<LabCluster> {
  const issue = error.issues[0];
  return fault(from, [...at, ...(issue?.path ?? [])].join('.'), issue?.message ?? 'not as expected');
}

function fault(file: string, key: string, message: string): Result<LabCluster> {
  return fail({ code: 'profile-invalid', file, line: 1, key, message });
}
