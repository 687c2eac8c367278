import { afterAll, beforeAll, expect, it } from 'vitest';
import { findingKey, standing } from '../../src/domain/session.ts';
import { runOn, verdictIn } from '../support/nodes.ts';
import { type Run, walkToCauses } from '../support/run.ts';
import type { Cluster } from './cluster.ts';
import type { Dns } from './dns.ts';
import type { Machine } from './machine.ts';
import { nextSecond } from './real-case.ts';
import type { TroubleRow } from './trouble-rows.ts';

/** The booted nodes on which troubles are tried, as they are while healthy. */
type Ground = {
  readonly cluster: Cluster;
  readonly dns?: Dns;
  /** Everything that an undo must bring back. */
  readonly stateOf: (machine: Machine) => Promise<string>;
  /** What `stateOf` says of each node while it is healthy. */
  readonly start: readonly string[];
};

/** Registers the tests of one trouble: a healthy cluster is left alone; each row is found, cured, proved and put back. */
export function walkTrouble(
  ground: () => Ground,
  trouble: string,
  rows: readonly TroubleRow[],
  {
    distribution = 'rke2',
    open = [],
  }: {
    readonly distribution?: string;
    /** What is neither pass nor not applicable on healthy nodes, as `control@place verdict`. */
    readonly open?: readonly string[];
  } = {},
): void {
  let run: Run;
  let healthy: ReadonlyMap<string, string>;

  const verdicts = (): ReadonlyMap<string, string> =>
    new Map(
      Object.values(run.state().session.findings).map((f) => [`${f.control}@${f.place}`, f.verdict.kind]),
    );
  const look = async (): Promise<ReadonlyMap<string, string>> => {
    run.actions.probe();
    await run.idle(60_000);
    return verdicts();
  };
  const changed = (now: ReadonlyMap<string, string>): readonly string[] =>
    [...now].filter(([key, kind]) => healthy.get(key) !== kind).map((pair) => pair.join(' '));
  const told = () => run.state().output.join('\n');
  const states = () => Promise.all(ground().cluster.nodes.map(ground().stateOf));

  beforeAll(async () => {
    run = await runOn(ground().cluster);
    await walkToCauses(run, trouble, distribution);
    healthy = verdicts();
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
    const left = [...healthy].filter(([, kind]) => kind !== 'pass' && kind !== 'not-applicable');
    expect(left.map((pair) => pair.join(' ')).toSorted()).toEqual(open.toSorted());
    for (const key of healthy.keys()) {
      const [control = '', place = ''] = key.split('@');
      const kind = (await plan(control, place))?.kind ?? 'nothing';
      const isOpen = open.some((one) => one.startsWith(`${key} `));
      expect(['nothing', ...(isOpen ? ['refused'] : [])], key).toContain(kind);
    }
    expect(await states()).toEqual(ground().start);
  });

  it.each(rows.map((row) => [row.title, row] as const))(
    '%s',
    async (_, row) => {
      const { cluster, dns, stateOf } = ground();
      const machine = cluster.node(row.node === 'cluster' ? 'cp-1' : row.node);
      if (row.spoil) await machine.must(row.spoil);
      await dns?.behave(row.dns ?? {});
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
        if (row.proof) await machine.must(row.proof);
        if (row.once) return;

        run.actions.undo(
          standing(run.state().session).map((c) => c.change.id),
          false,
        );
        await run.idle(60_000);
        expect(run.state().session.changes.at(-1)?.undo?.outcome, told()).toEqual({ kind: 'done' });
        if (row.restart) await machine.must(restartOf(machine, distribution));
        expect(await stateOf(machine)).toBe(broken);
      } finally {
        await dns?.behave({});
        if (row.mend) await machine.must(row.mend);
      }
    },
    60_000,
  );

  it('is as healthy in the end as it was, and nothing is left', async () => {
    expect(changed(await look())).toEqual([]);
    expect(await states()).toEqual(ground().start);
  });
}

/** As often as the rows ask for it: so many starts in so short a time are no failing service. */
function restartOf({ role }: Machine, distribution: string): string {
  const unit = distribution !== 'rke2' ? "'snap.k8s.*'" : `rke2-${role}`;
  return `systemctl reset-failed ${unit}; systemctl restart ${unit}`;
}
