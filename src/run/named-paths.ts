import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Failure } from '../domain/failure.ts';
import type { Invocation } from '../flags.ts';

/** The first path on the command line that must be there and is not, or is of the wrong kind; what is wrong with the named Rancher server. */
export async function missingPath(invocation: Invocation): Promise<Failure | undefined> {
  for (const [flag, kind] of [
    ['profiles', 'folder'],
    ['template', 'file'],
    ['plan', 'file'],
  ] as const) {
    for (const path of invocation.values.get(flag) ?? []) {
      const why = await whyNot(path, kind);
      if (why) return { code: 'usage', message: `--${flag} ${path}: ${why}.` };
    }
  }
  const waivers = await wrongWaivers(invocation);
  if (waivers) return waivers;
  if (![...invocation.values.keys()].some((flag) => flag.startsWith('rancher'))) return undefined;
  const { rancherStart } = await import('./rancher.ts');
  const rancher = await rancherStart(invocation);
  return rancher.ok ? undefined : rancher.failure;
}

/** The wizard may begin a file of waivers; for any other command a name that leads nowhere is a slip. */
async function wrongWaivers({ command, values }: Invocation): Promise<Failure | undefined> {
  const [path] = values.get('waivers') ?? [];
  if (path === undefined) return undefined;
  const found = await whyNot(path, 'file');
  const begun =
    found !== undefined && ['', 'lab'].includes(command) && !(await whyNot(dirname(path), 'folder'));
  const absent = found === 'there is no such file';
  if (found === undefined || (begun && absent)) return undefined;
  return { code: 'usage', message: `--waivers ${path}: ${found}.` };
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
