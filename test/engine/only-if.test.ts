// A check that matters only where something asks for it: elsewhere it is no cause, and where that is not known it is no verdict.
import { describe, expect, test } from 'vitest';
import type { Control, Profile } from '../../src/domain/control.ts';
import { questionKey } from '../../src/domain/question.ts';
import { planControl } from '../../src/engine/plan.ts';
import { judge, probeToPlan, questionsOf } from '../../src/engine/probe.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2') as Profile;
const check = profile.checks?.find((c) => c.id === 'insisted-kernel-values') as Control;
const config = '/etc/rancher/rke2/config.yaml.d/50-site.yaml';
const insisting = (node: string, kernel: object = {}) => ({
  nodes: { [node]: { kernel, files: { [config]: { text: 'protect-kernel-defaults: true\n' } } } },
});

describe('kernel values that are wrong', () => {
  test('are no cause where nothing insists on them, and are not changed there', async () => {
    const practice = await Practice.open(profile, {}, 'cp-1');
    const { verdict, plan } = await practice.look(check);
    expect(verdict).toMatchObject({ kind: 'not-applicable', reason: 'nothing on cp-1 asks for it' });
    expect(plan).toMatchObject({ kind: 'refused' });
  });

  test('are a cause where something does', async () => {
    const practice = await Practice.open(profile, insisting('cp-1'), 'cp-1');
    const { verdict, plan } = await practice.look(check);
    expect([verdict.kind, plan.kind]).toEqual(['fail', 'steps']);
  });
});

describe('where it is not known whether anything insists', () => {
  async function looked(node: string) {
    const practice = await Practice.open(profile, insisting(node), node);
    const { answers } = await probeToPlan(practice.target, check, practice.place, { deadlineMs: 1000 });
    const lost = questionsOf([check], practice.place).filter((q) => q.kind === 'file');
    expect(lost.length).toBeGreaterThan(0);
    const without = new Map(answers);
    for (const question of lost)
      without.set(questionKey(question), { kind: 'lost', reason: 'the link dropped' });
    return {
      verdict: judge(check, practice.place, without),
      plan: planControl(check, practice.place, without),
    };
  }

  test('wrong values are unknown, and nothing is changed', async () => {
    const { verdict, plan } = await looked('cp-1');
    expect(verdict).toMatchObject({ kind: 'unknown' });
    expect(verdict.reason).toContain('whether anything asks for it is not known');
    expect(plan.kind).toBe('refused');
  });

  test('right values pass, for nothing can be wrong with them', async () => {
    expect((await looked('worker-1')).verdict.kind).toBe('pass');
  });
});
