import type { Words } from '../domain/question.ts';
import { valueAt } from './tree.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

/** A manifest of one object, and the words that name that object after `kubectl delete`. */
export type Manifest = { readonly object: Words; readonly text: string };

/** Reads a manifest; undefined when it does not say which one object it is. */
export function readManifest(text: string): Manifest | undefined {
  const parsed = parseYaml(text, 'the manifest');
  const values = parsed.known ? valuesOf(parsed.value, 'the manifest') : parsed;
  if (!values.known) return undefined;
  const kind = valueAt(values.value, ['kind']);
  const name = valueAt(values.value, ['metadata', 'name']);
  const namespace = valueAt(values.value, ['metadata', 'namespace']);
  if (typeof kind !== 'string' || typeof name !== 'string') return undefined;
  const place = typeof namespace === 'string' ? ['-n', namespace] : [];
  return { object: [kind.toLowerCase(), name, ...place], text };
}

/** A manifest for one namespace: `{{namespace}}` is its name. */
export function manifestFor(text: string, namespace: string): Manifest | undefined {
  return readManifest(text.replaceAll('{{namespace}}', namespace));
}
