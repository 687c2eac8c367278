import { stat } from 'node:fs/promises';
import type { Failure } from '../domain/failure.ts';
import type { Invocation } from '../flags.ts';

/** The first path on the command line that must be there and is not, or is of the wrong kind; what is wrong with the named Rancher server. */
export async function missingPath(invocation: Invocation): Promise<Failure | undefined> {
  for (const [flag, kind] of [
    ['profiles', 'folder'],
    ['template', 'file'],
  ] as const) {
    for (const path of invocation.values.get(flag) ?? []) {
      const why = await whyNot(path, kind);
      if (why) return { code: 'usage', message: `--${flag} ${path}: ${why}.` };
    }
  }
  if (![...invocation.values.keys()].some((flag) => flag.startsWith('rancher'))) return undefined;
  const { rancherStart } = await import('./rancher.ts');
  const rancher = await rancherStart(invocation);
  return rancher.ok ? undefined : rancher.failure;
}

async function whyNot(path: string, kind: 'folder' | 'file'): Promise<string | undefined> {
  try {
    const there = await stat(path);
    if (kind === 'folder' ? there.isDirectory() : there.isFile()) return undefined;
    return `it is not a ${kind}`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `there is no such ${kind}` : message;
  }
}
