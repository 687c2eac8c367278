import { commandLine, quote } from './quote.ts';
import type { Step } from './step.ts';

type Patch = Extract<Step, { readonly kind: 'patch-object' }>;

/** One value that a merge patch sets: the way to it, what it became, and what it was. */
export type Patched = {
  readonly path: readonly string[];
  /** As kubectl prints it: nothing where there is none; undefined for lists, which versions print differently. */
  readonly after: string | undefined;
  readonly before: string | undefined;
};

/** The values that a step patches, in the order of the patch. */
export function patchedValues(step: Pick<Patch, 'patch' | 'back'>): readonly Patched[] {
  const back: unknown = JSON.parse(step.back);
  return leaves(JSON.parse(step.patch), []).map(({ path, value }) => ({
    path,
    after: printed(value),
    before: printed(valueAt(back, path)),
  }));
}

/** A value as `kubectl get -o jsonpath` prints it. */
export function printed(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? undefined : String(value);
}

/**
 * A shell test that every value a step patched is as the patch left it, or that all are as they were before it. It also holds
 * where the API server does not answer: taking the patch back then fails by itself. Undefined where only lists were patched.
 */
export function patchGuard(step: Patch): string | undefined {
  const values = patchedValues(step).filter((v) => v.after !== undefined);
  if (values.length === 0) return undefined;
  const template = values
    .map(({ path }) => `{${path.map((key) => `.${escaped(key)}`).join('')}}`)
    .join('{"|"}');
  const words = [...step.kubectl, 'get', ...step.object, '--ignore-not-found', '--request-timeout=10s'];
  const is = commandLine([...words, '-o', `jsonpath=${template}`]);
  const before = values.map((v) => v.before);
  const same = [values.map((v) => v.after), ...(before.includes(undefined) ? [] : [before])];
  const tests = same.map((texts) => `[ "$is" = ${quote(texts.join('|'))} ]`);
  return `{ ! is=$(${is}) || ${tests.join(' || ')}; }`;
}

function leaves(
  value: unknown,
  path: readonly string[],
): readonly { path: readonly string[]; value: unknown }[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [{ path, value }];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

/** The value at a way of names into a tree; undefined when there is none. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      value !== null && typeof value === 'object' && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    tree,
  );
}

/** A key in a JSONPath template: what is no letter, number, dash or slash is escaped. */
function escaped(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9_/-]/g, '\\$&');
}
