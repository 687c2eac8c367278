import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Answer } from '../../src/domain/answer.ts';
import type { Event } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { check } from '../../src/engine/check.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';

it('a check asks kubectl and the cluster file here, and of the nodes only what is theirs', async () => {
  const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
  const profile = loaded.ok ? loaded.value.find((p) => p.distribution.id === 'rke') : undefined;
  const benchmark = profile?.benchmarks.find((b) => b.id === 'hardening-2.1');
  const data = await readPractice(['profiles'], 'rke');
  // The last version that has PodSecurityPolicies, which are objects of the cluster.
  const kubelet = { image: 'rancher/hyperkube:v1.24.17-rancher1' };
  const older = { common: { version: 'v1.24.17', containers: { kubelet } } };
  const cluster = data.ok ? labCluster(overlay(data.value, older)) : data;
  if (!profile || !benchmark || !cluster.ok) throw new Error('no practice');
  const store = createLabStore(cluster.value, { readYaml: parse });
  const onNodes: Question[] = [];
  const here: Question[] = [];
  const batches = new Map<string, number>();
  const noted = (target: Target, into: Question[]): Target => ({
    ...target,
    ask: (questions, options) => {
      into.push(...questions);
      batches.set(target.name, (batches.get(target.name) ?? 0) + 1);
      return target.ask(questions, options);
    },
  });
  const workstation: Target = {
    name: 'workstation',
    ask: async (questions) =>
      new Map(questions.map((q): [string, Answer] => [questionKey(q), { kind: 'absent' }])),
    perform: async () => {
      throw new Error('nothing is changed');
    },
    onLost: () => undefined,
    close: async () => undefined,
  };
  const events: Event[] = [];
  await check({
    profile,
    benchmark,
    level: 1,
    nodes: ['cp-1', 'worker-1'].map((name) => ({ name, host: name, port: 0, user: 'root' })),
    connector: {
      connect: async ({ name }) =>
        ok({ target: noted(createLabTarget(store, name), onNodes), privilege: 'root' }),
    },
    workstation: noted(workstation, here),
    forks: 2,
    answerer: async () => undefined,
    record: async (event) => void events.push(event),
  });
  const found = events.flatMap((e) => (e.kind === 'found' ? e.findings : []));
  const kind = (control: string, place: string) =>
    found.find((f) => f.control === control && f.place === place)?.verdict.kind;
  expect(kind('rke-scheduler-options', 'cp-1')).toBe('fail');
  expect(kind('rke-scheduler-options', 'worker-1')).toBe('not-applicable');
  expect(kind('rke-apiserver-options', 'cp-1')).toBe('pass');
  expect(kind('rke-pod-security-policies', 'cluster')).toBe('fail');
  expect(onNodes.some((q) => q.kind === 'object')).toBe(false);
  expect(here.some((q) => q.kind === 'object')).toBe(true);
  expect(here.some((q) => q.kind === 'container')).toBe(false);
  // Words that hang on the version cost a second batch at most.
  expect(Math.max(batches.get('cp-1') ?? 0, batches.get('worker-1') ?? 0)).toBeLessThanOrEqual(2);
  // No Rancher was named, so a person has to look.
  expect(kind('rancher-audit-log', 'rancher')).toBe('manual');
});
