import type { Profile } from '../../src/domain/control.ts';
import { parseVersion, type Version } from '../../src/domain/version.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

/** The profile of RKE2 as it is shipped. */
export async function rke2Profile(): Promise<Profile> {
  const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  const found = loaded.value.find((p) => p.distribution.id === 'rke2');
  if (!found) throw new Error('no RKE2');
  return found;
}

/** A version of which the test knows that it is one. */
export function version(text: string): Version {
  const read = parseVersion(text);
  if (!read) throw new Error(text);
  return read;
}
