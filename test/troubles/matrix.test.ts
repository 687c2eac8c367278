// Each broken practice cluster is put to every check: those that it names must find a cause, and no others, so that no two are confused.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { benchmarkOf, type Profile, selectControls } from '../../src/domain/control.ts';
import type { Finding } from '../../src/domain/event.ts';
import { lookForYourself, troubleId } from '../../src/domain/trouble.ts';
import { isOpen } from '../../src/domain/verdict.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { placeOf } from '../../src/engine/place.ts';
import { probe } from '../../src/engine/probe.ts';
import { type Broken, brokenPractice, brokenWays } from '../../src/lab/broken.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { shippedProfiles } from '../controls/practice.ts';

const patience = { deadlineMs: 1000 };
const clock = { now: () => Date.UTC(2026, 0, 5), sleep: async () => undefined };

/** What every check of every trouble finds on every node of practice data, and in its cluster. */
async function foundOn(profile: Profile, data: unknown): Promise<readonly Finding[]> {
  const cluster = labCluster(data);
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  const store = createLabStore(cluster.value, { readYaml: parse, clock });
  const all = benchmarkOf(profile, lookForYourself);
  const checks = all ? selectControls(profile, all, 2) : [];
  const found: Finding[] = [];
  let clusterAsked = false;
  for (const node of Object.keys(cluster.value.nodes)) {
    const target = createLabTarget(store, node);
    const answers = await target.ask(detectionQuestions(profile.distribution), patience);
    const facts = detect(profile.distribution, answers, 'root', undefined);
    if (!facts.known) throw new Error(facts.reason);
    const place = placeOf(profile.distribution, node, facts.value);
    const onNode = checks.filter((c) => c.target === 'node');
    found.push(...(await probe(target, onNode, place, patience)).findings);
    if (clusterAsked || !facts.value.roles.includes('server') || profile.distribution.kubectlOn) continue;
    clusterAsked = true;
    const inCluster = checks.filter((c) => c.target === 'cluster');
    found.push(...(await probe(target, inCluster, { ...place, node: 'cluster' }, patience)).findings);
  }
  return found;
}

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

test('there is something to practise on', () => {
  expect(practised.flatMap(([, , data]) => brokenWays(data)).length).toBeGreaterThan(0);
});
