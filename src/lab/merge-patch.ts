type Tree = { readonly [key: string]: unknown };

/** A value after a JSON merge patch (RFC 7386): objects go into one another, null takes away, all else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isTree(patch)) return patch;
  const result: Record<string, unknown> = isTree(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

/** The same for data that is itself a patch over something else: what is taken away stays written as null. */
export function layPatch(target: unknown, patch: unknown): unknown {
  if (!isTree(target) || !isTree(patch)) return patch;
  const laid = Object.entries(patch).map(([key, value]) => [key, layPatch(target[key], value)] as const);
  return { ...target, ...Object.fromEntries(laid) };
}

/** Whether a value is an object with keys, not a list. */
export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
