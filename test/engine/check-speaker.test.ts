import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Answer } from '../../src/domain/answer.ts';
import type { Control } from '../../src/domain/control.ts';
import type { Event, Finding } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { type Question, questionKey } from '../../src/domain/question.ts';
import { check } from '../../src/engine/check.ts';
import { labCluster } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { control as filled } from '../support/profile.ts';

const lost = (questions: readonly Question[]) =>
  new Map(
    questions.map((q): [string, Answer] => [questionKey(q), { kind: 'lost', reason: 'the link broke' }]),
  );

/** A server whose words were not those that were thought, so that the cluster is asked in a batch of its own, and that is lost by then. */
function lostInSecondBatch(target: Target): Target {
  let batches = 0;
  return {
    ...target,
    ask: async (questions, options) => {
      if (batches++ > 0) return lost(questions);
      const objects = new Set(questions.filter((q) => q.kind === 'object').map(questionKey));
      const answers = await target.ask(questions, options);
      return new Map([...answers].filter(([key]) => !objects.has(key)));
    },
  };
}

const here: Target = {
  name: 'workstation',
  ask: async (questions) => lost(questions),
  perform: async () => {
    throw new Error('nothing is changed');
  },
  onLost: () => undefined,
  close: async () => undefined,
};

/** A check of these nodes of the practice cluster, of which the first speaks and is lost. */
async function checked(names: readonly string[], more: readonly Control[] = [], forks = 2) {
  const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
  const rke2 = loaded.ok ? loaded.value.find((p) => p.distribution.id === 'rke2') : undefined;
  const data = await readPractice(['profiles'], 'rke2');
  const cluster = data.ok ? labCluster(data.value) : data;
  const [first] = rke2?.benchmarks ?? [];
  if (!rke2 || !first || !cluster.ok) throw new Error('no practice');
  const items = more.map((c) => ({ number: c.id, level: 1 as const, control: c.id }));
  const benchmark = { ...first, items: [...first.items, ...items] };
  const profile = { ...rke2, controls: [...rke2.controls, ...more] };
  const store = createLabStore(cluster.value, { readYaml: parse });
  const events: Event[] = [];
  const open = new Set<string>();
  /** The nodes that were connected when the last one was reached. */
  let atLast: readonly string[] = [];
  const done = check({
    profile,
    benchmark,
    level: 1,
    nodes: names.map((name) => ({ name, host: name, port: 0, user: 'root', role: 'server' as const })),
    connector: {
      connect: async ({ name }) => {
        atLast = [...open];
        open.add(name);
        const target: Target = {
          ...createLabTarget(store, name),
          close: async () => void open.delete(name),
        };
        return ok({ target: name === names[0] ? lostInSecondBatch(target) : target, privilege: 'root' });
      },
    },
    workstation: here,
    forks,
    answerer: async () => undefined,
    record: async (event) => void events.push(event),
  });
  const error = await done.then(
    async ({ closed }) => void (await closed),
    (e: unknown) => String(e),
  );
  const found = events
    .flatMap((e): (readonly Finding[])[] => (e.kind === 'found' ? [e.findings] : []))
    .filter((findings) => findings[0]?.place === 'cluster');
  return { found, open: [...open], atLast, error };
}

it('another server speaks for the cluster when the speaker is lost before it was asked for it', async () => {
  const { found, open } = await checked(['cp-1', 'cp-2']);
  expect(found).toHaveLength(1);
  expect(found[0]?.some((f) => f.verdict.kind === 'fail')).toBe(true);
  expect(found[0]?.filter((f) => f.verdict.kind === 'unknown')).toEqual([]);
  expect(open).toEqual([]);
});

it('a cluster for which nobody else speaks is unknown, with the reason', async () => {
  const { found, open } = await checked(['cp-1']);
  expect(found).toHaveLength(1);
  expect(found[0]?.filter((f) => f.verdict.kind === 'pass' || f.verdict.kind === 'fail')).toEqual([]);
  expect(found[0]?.some((f) => f.verdict.reason?.includes('the link broke'))).toBe(true);
  expect(open).toEqual([]);
});

it('a check that fails leaves no connection open', async () => {
  const wants = [{ type: 'no-such-type', spec: {} }] as unknown as Control['wants'];
  const { open, error } = await checked(['cp-1', 'cp-2'], [filled('here', { target: 'rancher', wants })]);
  expect(error).toContain('no resource type');
  expect(open).toEqual([]);
});

it('of the other servers one alone stays connected until the cluster was asked', async () => {
  const { found, open, atLast } = await checked(['cp-1', 'cp-2', 'cp-3', 'worker-1'], [], 1);
  expect(atLast).toEqual(['cp-1', 'cp-2']);
  expect(found[0]?.some((f) => f.verdict.kind === 'fail')).toBe(true);
  expect(open).toEqual([]);
});
