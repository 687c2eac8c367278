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
  const path = files.at(-1) ?? `practice/${distribution}.yaml`;
  return fail({ code: 'file-unreadable', path, message: `there is no practice cluster for ${distribution}` });
}
