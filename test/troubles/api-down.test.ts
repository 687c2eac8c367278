// With every API server down, the nodes themselves still tell the cause; what only the API knows is unknown and never a pass.
import { expect, test } from 'vitest';
import { controlOf, type Profile } from '../../src/domain/control.ts';
import type { Finding } from '../../src/domain/event.ts';
import { brokenPractice } from '../../src/lab/broken.ts';
import { overlay } from '../../src/lab/cluster.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { foundOn } from './found.ts';

const down = {
  units: { 'rke2-server': { active: 'failed', enabled: 'enabled', pid: 0, since: 0, result: 'exit-code' } },
};

async function foundWhileDown(name: string): Promise<readonly [Profile, readonly Finding[]]> {
  const profile = (await shippedProfiles()).find((p) => p.distribution.id === 'rke2');
  const data = await readPractice(['profiles'], 'rke2');
  const broken = data.ok ? brokenPractice(data.value, name) : data;
  if (!profile || !broken.ok) throw new Error(JSON.stringify(broken));
  const nodes = Object.fromEntries(['cp-1', 'cp-2', 'cp-3'].map((node) => [node, down]));
  return [profile, await foundOn(profile, overlay(broken.value, { nodes }))];
}

const kindsAt = (found: readonly Finding[], control: string): readonly string[] =>
  found.filter((f) => f.control === control && f.verdict.kind === 'fail').map((f) => f.place);

test.each([
  ['kernel-values', 'insisted-kernel-values', 'worker-2'],
  ['no-etcd-account', 'etcd-account-there', 'cp-3'],
  ['unknown-flag', 'api-server-flags', 'cp-2'],
  ['no-programs', 'programs-may-run', 'worker-2'],
  ['host-firewall', 'no-firewalld', 'worker-1'],
])('broken as %s, %s is found on %s', async (name, control, place) => {
  const [, found] = await foundWhileDown(name);
  expect(kindsAt(found, control)).toEqual([place]);
});

test('what only the API server could say is unknown', async () => {
  const [profile, found] = await foundWhileDown('refused-pods');
  const ofCluster = found.filter((f) => controlOf(profile, f.control)?.target === 'cluster');
  expect(ofCluster.map((f) => f.control)).toEqual(
    expect.arrayContaining(['pods-within-policies', 'dns-let-in']),
  );
  const said = ofCluster.filter((f) => !['unknown', 'not-applicable'].includes(f.verdict.kind));
  expect(said).toEqual([]);
  expect(ofCluster.find((f) => f.control === 'pods-within-policies')?.verdict.kind).toBe('unknown');
});
