// All wants of a control are planned together: what one of them asks for must not get lost among the others.
import { expect, test } from 'vitest';
import type { Want } from '../../src/domain/control.ts';
import type { Step } from '../../src/domain/step.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';
import { control } from '../ui/fixture.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
if (!profile) throw new Error('there is no profile of rke2');
const practice = await Practice.open(
  profile,
  { nodes: { 'cp-1': { kernel: { 'kernel.panic': 0 } } } },
  'cp-1',
);

const restarting: Want = { type: 'setting', spec: { key: 'selinux', value: 'true' } };
const kernel = (key: string, file: string): Want => ({
  type: 'kernel',
  spec: { key, value: '7', file: `/etc/sysctl.d/${file}.conf` },
});

async function planned(...wants: readonly Want[]) {
  const { plan } = await practice.look(control(0, { target: 'node', roles: ['server'], wants }));
  if (plan.kind !== 'steps') throw new Error(JSON.stringify(plan));
  return plan;
}

test('one want that needs a restart makes the whole change need it, whichever comes last', async () => {
  const other = kernel('kernel.panic', '98-a');
  expect((await planned(restarting)).restarts).toBe(true);
  expect((await planned(other)).restarts).toBe(false);
  expect((await planned(restarting, other)).restarts).toBe(true);
  expect((await planned(other, restarting)).restarts).toBe(true);
});

test('every file is written before any kernel value is set, so that what was set holds at the next boot', async () => {
  const { steps } = await planned(kernel('kernel.panic', '98-a'), kernel('kernel.panic_on_oops', '99-b'));
  const told = (step: Step) => ('path' in step ? step.path : 'key' in step ? step.key : step.kind);
  expect(steps.map(told)).toEqual([
    '/etc/sysctl.d/98-a.conf',
    '/etc/sysctl.d/99-b.conf',
    'kernel.panic',
    'kernel.panic_on_oops',
  ]);
});
