import { expect, test } from 'vitest';
import { controlOf } from '../../src/domain/control.ts';
import { word } from '../../src/domain/failure.ts';
import type { Change } from '../../src/domain/step.ts';
import { outcomeWords } from '../../src/report/words.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
const check = controlOf(profile, 'our-changes');
const values = controlOf(profile, 'kernel-values');
const account = controlOf(profile, 'etcd-account');
if (!profile || !check || !values || !account) throw new Error('a control is gone');

test('what earlier sessions changed is listed, and put back by the scripts they left, the newest first', async () => {
  const practice = await Practice.open(profile, {}, 'cp-1');
  expect((await practice.look(check)).verdict).toMatchObject({ kind: 'pass' });
  const before = practice.state();
  for (const control of [values, account]) {
    const { plan } = await practice.look(control);
    await practice.apply(control, plan);
  }

  const { verdict, plan } = await practice.look(check);
  expect(verdict).toMatchObject({ kind: 'manual', found: 'change-2 of test, change-1 of test' });
  expect(plan).toMatchObject({
    kind: 'steps',
    restarts: true,
    steps: [
      { kind: 'run', words: ['sh', '/var/lib/k8s-harden/test/change-2/undo.sh'] },
      { kind: 'run', words: ['sh', '/var/lib/k8s-harden/test/change-1/undo.sh'] },
    ],
  });

  await practice.apply({ ...check, id: 'our-changes' }, plan);
  expect(practice.state()).toEqual(before);
  // This one is named otherwise than a session would name it, so it is told of itself.
  expect((await practice.look(check)).verdict).toMatchObject({ found: 'change-3 of test' });
  expect((await practice.look(values)).verdict.kind).toBe('fail');
});

test('a script that stops for somebody’s edit leaves what the scripts before it did, and that is said', async () => {
  const practice = await Practice.open(profile, {}, 'cp-1');
  for (const control of [values, account]) await practice.apply(control, (await practice.look(control)).plan);
  const { plan } = await practice.look(check);
  const change = { session: 'test', control: 'x', node: 'cp-1', via: 'cp-1' } as const;
  const edit = { kind: 'set-kernel', key: 'kernel.panic', before: '10', value: '5' } as const;
  const perform = (id: string, steps: Change['steps']) =>
    practice.target.perform({ kind: 'change', change: { ...change, id, steps } }, { deadlineMs: 1000 });
  expect(await perform('edit', [edit])).toMatchObject({ kind: 'done' });

  const report = await perform('back', plan.kind === 'steps' ? plan.steps : []);

  expect(report).toMatchObject({
    kind: 'put-back',
    failure: { code: 'change-failed', stays: 'sh /var/lib/k8s-harden/test/change-2/undo.sh' },
  });
  const said = report.kind === 'put-back' ? report.failure : undefined;
  expect(said && word(said)).toEqual({
    sentence:
      'The change on cp-1 failed: kernel.panic was changed by somebody since, so that change was not taken back.',
    hint: 'What these commands did before stays, for nothing takes it back: sh /var/lib/k8s-harden/test/change-2/undo.sh. All else was put back; look at what is there now, then apply it again for the rest.',
  });
  expect(said && outcomeWords({ kind: 'put-back', failure: said })).toMatch(
    /^failed, and put back but for what stays \(sh \/var/,
  );
  expect((await practice.look(account)).verdict.kind).toBe('fail');
  expect((await practice.look(check)).verdict).toMatchObject({
    found: expect.stringContaining('change-1 of test'),
  });
});

test('it ends every trouble, of every distribution', async () => {
  for (const { troubles = [] } of await shippedProfiles())
    for (const { id, items } of troubles) expect(items.at(-1)?.control, id).toBe('our-changes');
});
