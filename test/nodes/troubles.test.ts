// What hardening breaks, broken for real on booted nodes: found, cured, proved, and put back to the broken start.
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import { manifest, runOn, verdictIn } from '../support/nodes.ts';
import type { Run } from '../support/run.ts';
import { nodesCapability } from './capability.ts';
import { bootNodes, type Cluster } from './cluster.ts';
import { type Dns, siteServer, startDns } from './dns.ts';
import type { Machine } from './machine.ts';
import { nextSecond } from './real-case.ts';
import { again, dnsRows, sysctlRows, type TroubleRow } from './trouble-rows.ts';

const capability = nodesCapability();
const bridged = existsSync('/proc/sys/net/bridge');
const rows = (all: readonly TroubleRow[]) =>
  all.filter((row) => bridged || !row.control.startsWith('bridge-')).map((row) => [row.title, row] as const);
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
  }, 60_000);

  afterAll(async () => {
    dns?.close();
    await cluster?.close();
  });

  describe.each([
    ['trouble-sysctl', rows(sysctlRows)],
    ['trouble-dns', rows(dnsRows)],
  ] as const)('%s', (trouble, own) => {
    let run: Run;
    let healthy: ReadonlyMap<string, string>;

    const look = async (): Promise<ReadonlyMap<string, string>> => {
      run.actions.probe();
      await run.idle(60_000);
      const findings = Object.values(run.state().session.findings);
      return new Map(findings.map((f) => [`${f.control}@${f.place}`, f.verdict.kind]));
    };
    const changed = (now: ReadonlyMap<string, string>): readonly string[] =>
      [...now].filter(([key, kind]) => healthy.get(key) !== kind).map((pair) => pair.join(' '));
    const told = () => run.state().output.join('\n');

    beforeAll(async () => {
      run = await runOn(cluster);
      run.actions.startSession({ readOnly: false, purpose: 'repair' });
      await run.until('distribution', (s) => s.session.step === 'distribution');
      run.actions.chooseDistribution('rke2');
      await run.until('symptom', (s) => s.session.step === 'benchmark');
      run.actions.chooseTrouble(trouble);
      await run.until('nodes', (s) => s.session.step === 'nodes' && s.session.nodes.length > 0);
      run.actions.connect();
      await run.idle();
      healthy = await look();
    }, 60_000);

    afterAll(async () => {
      run?.actions.quit('left');
      await run?.remove();
    });

    const plan = async (control: string, node: string) => {
      run.actions.plan(control);
      await run.idle();
      return run.state().plans[findingKey(control, node)];
    };

    it('leaves a healthy cluster alone', async () => {
      const open = [...healthy].filter(([, kind]) => kind !== 'pass' && kind !== 'not-applicable');
      expect(open).toEqual([]);
      for (const key of healthy.keys()) {
        const [control = '', place = ''] = key.split('@');
        expect((await plan(control, place))?.kind ?? 'nothing', key).toBe('nothing');
      }
      expect(await Promise.all(cluster.nodes.map(stateOf))).toEqual(start);
    });

    it.each(own)(
      '%s',
      async (_, row) => {
        const machine = cluster.node(row.node === 'cluster' ? 'cp-1' : row.node);
        if (row.spoil) await machine.must(row.spoil);
        await dns.behave(row.dns ?? {});
        if (row.restart) await nextSecond(machine);
        try {
          const broken = await stateOf(machine);
          const own = row.verdict === 'pass' ? [] : [`${row.control}@${row.node} ${row.verdict ?? 'fail'}`];
          const expected = [...own, ...(row.also ?? [])];
          expect(changed(await look()).toSorted()).toEqual(expected.toSorted());
          const found = verdictIn(run, row.control, row.node);
          expect(`${found?.found} ${found?.reason ?? ''}`).toContain(row.found);

          if (row.verdict === 'pass') return;
          const planned = await plan(row.control, row.node);
          expect(planned, JSON.stringify(planned)).toMatchObject(
            row.refused
              ? {
                  kind: 'refused',
                  reason: expect.stringContaining(row.refused),
                  instead: row.instead ? expect.stringContaining(row.instead) : expect.stringMatching(/\S/),
                }
              : { kind: 'ready' },
          );
          if (row.refused) return expect(await stateOf(machine)).toBe(broken);

          run.actions.apply(row.control, [row.node]);
          await run.idle(60_000);
          const after = row.restart ? 'pending-restart' : 'pass';
          expect(verdictIn(run, row.control, row.node), told()).toMatchObject({ kind: after });
          if (row.restart) {
            run.actions.restart([row.node]);
            await run.idle(60_000);
          }
          if (row.boot) await machine.must(row.boot);
          run.actions.probeControl(row.control);
          await run.idle();
          expect(verdictIn(run, row.control, row.node), told()).toMatchObject({ kind: 'pass' });
          if (row.once) return;

          run.actions.undo(
            standing(run.state().session).map((c) => c.change.id),
            false,
          );
          await run.idle(60_000);
          expect(run.state().session.changes.at(-1)?.undo?.outcome, told()).toEqual({ kind: 'done' });
          if (row.restart) await machine.must(again);
          expect(await stateOf(machine)).toBe(broken);
        } finally {
          await dns.behave({});
          if (row.mend) await machine.must(row.mend);
        }
      },
      60_000,
    );

    it('is as healthy in the end as it was, and nothing is left', async () => {
      expect(changed(await look())).toEqual([]);
      expect(await Promise.all(cluster.nodes.map(stateOf))).toEqual(start);
    });
  });
});
