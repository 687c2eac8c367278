import { expect, it } from 'vitest';
import { learnWords } from '../../src/engine/learn.ts';
import { Practice, shippedProfiles } from '../controls/practice.ts';

const rke2 = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
if (!rke2) throw new Error('no rke2');
const patience = { deadlineMs: 1000 };

it('takes the addresses of the DNS from the objects of the cluster', async () => {
  const { target, place } = await Practice.open(rke2, {}, 'cp-1');
  expect(await learnWords(target, place, patience)).toEqual({
    'dns-service': '10.43.0.10',
    'dns-pods': '10.42.3.7',
  });
});

it('learns nothing where the API server does not answer, so that the words keep their defaults', async () => {
  const stopped = { units: { 'rke2-server': { active: 'failed' } } };
  const patch = { nodes: { 'cp-1': stopped, 'cp-2': stopped, 'cp-3': stopped } };
  const { target, place } = await Practice.open(rke2, patch, 'cp-1');
  expect(await learnWords(target, place, patience)).toEqual({});
  expect(place.words['dns-service']).toBe('10.43.0.10');
});
