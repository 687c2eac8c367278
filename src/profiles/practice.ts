import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import { readDocument } from './document.ts';

/** The data of the practice cluster of a distribution, from the last folder that has one; the lab says whether it is whole. */
export async function readPractice(
  folders: readonly string[],
  distribution: string,
): Promise<Result<unknown>> {
  const files = folders.map((folder) => join(folder, 'practice', `${distribution}.yaml`));
  for (const file of files.toReversed()) {
    const document = await readDocument(file);
    if (document.ok) return ok(document.value.data);
    if (document.failure.code !== 'file-unreadable' || !/ENOENT/.test(document.failure.message))
      return document;
  }
  const known = (await Promise.all(folders.map(practised))).flat();
  const message = `The lab has no practice cluster for ${distribution}; it has one for ${[...new Set(known)].toSorted().join(', ')}.`;
  return fail({ code: 'usage', message });
}

/** The distributions of which a folder has a practice cluster. */
async function practised(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'practice')).catch(() => []);
  return names.filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length));
}
