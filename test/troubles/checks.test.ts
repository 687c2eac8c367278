import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Control } from '../../src/domain/control.ts';
import { readCases, tryCase } from '../controls/case.ts';
import { shippedProfiles } from '../controls/practice.ts';

const profiles = await shippedProfiles();

/** Every check that is written for troubles alone, in RKE2 where it is for that; the practice cluster of that distribution is asked. */
const checks = new Map(
  profiles
    .toSorted((a, b) => Number(a.distribution.id === 'rke2') - Number(b.distribution.id === 'rke2'))
    .flatMap((profile) => (profile.checks ?? []).map((check) => [check.id, { profile, check }] as const)),
);

const folder = 'test/troubles';
const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());

/** What only a person can judge has nothing that a case could show; of our own changes, see beside this. */
const forPeople = ['attested', 'our-changes', 'rollout'];
const automated = ({ wants }: Control): boolean => wants.some((want) => !forPeople.includes(want.type));

test.each([...checks.values()].filter(({ check }) => automated(check)).map(({ check }) => check.id))(
  '%s has a good and a bad case',
  (id) => {
    const names = readCases(join(folder, id)).map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(['good', 'bad']));
  },
);

test('no case is left of a check that is gone', () => {
  expect(folders.map((entry) => entry.name).filter((name) => !checks.has(name))).toEqual([]);
});

describe.each([...checks].filter(([id]) => readCases(join(folder, id)).length > 0))(
  '%s',
  (id, { profile, check }) => {
    test.each(readCases(join(folder, id)))('%s', (name, given) => tryCase(profile, check, name, given));
  },
);

describe.each([...checks].map(([id, { check }]) => [id, check] as const))('%s', (_, check) => {
  test.each(['why', 'breaks'] as const)('says %s in two sentences or more', (key) => {
    expect(check[key].split(/[.!?](?:\s|$)/).filter(Boolean).length, check[key]).toBeGreaterThan(1);
  });
});
