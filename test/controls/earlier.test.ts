import { expect, test } from 'vitest';
import { numbersOf, selectControls } from '../../src/domain/control.ts';
import { Practice, shippedProfiles } from './practice.ts';

const rke2 = (await shippedProfiles()).find((profile) => profile.distribution.id === 'rke2');

/** A server as RKE2 leaves it under the only profile that versions before 1.25 take. */
const hardened = (version: string) => ({
  common: {
    version,
    kernel: {
      'vm.overcommit_memory': 1,
      'vm.panic_on_oom': 0,
      'kernel.panic': 10,
      'kernel.panic_on_oops': 1,
    },
  },
  nodes: {
    'cp-1': {
      accounts: { etcd: { uid: 997, gid: 997, comment: 'etcd user', shell: '/sbin/nologin' } },
      groups: { etcd: 997 },
      files: {
        '/etc/rancher/rke2/config.yaml.d/10-profile.yaml': { text: 'profile: cis-1.6\n' },
      },
    },
  },
});

// The published tables say the same of RKE2 with its profile; of the modes, CIS 1.24 asks what RKE2 did not do yet.
const openModes = [
  ...['1', '3', '5', '7', '13', '15', '17', '20'].map((n) => `1.1.${n}`),
  ...['4.1.3', '4.1.5', '4.1.7'],
];

test.each([
  ['cis-1.23', 'v1.23.17+rke2r1', ['1.2.32', '4.2.13']],
  ['cis-1.24', 'v1.24.17+rke2r1', [...openModes, '4.2.13']],
] as const)(
  'what RKE2 leaves open of the numbered items of %s on a server with its profile',
  async (id, version, open) => {
    const benchmark = rke2?.benchmarks.find((b) => b.id === id);
    if (!rke2 || !benchmark) throw new Error(id);
    const practice = await Practice.open(rke2, hardened(version), 'cp-1');
    await practice.restart();
    const found: Record<string, readonly string[]> = {};
    for (const control of selectControls(rke2, benchmark, 2)) {
      const numbers = numbersOf(benchmark, control.id).filter((n) => /^\d/.test(n));
      if (control.target !== 'node' || numbers.length === 0) continue;
      const { verdict } = await practice.look(control);
      found[verdict.kind] = [...(found[verdict.kind] ?? []), ...numbers];
    }
    expect(found.unknown ?? []).toEqual([]);
    expect((found.fail ?? []).toSorted()).toEqual(open.toSorted());
  },
);
