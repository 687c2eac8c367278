import { fileURLToPath } from 'node:url';
import type { Failure } from '../domain/failure.ts';
import type { Invocation } from '../flags.ts';
import { brokenPractice } from '../lab/broken.ts';
import { readPractice } from '../profiles/index.ts';
import { ownProfiles, packageFolder } from './program.ts';

/** Why the practice cluster cannot begin broken as `--broken` asks; told before the first screen, which has no room for every name. */
export async function whyNotBroken({ values }: Invocation): Promise<Failure | undefined> {
  const [broken] = values.get('broken') ?? [];
  if (broken === undefined) return undefined;
  const folders = [fileURLToPath(new URL('profiles', packageFolder)), ownProfiles()];
  const data = await readPractice(folders, values.get('distribution')?.[0] ?? 'rke2');
  if (!data.ok) return data.failure;
  const made = brokenPractice(data.value, broken);
  return made.ok ? undefined : made.failure;
}
