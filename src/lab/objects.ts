import { patchedValues, printed, valueAt } from '../domain/patched.ts';
import type { Words } from '../domain/question.ts';
import type { Step } from '../domain/step.ts';
import { type Kind, kindOf, label, objectAt, qualified, serves, withObject } from './kinds.ts';
import { kubectlTrouble, noSuchKind, notFound, type Selection, selection } from './kubectl.ts';
import { isTree, mergePatch } from './merge-patch.ts';
import type { LabCluster, LabNode, LabObject, ReadYaml } from './state.ts';
import type { StepResult } from './step.ts';

/** `kubectl patch <object> --type merge -p <patch>`. */
export function patchObject(
  cluster: LabCluster,
  node: LabNode,
  kubectl: Words,
  object: Words,
  patch: string,
): StepResult {
  const select = pointed(cluster, node, kubectl, object);
  if ('ok' in select) return select;
  const { kind, namespace, name } = select;
  const there = objectAt(cluster, kind, namespace, name);
  if (!there) return failed(notFound(kind, name));
  const next = asStored(mergePatch(there, JSON.parse(patch)) as LabObject);
  const changed = JSON.stringify(next) !== JSON.stringify(there);
  return {
    ok: true,
    cluster: withObject(cluster, kind, namespace, name, next),
    output: [`${label(kind, name)} patched${changed ? '' : ' (no change)'}`],
  };
}

/** Whether the values of a patch are as it left them, or all as before; also where the API server does not answer. */
export function patchHolds(
  cluster: LabCluster,
  node: LabNode,
  step: Extract<Step, { readonly kind: 'patch-object' }>,
): boolean {
  const select = pointed(cluster, node, step.kubectl, step.object);
  if ('ok' in select) return true;
  const object = objectAt(cluster, select.kind, select.namespace, select.name);
  const values = patchedValues(step).filter((v) => v.after !== undefined);
  const now = values.map(({ path }) => printed(valueAt(object, path)));
  const are = (of: 'after' | 'before'): boolean => values.every((v, i) => v[of] === now[i]);
  return are('after') || (are('before') && !values.some((v) => v.before === undefined));
}

/** The API server keeps no empty map of annotations or labels. */
function asStored(object: LabObject): LabObject {
  const metadata = Object.fromEntries(
    Object.entries(object.metadata).filter(
      ([key, value]) => !['annotations', 'labels'].includes(key) || Object.keys(value as object).length > 0,
    ),
  );
  return { ...object, metadata: { ...metadata, name: object.metadata.name } };
}

/** `kubectl create -f -` with a manifest of one object. */
export function createObject(
  cluster: LabCluster,
  node: LabNode,
  kubectl: Words,
  manifest: string,
  readYaml: ReadYaml,
): StepResult {
  const trouble = troubleText(cluster, node, kubectl);
  if (trouble) return failed(trouble);
  const object = readManifest(manifest, readYaml);
  const kind = object && kindOf(object);
  if (!object || !kind) return failed('error: the lab cannot create an object from this manifest');
  if (!serves(cluster, kind)) return failed(noSuchKind(kind));
  const { name, namespace: stated } = object.metadata;
  const namespace = kind.namespaced ? (stated ?? 'default') : undefined;
  if (namespace !== undefined && !cluster.objects.some((o) => isNamespace(o, namespace)))
    return failed(`Error from server (NotFound): namespaces "${namespace}" not found`);
  if (objectAt(cluster, kind, namespace, name))
    return failed(`Error from server (AlreadyExists): ${qualified(kind)} "${name}" already exists`);
  const metadata = namespace === undefined ? object.metadata : { ...object.metadata, namespace };
  return {
    ok: true,
    cluster: withObject(cluster, kind, namespace, name, { ...object, metadata }),
    output: [`${label(kind, name)} created`],
  };
}

/** `kubectl delete <object> --ignore-not-found`. */
export function deleteObject(cluster: LabCluster, node: LabNode, kubectl: Words, object: Words): StepResult {
  const select = pointed(cluster, node, kubectl, object);
  if ('ok' in select) return select;
  const { kind, namespace, name } = select;
  if (!objectAt(cluster, kind, namespace, name)) return { ok: true, cluster, output: [] };
  const group = label(kind, name).split('/')[0];
  return {
    ok: true,
    cluster: withObject(cluster, kind, namespace, name, undefined),
    output: [`${group} "${name}" deleted`],
  };
}

function pointed(
  cluster: LabCluster,
  node: LabNode,
  kubectl: Words,
  object: Words,
): (Selection & { readonly kind: Kind; readonly name: string }) | (StepResult & { readonly ok: false }) {
  const trouble = troubleText(cluster, node, kubectl);
  if (trouble) return failed(trouble);
  const select = selection(object);
  if (!select?.name) return failed('error: the lab cannot find an object by these words');
  return serves(cluster, select.kind) ? { ...select, name: select.name } : failed(noSuchKind(select.kind));
}

function troubleText(cluster: LabCluster, node: LabNode, kubectl: Words): string | undefined {
  const trouble = kubectlTrouble(cluster, node, kubectl);
  if (!trouble) return undefined;
  return trouble.kind === 'failed' ? trouble.message : `${kubectl[0]}: not found`;
}

function readManifest(text: string, readYaml: ReadYaml): LabObject | undefined {
  const value = read(text, readYaml);
  if (!isTree(value) || !isTree(value.metadata)) return undefined;
  const whole =
    typeof value.kind === 'string' &&
    typeof value.apiVersion === 'string' &&
    typeof value.metadata.name === 'string';
  return whole ? (value as LabObject) : undefined;
}

function read(text: string, readYaml: ReadYaml): unknown {
  try {
    return readYaml(text);
  } catch {
    return undefined;
  }
}

function isNamespace(object: LabObject, name: string): boolean {
  return object.kind === 'Namespace' && object.metadata.name === name;
}

function failed(message: string): StepResult & { readonly ok: false } {
  return { ok: false, message };
}
