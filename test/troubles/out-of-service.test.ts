import { expect, test } from 'vitest';
import { controlOf } from '../../src/domain/control.ts';
import { brokenPractice } from '../../src/lab/broken.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
const empty = controlOf(profile, 'nodes-out-of-service-empty');
const inService = controlOf(profile, 'nodes-in-service');
if (!profile || !empty || !inService) throw new Error('a control is gone');

test('a node out of service is emptied, its pods run elsewhere, and it is put back into service', async () => {
  const data = await readPractice(['profiles'], 'rke2');
  if (!data.ok) throw new Error(JSON.stringify(data.failure));
  const { broken } = data.value as { broken: Record<string, { patch: unknown }> };
  expect(brokenPractice(data.value, 'damaged-store').ok).toBe(true);
  const practice = await Practice.open(profile, broken['damaged-store']?.patch, 'cp-1');

  const { verdict, plan } = await practice.look(empty);
  expect(verdict.found).toBe('worker-2 still runs shop/cart-5c9b8f7d66-tq2wz, shop/disk-report-0');
  await practice.apply(empty, plan);
  expect((await practice.look(empty)).verdict).toMatchObject({
    kind: 'pass',
    found: expect.stringContaining('empty'),
  });

  const back = await practice.look(inService);
  expect(back.verdict.kind).toBe('fail');
  const change = await practice.apply(inService, back.plan);
  expect((await practice.look(inService)).verdict.kind).toBe('pass');
  await practice.undo(change);
  expect((await practice.look(inService)).verdict.kind).toBe('fail');
});
