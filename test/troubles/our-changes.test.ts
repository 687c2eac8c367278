import { expect, test } from 'vitest';
import { controlOf } from '../../src/domain/control.ts';
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

test('it ends every trouble, of every distribution', async () => {
  for (const { troubles = [] } of await shippedProfiles())
    for (const { id, items } of troubles) expect(items.at(-1)?.control, id).toBe('our-changes');
});
