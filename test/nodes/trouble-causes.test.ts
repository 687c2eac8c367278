// No node is booted here: that each cause is tried on one, or has its reason why not.
import { expect, it } from 'vitest';
import { shippedProfiles } from '../controls/practice.ts';
import { rkeServiceRows, rkeTrafficRows } from './rke-rows.ts';
import { serviceRows } from './service-rows.ts';
import { snapServiceRows, snapTrafficRows } from './snap-rows.ts';
import { policyRows, refusedRows, trafficRows } from './traffic-rows.ts';
import { dnsRows, sysctlRows } from './trouble-rows.ts';
import { unseenCauses } from './unseen-causes.ts';

const troubles = ['service-does-not-start', 'pods-are-refused', 'connections-break'].map(
  (name) => `trouble-${name}`,
);

/** Tried in troubles-service.test.ts, for it takes an earlier session. */
const ofSessions = ['our-changes'];

it('every cause of these troubles is tried on a booted node, or has its reason why not', async () => {
  const causes = (await shippedProfiles())
    .flatMap((profile) => profile.troubles ?? [])
    .filter(({ id }) => troubles.includes(id))
    .flatMap(({ items }) => items.map((item) => item.control));
  const rows = [
    ...[
      ...serviceRows,
      ...refusedRows,
      ...policyRows,
      ...trafficRows,
      ...snapServiceRows,
      ...snapTrafficRows,
    ],
    ...[...rkeServiceRows, ...rkeTrafficRows, ...sysctlRows, ...dnsRows],
  ];
  const tried = [...rows.filter((row) => row.verdict !== 'pass').map((row) => row.control), ...ofSessions];
  expect([...new Set(causes.filter((id) => !tried.includes(id)))].toSorted()).toEqual(
    Object.keys(unseenCauses).toSorted(),
  );
  expect(Object.keys(unseenCauses).filter((id) => tried.includes(id))).toEqual([]);
}, 60_000);
