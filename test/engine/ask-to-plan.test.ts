// What a change hangs on is asked in rounds of its own: never by a probe, and dear questions only once cheap ones let them.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Control, Profile } from '../../src/domain/control.ts';
import type { Target } from '../../src/domain/ports.ts';
import type { Question } from '../../src/domain/question.ts';
import { planControl } from '../../src/engine/plan.ts';
import { probe, probeToPlan } from '../../src/engine/probe.ts';
import { reviewControl } from '../../src/engine/review.ts';
import { show } from '../../src/engine/show.ts';
import { changeScript } from '../../src/transport/wire/change-script.ts';
import { undoScript } from '../../src/transport/wire/undo-script.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const options = { deadlineMs: 1000 };
let profile: Profile;
let check: Control;

beforeAll(async () => {
  profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2') as Profile;
  check = profile.checks?.find((c) => c.id === 'layers-whole') as Control;
});

/** The practice cluster of a case, and the programs that each batch of questions starts. */
async function opened(name: string): Promise<{ practice: Practice; target: Target; batches: string[][] }> {
  const { patch, place } = parse(readFileSync(`test/troubles/layers-whole/${name}.yaml`, 'utf8'));
  const practice = await Practice.open(profile, patch ?? {}, place);
  const batches: string[][] = [];
  const target: Target = {
    ...practice.target,
    name: practice.target.name,
    ask: (questions, opts) => {
      batches.push(questions.map(program));
      return practice.target.ask(questions, opts);
    },
  };
  return { practice, target, batches };
}

function program(question: Question): string {
  if (question.kind === 'object') return `get ${question.get.join(' ')}`;
  return question.kind === 'command' ? (question.words[0] ?? '').replace(/^.*\//, '') : question.kind;
}

/** What tells where the mirrors of registries are named comes with the images. */
function withoutConfig(batch: readonly string[]): readonly string[] {
  return batch.filter((each) => !['file', 'folder', 'unit'].includes(each));
}

test('a probe asks for the layers alone', async () => {
  const { practice, target, batches } = await opened('bad');
  await probe(target, [check], practice.place, options);
  expect(batches).toEqual([['stat', 'find', 'stat']]);
});

test('where the layers are whole, nothing more is asked to plan either', async () => {
  const { practice, target, batches } = await opened('good');
  await probeToPlan(target, check, practice.place, options);
  expect(batches).toHaveLength(1);
});

test('while the node is in service no store is measured and no registry asked', async () => {
  const { practice, target, batches } = await opened('bad-and-in-service');
  await probeToPlan(target, check, practice.place, options);
  expect(batches.slice(1)).toEqual([['get node worker-1']]);
});

test('out of service, room and images are asked, and then the registries that these lead to', async () => {
  const { practice, target, batches } = await opened('bad');
  const { answers } = await probeToPlan(target, check, practice.place, options);
  expect(batches.slice(1).map(withoutConfig)).toEqual([
    ['get node worker-1'],
    ['df', 'du', 'kubectl', 'stat', 'ls'],
    ['curl'],
  ]);
  expect(planControl(check, practice.place, answers)).toMatchObject({ kind: 'steps' });
});

test('where a registry does not answer, its mirror is asked, and then for the image', async () => {
  const { practice, target, batches } = await opened('bad-with-a-mirror');
  const { answers } = await probeToPlan(target, check, practice.place, options);
  expect(batches.slice(3).map(withoutConfig)).toEqual([['curl'], ['curl'], ['curl']]);
  // What the file of mirrors says beside them is for the node alone.
  expect(JSON.stringify(planControl(check, practice.place, answers))).not.toContain('practice-password');
});

test('a server saves a snapshot of etcd before anything is stopped; an agent has no etcd', async () => {
  const firstOf = async (name: string) => {
    const { practice, target } = await opened(name);
    const { answers } = await probeToPlan(target, check, practice.place, options);
    const plan = planControl(check, practice.place, answers);
    return plan.kind === 'steps' ? plan.steps[0] : plan;
  };
  expect(await firstOf('bad-on-a-server')).toMatchObject({
    words: ['rke2', 'etcd-snapshot', 'save', '--name', 'before-rebuild'],
  });
  expect(await firstOf('bad')).toMatchObject({ words: ['systemctl', 'stop', 'rke2-agent'] });
});

test('the plan for review asks the same', async () => {
  const { practice, target, batches } = await opened('bad');
  const discretion = { addSecret: () => {}, redact: (text: string) => text };
  const verdict = { kind: 'fail', found: '', wanted: '' } as const;
  const item = await reviewControl(target, check, practice.place, verdict, [], discretion);
  expect(item.does).toBe('steps');
  expect(batches.at(-1)).toEqual(['curl']);
});

test('what the operator answers for stands above the command, and in no script', async () => {
  const { practice, target } = await opened('bad-with-tarballs');
  const { answers } = await probeToPlan(target, check, practice.place, options);
  const plan = planControl(check, practice.place, answers);
  if (plan.kind !== 'steps') throw new Error(JSON.stringify(plan));
  const change = {
    id: 'c',
    session: 's',
    control: check.id,
    node: 'worker-1',
    via: 'worker-1',
    steps: plan.steps,
  };
  const shown = show(change, (text) => text);
  expect(shown.commands.slice(0, 3)).toEqual([
    expect.stringMatching(
      /^# By typing the name you answer for it: rke2-images\.linux-amd64\.tar\.zst in \S+ hold registry\.practice\.example\.org\/canal:3\./,
    ),
    expect.stringMatching(
      /^# The images come again from tarballs in \S+: registry\.practice\.example\.org\/canal:3\.$/,
    ),
    'systemctl stop rke2-agent',
  ]);
  expect(changeScript('0'.repeat(32), change) + undoScript(change)).not.toContain('canal');
});
