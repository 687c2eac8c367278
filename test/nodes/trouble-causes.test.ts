// No node is booted here: that each cause is tried on one, or has its reason why not.
import { expect, it } from 'vitest';
import { shippedProfiles } from '../controls/practice.ts';
import { rkePermissionRows, rkeServiceRows, rkeTrafficRows } from './rke-rows.ts';
import { serviceRows } from './service-rows.ts';
import { snapDnsRows, snapServiceRows, snapTrafficRows } from './snap-rows.ts';
import { policyRows, refusedRows, trafficRows } from './traffic-rows.ts';
import { dnsRows, sysctlRows } from './trouble-rows.ts';
import { unseenCauses } from './unseen-causes.ts';

/** Tried in troubles-service.test.ts, for it takes an earlier session. */
const ofSessions = ['our-changes'];

/** Tried in troubles-permissions.test.ts, one after the other, for each needs what the one before left. */
const ofPermissions = [
  'layers-whole',
  'nodes-out-of-service-empty',
  'nodes-in-service',
  'snapshots-out-of-reach',
  'pod-folders-out-of-reach',
];

it('every cause of every trouble is tried on a booted node, or has its reason why not', async () => {
  const causes = (await shippedProfiles())
    .flatMap((profile) => profile.troubles ?? [])
    .flatMap(({ items }) => items.map((item) => item.control));
  const rows = [
    [serviceRows, refusedRows, policyRows, trafficRows, sysctlRows, dnsRows],
    [snapServiceRows, snapTrafficRows, snapDnsRows],
    [rkeServiceRows, rkeTrafficRows, rkePermissionRows],
  ].flat(2);
  const tried = [
    ...rows.filter((row) => row.verdict !== 'pass').map((row) => row.control),
    ...ofSessions,
    ...ofPermissions,
  ];
  expect([...new Set(causes.filter((id) => !tried.includes(id)))].toSorted()).toEqual(
    Object.keys(unseenCauses).toSorted(),
  );
  expect(Object.keys(unseenCauses).filter((id) => tried.includes(id))).toEqual([]);
});
