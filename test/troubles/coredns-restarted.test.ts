import { expect, test } from 'vitest';
import { controlOf } from '../../src/domain/control.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
const check = controlOf(profile, 'coredns-restarted');
if (!profile || !check) throw new Error('a control is gone');

test('pods of CoreDNS that are older than the resolver are for a person to judge, and can be made anew', async () => {
  const younger = await Practice.open(profile, {}, 'cp-1');
  expect((await younger.look(check)).verdict.kind).toBe('pass');

  const touched = { nodes: { 'cp-1': { files: { '/etc/resolv.conf': { modified: 1_710_000_000 } } } } };
  const practice = await Practice.open(profile, touched, 'cp-1');
  const { verdict, plan } = await practice.look(check);
  expect(verdict).toMatchObject({ kind: 'manual', found: expect.stringContaining('1 of 1 pods are older') });
  await practice.apply(check, plan);
  expect((await practice.look(check)).verdict.kind).toBe('pass');
});
