import { isDeepStrictEqual } from 'node:util';
import { type Result, word } from '../domain/failure.ts';
import { hashOf, writeCompiled } from '../profiles/compiled.ts';
import { loadProfiles } from '../profiles/index.ts';
import { resources } from '../resources/index.ts';

/** The profiles of a folder as `readCompiled` reads them; the build runs this, so that a start need not load them. */
export async function compileProfiles(folder: string): Promise<string> {
  const hash = whole(hashOf(folder));
  const profiles = whole(
    await loadProfiles([folder], (type, spec) => resources.get(type)?.schema.parse(spec)),
  );
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(profiles)), profiles))
    throw new Error(`The profiles in ${folder} hold something that JSON cannot.`);
  return writeCompiled(hash, profiles);
}

function whole<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { sentence, hint } = word(result.failure);
  throw new Error(`${sentence} ${hint}`);
}
