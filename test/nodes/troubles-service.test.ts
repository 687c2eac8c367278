// What keeps services from starting, pods from being made and connections from being answered, broken for real on booted nodes.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyOn, manifest, runOn, verdictIn } from '../support/nodes.ts';
import { walkToCauses, walkToProbe } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { type Dns, siteServer, startDns } from './dns.ts';
import type { Machine } from './machine.ts';
import { healthyLog, podLog, serviceRows } from './service-rows.ts';
import { policyRows, refusedRows, trafficRows } from './traffic-rows.ts';
import type { TroubleRow } from './trouble-rows.ts';
import { walkTrouble } from './trouble-walk.ts';

const capability = nodesCapability();

const units = ['nm-cloud-setup', 'firewalld', 'ufw'];

async function stateOf(machine: Machine): Promise<string> {
  const values = await machine.must(
    'sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys',
  );
  const shown = await machine.must(
    `systemctl show -p Id,LoadState,ActiveState,UnitFileState ${units.join(' ')}; find /var/log/pods /var/lib/rke2-standin/objects -printf '%p %y %m\\n' | sort`,
  );
  return [values, shown, await manifest(machine)].join('\n');
}

/** What only a person can say, and what the journal does not reach back to. */
const forPeople = [
  'callers-have-credentials@cp-1 manual',
  'tunnel-checksums@cp-1 manual',
  'kernel-whole@cp-1 unknown',
  'kernel-whole@w-1 unknown',
];

type Walk = readonly [trouble: string, rows: readonly TroubleRow[], open: readonly string[]];
const suites: readonly (readonly [version: string, walks: readonly Walk[]])[] = [
  [
    'v1.33.6+rke2r1',
    [
      ['trouble-service-does-not-start', serviceRows, []],
      ['trouble-pods-are-refused', refusedRows, []],
      ['trouble-connections-break', trafficRows, forPeople],
    ],
  ],
  ['v1.23.17+rke2r1', [['trouble-pods-are-refused', policyRows, []]]],
];

describe.skipIf(!capability.ok).each(suites)(
  'troubles of hardened services on nodes of %s',
  (version, walks) => {
    let cluster: Cluster;
    let dns: Dns;
    let start: readonly string[];

    beforeAll(async () => {
      cluster = await bootNodes({
        rke2: { version },
        nodes: [
          { name: 'cp-1', role: 'server' },
          { name: 'w-1', role: 'agent' },
        ],
      });
      dns = await startDns(cluster);
      for (const machine of cluster.nodes)
        await machine.must(
          `${healthyLog('shop_web-1_0/web', 'listening')}; echo nameserver ${siteServer(cluster)} > /etc/resolv.conf; sysctl -qw net.ipv4.ip_forward=1; systemctl restart rke2-${machine.role}`,
        );
      await cluster
        .node('cp-1')
        .must(healthyLog('kube-system_kube-apiserver-cp-1_0/kube-apiserver', 'Serving securely'));
      start = await Promise.all(cluster.nodes.map(stateOf));
    });

    afterAll(async () => {
      dns?.close();
      await cluster?.close();
    });

    describe.each(walks)('%s', (trouble, rows, open) =>
      walkTrouble(() => ({ cluster, dns, stateOf, start }), trouble, rows, { open }),
    );

    // Of what follows the version changes nothing.
    if (version !== 'v1.33.6+rke2r1') return;

    it('a journal that was removed leaves what is read there unknown, and a folder that was moved is still searched', async () => {
      const worker = cluster.node('w-1');
      const run = await runOn(cluster);
      try {
        await walkToCauses(run, 'trouble-connections-break');
        const quiet = ['devices-unmanaged', 'pod-addresses'];
        const look = async () => {
          run.actions.probe();
          await run.idle(60_000);
          return [...quiet, 'ingress-reaches-pods'].map((control) => verdictIn(run, control, 'w-1')?.kind);
        };
        expect(await look()).toEqual(['pass', 'pass', 'pass']);

        await worker.must('mv /var/log/journal /root/journal');
        try {
          expect(await look()).toEqual(['unknown', 'unknown', 'pass']);
          for (const control of quiet)
            expect(verdictIn(run, control, 'w-1')?.reason).toContain('whether this node keeps a journal');
        } finally {
          await worker.must('mv /root/journal /var/log/journal');
        }

        const moved = `mv /var/log/pods /srv/pods; ln -s /srv/pods /var/log/pods; ${podLog('kube-system_ingress-1_1/ingress', 'upstream timed out (110: Operation timed out) while reading')}`;
        await worker.must(moved);
        try {
          expect(await look()).toEqual(['pass', 'pass', 'fail']);
        } finally {
          await worker.must(
            'rm /var/log/pods; mv /srv/pods /var/log/pods; rm -r /var/log/pods/kube-system_ingress-1_1',
          );
        }
        expect(await look()).toEqual(['pass', 'pass', 'pass']);
      } finally {
        run.actions.quit('left');
        await run.remove();
      }
    });

    it('what an earlier session changed is shown, and put back by the script that it left', async () => {
      const worker = cluster.node('w-1');
      const before = await stateOf(worker);
      const earlier = await runOn(cluster);
      try {
        await walkToProbe(earlier, 'hardening-guide');
        await applyOn(earlier, 'kernel-values', ['w-1']);
        expect(verdictIn(earlier, 'kernel-values', 'w-1')).toMatchObject({ kind: 'pass' });
        expect(await stateOf(worker)).not.toBe(before);
      } finally {
        earlier.actions.quit('left');
        await earlier.remove();
      }

      const run = await runOn(cluster);
      try {
        await walkToCauses(run, 'trouble-service-does-not-start');
        expect(verdictIn(run, 'our-changes', 'cp-1')).toMatchObject({ kind: 'pass' });
        expect(verdictIn(run, 'our-changes', 'w-1')).toMatchObject({
          kind: 'manual',
          found: expect.stringContaining(`0001-kernel-values_at_w-1 of ${earlier.state().session.id}`),
        });
        await applyOn(run, 'our-changes', ['w-1']);
        expect(verdictIn(run, 'our-changes', 'w-1'), run.state().output.join('\n')).toMatchObject({
          kind: 'pass',
        });
        expect(await stateOf(worker)).toBe(before);
      } finally {
        run.actions.quit('left');
        await run.remove();
      }
    });
  },
);
