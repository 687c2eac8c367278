import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import { readDocument } from './document.ts';
import { issueWords } from './issue-words.ts';

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

/** Of which distributions a folder has a practice cluster, and what is wrong with these; the lab says whether the data of one is whole. */
export async function checkPractice(
  folder: string,
  isWhole: (data: unknown) => Result<unknown>,
): Promise<{ readonly ids: readonly string[]; readonly findings: readonly Failure[] }> {
  const ids = (await practised(folder)).toSorted();
  const findings: Failure[] = [];
  for (const id of ids) {
    const document = await readDocument(join(folder, 'practice', `${id}.yaml`));
    const whole = document.ok ? isWhole(document.value.data) : document;
    if (whole.ok) continue;
    const { failure } = whole;
    const inData = document.ok && failure.code === 'profile-invalid';
    // The lab knows no lines.
    const told = inData ? document.value.invalid(failure.key.split('.'), issueWords(failure.message)) : whole;
    if (!told.ok) findings.push(told.failure);
  }
  return { ids, findings };
}

/** The distributions of which a folder has a practice cluster. */
async function practised(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, 'practice')).catch(() => []);
  return names.filter((name) => name.endsWith('.yaml')).map((name) => name.slice(0, -'.yaml'.length));
}
