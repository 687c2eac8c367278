// Each broken practice cluster is put to every check: those that it names must find a cause, and no others, so that no two are confused.
import { describe, expect, test } from 'vitest';
import { benchmarkOf } from '../../src/domain/control.ts';
import type { Finding } from '../../src/domain/event.ts';
import { troubleId } from '../../src/domain/trouble.ts';
import { isOpen } from '../../src/domain/verdict.ts';
import { type Broken, brokenPractice, brokenWays } from '../../src/lab/broken.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { foundOn } from './found.ts';

const causes = (findings: readonly Finding[]): readonly string[] => [
  ...new Set(
    findings
      .filter(({ verdict }) => verdict.kind === 'fail' || verdict.kind === 'configured-not-active')
      .map((f) => f.control),
  ),
];

const details = (findings: readonly Finding[]): string =>
  JSON.stringify(
    findings.filter((f) => isOpen(f.verdict.kind)),
    null,
    1,
  );

const practised = await Promise.all(
  (await shippedProfiles()).map(async (profile) => {
    const data = await readPractice(['profiles'], profile.distribution.id);
    if (!data.ok) throw new Error(JSON.stringify(data.failure));
    return [profile.distribution.id, profile, data.value] as const;
  }),
);

describe.each(practised)('%s', (_, profile, data) => {
  test('as it comes, the practice cluster is not broken', async () => {
    const found = await foundOn(profile, data);
    expect(causes(found), details(found)).toEqual([]);
  });

  test.each(brokenWays(data).map((way) => [way.name, way] as const))(
    'broken as %s, exactly these causes are found',
    async (name, { finds, trouble }: Broken) => {
      const broken = brokenPractice(data, name);
      if (!broken.ok) throw new Error(JSON.stringify(broken.failure));
      const found = await foundOn(profile, broken.value);
      expect(causes(found).toSorted(), details(found)).toEqual(finds.toSorted());
      const shown = benchmarkOf(profile, troubleId(trouble))?.items.map((i) => i.control) ?? [];
      expect(finds.filter((id) => !shown.includes(id))).toEqual([]);
    },
  );
});

// One cause shows in several ways: whoever comes by another symptom must find it there, too.
test.each([
  ['closed-dns', ['connections-break', 'dns']],
  ['images-out-of-reach', ['connections-break', 'pods-are-refused']],
  ['host-firewall', ['connections-break', 'dns', 'sysctl']],
])('what is broken as %s is among the causes of every symptom that it shows', (name, troubles) => {
  const [, profile, data] = practised.find(([id]) => id === 'rke2') ?? [];
  const finds = brokenWays(data).find((way) => way.name === name)?.finds ?? [];
  expect(finds).not.toEqual([]);
  const lists = troubles.map((trouble) => [
    trouble,
    profile && benchmarkOf(profile, troubleId(trouble))?.items.map((i) => i.control),
  ]);
  expect(lists).toEqual(troubles.map((trouble) => [trouble, expect.arrayContaining([...finds])]));
});

test('there is something to practise on', () => {
  expect(practised.flatMap(([, , data]) => brokenWays(data)).length).toBeGreaterThan(0);
});
