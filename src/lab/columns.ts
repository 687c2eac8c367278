import { isTree } from './merge-patch.ts';

/** What `kubectl get -o custom-columns=…` prints of objects: a column each, at least three blanks apart. */
export function columnsText(spec: string, objects: readonly unknown[]): string {
  const columns = spec.split(',').map((each) => {
    const at = each.indexOf(':');
    return { title: each.slice(0, at), path: each.slice(at + 1) };
  });
  const rows = [
    columns.map((c) => c.title),
    ...objects.map((object) => columns.map(({ path }) => cell(object, path))),
  ];
  const widths = columns.map((_, n) => Math.max(...rows.map((row) => (row[n] ?? '').length)));
  const line = (row: readonly string[]) => row.map((text, n) => text.padEnd((widths[n] ?? 0) + 3)).join('');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

/** The values on a path such as `.spec.containers[*].name`, in Go's own spelling. */
function cell(object: unknown, path: string): string {
  const steps = path.split('.').filter((step) => step !== '');
  const found = steps.reduce<readonly unknown[]>(
    (values, step) => {
      const name = step.replace(/\[\*\]$/, '');
      const inner = values.flatMap((value) => (isTree(value) && name in value ? [value[name]] : []));
      return step.endsWith('[*]') ? inner.flatMap((value) => (Array.isArray(value) ? value : [])) : inner;
    },
    [object],
  );
  return found.length > 0 ? found.map(spelled).join(',') : '<none>';
}

function spelled(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spelled).join(' ')}]`;
  if (!isTree(value)) return String(value);
  return `map[${Object.entries(value)
    .map(([key, inner]) => `${key}:${spelled(inner)}`)
    .join(' ')}]`;
}
