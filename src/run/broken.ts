import { fileURLToPath } from 'node:url';
import type { Failure } from '../domain/failure.ts';
import { troubleId } from '../domain/trouble.ts';
import type { Invocation } from '../flags.ts';
import { brokenPractice, brokenWays } from '../lab/broken.ts';
import { readPractice } from '../profiles/index.ts';
import { ownProfiles, packageFolder } from './program.ts';
import { loadProfiles } from './services.ts';

/** Why the practice cluster cannot begin broken as `--broken` asks; told before the first screen, which has no room for every name. Each stands beside what one sees of it. */
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
  const wide = Math.max(0, ...ways.map(({ name }) => name.length));
  const listed = ways.map(({ name, trouble }) => {
    const seen = troubles.find(({ id }) => id === troubleId(trouble))?.title ?? '';
    return `  ${name.padEnd(wide)}  ${inWords(seen, columns - wide - 4)}`;
  });
  const message = `--broken ${broken}: the practice cluster cannot be broken so. Take one of these:\n${listed.join('\n')}`;
  return ways.length === 0 ? made.failure : { code: 'usage', message };
}

/** A narrow terminal, so that no line of the list is broken there. */
const columns = 80;

/** As many whole words of a text as there is room for. */
function inWords(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, room - 2).replace(/,?\s\S*$/, '')} ..`;
}
