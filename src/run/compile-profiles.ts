import { isDeepStrictEqual } from 'node:util';
import { ok, type Result, word } from '../domain/failure.ts';
import { type CompiledProfiles, hashOf } from '../profiles/compiled.ts';
import { loadProfiles } from '../profiles/index.ts';
import { resources } from '../resources/index.ts';

/** The profiles of a folder as JSON, as the loader reads them; the build runs this, so that a start need not. */
export async function compileProfiles(folder: string): Promise<string> {
  const compiled = await compile(folder);
  if (!compiled.ok) throw new Error(`${word(compiled.failure).sentence} ${word(compiled.failure).hint}`);
  const text = JSON.stringify(compiled.value);
  if (!isDeepStrictEqual(JSON.parse(text), compiled.value))
    throw new Error(`The profiles in ${folder} hold something that JSON cannot.`);
  return text;
}

async function compile(folder: string): Promise<Result<CompiledProfiles>> {
  const hash = await hashOf(folder);
  if (!hash.ok) return hash;
  const loaded = await loadProfiles([folder], (type, spec) => resources.get(type)?.schema.parse(spec));
  return loaded.ok ? ok({ hash: hash.value, profiles: loaded.value }) : loaded;
}
