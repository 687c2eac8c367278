import { parse } from 'yaml';
import { benchmarkOf, type Profile, selectControls } from '../../src/domain/control.ts';
import type { Finding } from '../../src/domain/event.ts';
import { lookForYourself } from '../../src/domain/trouble.ts';
import { detect, detectionQuestions } from '../../src/engine/detect.ts';
import { placeOf } from '../../src/engine/place.ts';
import { probe } from '../../src/engine/probe.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';

const patience = { deadlineMs: 1000 };
const clock = { now: () => Date.UTC(2026, 0, 5), sleep: async () => undefined };

/** What every check of every trouble finds on every node of practice data, and in its cluster. */
export async function foundOn(profile: Profile, data: unknown): Promise<readonly Finding[]> {
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
