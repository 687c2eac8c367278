import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Control, Profile } from '../../src/domain/control.ts';
import { type NamedCase, readCases, tryCase } from './case.ts';
import { shippedProfiles } from './practice.ts';

const profiles = await shippedProfiles();
const all = profiles.flatMap((profile) => profile.controls.map((control) => ({ profile, control })));

/** The cases of RKE2 lie here, those of another distribution in the folder of its name, for ids are unique in one only. */
const folderOf = (distribution: string): string =>
  distribution === 'rke2' ? 'test/controls' : join('test/controls', distribution);

const casesOf = (distribution: string, id: string): readonly NamedCase[] =>
  readCases(join(folderOf(distribution), id));

/** A control that asks only people has nothing that a case could show. */
const automated = (control: Control): boolean => control.wants.some((want) => want.type !== 'attested');

const distributions = profiles.map((profile) => profile.distribution.id);

const foldersOf = (distribution: string): readonly string[] =>
  readdirSync(folderOf(distribution), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !distributions.includes(entry.name))
    .map((entry) => entry.name);

const named = all.map(({ profile, control }) => ({ distribution: profile.distribution.id, control }));

test.each(
  named
    .filter(({ control }) => automated(control))
    .map(({ distribution, control }) => [distribution, control.id] as const),
)('%s: %s has a good and a bad case', (distribution, id) => {
  const names = casesOf(distribution, id).map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining(['good', 'bad']));
});

test.each(distributions)('%s: no case is left of a control that is gone', (of) => {
  const ids = named.filter(({ distribution }) => distribution === of).map(({ control }) => control.id);
  expect(foldersOf(of).filter((name) => !ids.includes(name))).toEqual([]);
});

const tried = distributions.flatMap((of) => foldersOf(of).map((id) => [of, id] as const));

describe.each(tried)('%s: %s', (distribution, id) => {
  test.each(casesOf(distribution, id))('%s', (name, given) => {
    const { profile, control } = find(distribution, id);
    return tryCase(profile, control, name, given);
  });
});

function find(distribution: string, id: string): { readonly profile: Profile; readonly control: Control } {
  const found = all.find(
    ({ profile, control }) => profile.distribution.id === distribution && control.id === id,
  );
  if (!found) throw new Error(`no control ${id} in ${distribution}`);
  return found;
}
