import { fileURLToPath } from 'node:url';
import type { Failure } from '../domain/failure.ts';
import { troubleId } from '../domain/trouble.ts';
import type { Invocation } from '../flags.ts';
import { brokenPractice, brokenWays } from '../lab/broken.ts';
import { readPractice } from '../profiles/index.ts';
import { ownProfiles, packageFolder } from './program.ts';
import { loadProfiles } from './services.ts';

/** Why the practice cluster cannot begin broken as `--broken` asks; told before the first screen, which has no room for every name. Each stands under what one sees of it. */
export async function whyNotBroken(invocation: Invocation): Promise<Failure | undefined> {
  const { values } = invocation;
  const [broken] = values.get('broken') ?? [];
  if (broken === undefined) return undefined;
  const folders = [fileURLToPath(new URL('profiles', packageFolder)), ownProfiles()];
  const distribution = values.get('distribution')?.[0] ?? 'rke2';
  const data = await readPractice(folders, distribution);
  if (!data.ok) return data.failure;
  const made = brokenPractice(data.value, broken);
  if (made.ok) return undefined;
  const loaded = await loadProfiles(invocation);
  if (!loaded.ok) return loaded.failure;
  const { troubles = [] } = loaded.value.find((p) => p.distribution.id === distribution) ?? {};
  const ways = brokenWays(data.value);
  // By what is seen, never by what was done: that is for whoever practises to find out.
  const listed = troubles.flatMap(({ id, title }) => {
    const names = ways.filter((way) => troubleId(way.trouble) === id).map((way) => `    ${way.name}`);
    return names.length === 0 ? [] : [`  ${title}:`, ...names];
  });
  const message = [
    `--broken ${broken}: the practice cluster cannot be broken so. Take one of these:`,
    ...listed,
  ];
  return ways.length === 0 ? made.failure : { code: 'usage', message: message.join('\n') };
}
