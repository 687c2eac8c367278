// What only Canonical Kubernetes suffers from, or says by itself, broken for real on booted nodes.
import { afterAll, beforeAll, describe } from 'vitest';
import { manifest } from '../support/nodes.ts';
import { bootCanonical } from './canonical.ts';
import { nodesCapability } from './capability.ts';
import type { Cluster } from './cluster.ts';
import type { Machine } from './machine.ts';
import { healthyLog } from './service-rows.ts';
import { snapDnsRows, snapServiceRows, snapTrafficRows } from './snap-rows.ts';
import { walkTrouble } from './trouble-walk.ts';

const capability = nodesCapability();

/** The DNS that the stand-in does not have, what the journal does not reach back to, and what only a person can say. */
const on = (control: string): readonly string[] =>
  ['cp-1', 'w-1'].map((node) => `${control}@${node} unknown`);
const withoutDns = on('dns-answers');
const forPeople = ['callers-have-credentials@cp-1 manual', 'tunnel-checksums@cp-1 manual'];

async function stateOf(machine: Machine): Promise<string> {
  const values = await machine.must(
    'sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys',
  );
  return [values, await manifest(machine, '/var/snap /var/log/pods')].join('\n');
}

describe.skipIf(!capability.ok)('troubles of Canonical Kubernetes on real nodes', () => {
  let cluster: Cluster;
  let start: readonly string[];

  beforeAll(async () => {
    cluster = await bootCanonical([
      { name: 'cp-1', role: 'server' },
      { name: 'w-1', role: 'agent' },
    ]);
    for (const machine of cluster.nodes)
      await machine.must(
        `mkdir -p /var/lib/rancher; ${healthyLog('shop_web-1_0/web', 'listening')}; sysctl -qw net.ipv4.ip_forward=1; echo nameserver 192.0.2.53 > /etc/resolv.conf; ip route add unreachable 192.0.2.53`,
      );
    start = await Promise.all(cluster.nodes.map(stateOf));
  });

  afterAll(() => cluster?.close());

  describe.each([
    ['trouble-service-does-not-start', snapServiceRows, []],
    ['trouble-connections-break', snapTrafficRows, [...withoutDns, ...on('kernel-whole'), ...forPeople]],
    ['trouble-dns', snapDnsRows, withoutDns],
  ] as const)('%s', (trouble, rows, open) =>
    walkTrouble(() => ({ cluster, stateOf, start }), trouble, rows, { distribution: 'canonical', open }),
  );
});
