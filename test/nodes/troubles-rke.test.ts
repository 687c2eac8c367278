// What only RKE suffers from, broken for real in containers of Debian's own docker.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { manifest } from '../support/nodes.ts';
import { nodesCapability } from './capability.ts';
import type { Cluster } from './cluster.ts';
import type { Machine } from './machine.ts';
import { bootDocker, containersOn, rkeUp, writeRkeSide } from './rke.ts';
import { madeLayers, rkePermissionRows, rkeServiceRows, rkeTrafficRows } from './rke-rows.ts';
import { healthyLog } from './service-rows.ts';
import { walkTrouble } from './trouble-walk.ts';

const capability = nodesCapability();
const version = 'v1.28.15-rancher1';

/** What only a person can say, what the journal does not reach back to, the cluster, for which this run has no kubectl, and its DNS, which is not there. */
const leftOpen = [
  'callers-have-credentials@cp-1 unknown',
  'tunnel-checksums@cp-1 manual',
  'kernel-whole@cp-1 unknown',
  'dns-answers@cp-1 fail',
  ...['images-pulled', 'metrics-answer', 'policies-that-hold', 'webhooks-answer'].map(
    (control) => `${control}@cluster unknown`,
  ),
];

async function stateOf(machine: Machine): Promise<string> {
  const values = await machine.must(
    'sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys',
  );
  // Whether a container runs is what a cure brings about, and no part of what is taken back.
  const containers = (await containersOn(machine)).map((line) => line.replace(/\] (running|exited) /, '] '));
  return [values, ...containers, await manifest(machine, '/var/log/pods')].join('\n');
}

describe.skipIf(!capability.ok)('troubles of RKE on real nodes', () => {
  let cluster: Cluster;
  let folder: string;
  let start: readonly string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'k8s-harden-rke-troubles-'));
    cluster = await bootDocker([{ name: 'cp-1', role: 'server' }], { version });
    await rkeUp(await writeRkeSide(cluster, folder, `${version}-1`));
    for (const machine of cluster.nodes)
      await machine.must(
        `mkdir -p /var/lib/rancher; ${healthyLog('shop_web-1_0/web', 'listening')}; ip route add unreachable 10.43.0.0/16; sysctl -qw net.ipv4.ip_forward=1; ${madeLayers}`,
      );
    start = await Promise.all(cluster.nodes.map(stateOf));
  });

  afterAll(async () => {
    await cluster?.close();
    await rm(folder, { recursive: true, force: true });
  });

  describe.each([
    ['trouble-service-does-not-start', rkeServiceRows, []],
    ['trouble-connections-break', rkeTrafficRows, leftOpen],
    ['trouble-permissions', rkePermissionRows, []],
  ] as const)('%s', (trouble, rows, open) =>
    walkTrouble(() => ({ cluster, stateOf, start }), trouble, rows, { distribution: 'rke', open }),
  );
});
