// What hardening breaks, broken for real on booted nodes: found, cured, proved, and put back to the broken start.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe } from 'vitest';
import { manifest } from '../support/nodes.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { type Dns, siteServer, startDns } from './dns.ts';
import type { Machine } from './machine.ts';
import { dnsRows, sysctlRows, type TroubleRow } from './trouble-rows.ts';
import { walkTrouble } from './trouble-walk.ts';

const capability = nodesCapability();
const bridged = existsSync('/proc/sys/net/bridge');
const rows = (all: readonly TroubleRow[]) =>
  all.filter((row) => bridged || !row.control.startsWith('bridge-'));
if (!bridged) console.warn('LEFT OUT: what goes through a bridge: br_netfilter is not in this kernel');

/** As Debian's own unit of it: what it wrote stays when it is stopped. */
const resolved = `[Service]
RuntimeDirectory=systemd/resolve
RuntimeDirectoryPreserve=yes
ExecStart=/bin/sh -c 'echo "nameserver 127.0.0.53" > /run/systemd/resolve/stub-resolv.conf; cp /root/resolv.conf /run/systemd/resolve/resolv.conf; exec sleep infinity'
ExecStartPost=/bin/sh -c 'until [ -s /run/systemd/resolve/resolv.conf ]; do sleep 0.02; done'
[Install]
WantedBy=multi-user.target
`;

describe.skipIf(!capability.ok)('troubles on real nodes', () => {
  let cluster: Cluster;
  let dns: Dns;
  let start: readonly string[];

  const kernel = (machine: Machine) =>
    machine.must("sysctl -a --pattern '^net\\.(ipv4\\.(ip_forward|conf)|ipv6\\.conf|bridge)' 2>/dev/null");
  const units = (machine: Machine) =>
    machine.must('systemctl show -p LoadState,ActiveState,UnitFileState systemd-resolved');
  const stateOf = async (machine: Machine): Promise<string> =>
    [await kernel(machine), await units(machine), await manifest(machine)].join('\n');

  beforeAll(async () => {
    cluster = await bootNodes({
      nodes: [
        { name: 'cp-1', role: 'server' },
        { name: 'w-1', role: 'agent' },
      ],
    });
    for (const machine of cluster.nodes) {
      await machine.must('cat > /usr/local/lib/systemd/system/systemd-resolved.service', resolved);
      await machine.must(
        'cat > /root/resolv.conf; cp -p /root/resolv.conf /etc/; mkdir -p /run/NetworkManager; cp /root/resolv.conf /run/NetworkManager/',
        `nameserver ${siteServer(cluster)}\n`,
      );
      await machine.must(
        `systemctl daemon-reload; sysctl -qw net.ipv4.ip_forward=1; systemctl restart rke2-${machine.role === 'server' ? 'server' : 'agent'}`,
      );
    }
    dns = await startDns(cluster);
    start = await Promise.all(cluster.nodes.map(stateOf));
  });

  afterAll(async () => {
    dns?.close();
    await cluster?.close();
  });

  describe.each([
    ['trouble-sysctl', rows(sysctlRows)],
    ['trouble-dns', rows(dnsRows)],
  ] as const)('%s', (trouble, own) => walkTrouble(() => ({ cluster, dns, stateOf, start }), trouble, own));
});
