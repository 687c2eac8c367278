import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { findingKey } from '../../src/domain/session.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { createLabStore, type LabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { readPractice } from '../../src/profiles/index.ts';
import { createRun, type Run, walkToProbe } from '../support/run.ts';

const names = ['cp-1', 'cp-2', 'cp-3', 'worker-1'];
const servers = names.slice(0, 3);
const flag = 'kubelet-idle-timeout-short';
const file = '/var/snap/k8s/common/args/kubelet';
const unit = 'snap.k8s.kubelet';
const wait = (on: string): string =>
  `A restart is still due on ${on}, and argument files of control-plane nodes are changed on one node at a time.`;
const then = (on: string): string => `Restart it on ${on} first (Restarts screen), then go on here.`;

describe('argument files that somebody else restarts for, on several servers', () => {
  let store: LabStore;
  let run: Run;
  /** Servers whose changes are made without an answer. */
  const silent = new Set<string>();
  beforeEach(async () => {
    silent.clear();
    const data = await readPractice(['profiles'], 'canonical');
    const more = { nodes: { 'cp-3': { roles: ['server', 'etcd'] } } };
    const cluster = data.ok ? labCluster(overlay(data.value, more)) : data;
    if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
    store = createLabStore(cluster.value, { readYaml: parse });
    run = await createRun({
      connector: {
        connect: async ({ name }) => {
          const target = createLabTarget(store, name);
          const perform: Target['perform'] = async (deed, options) => {
            const report = await target.perform(deed, options);
            const failure = { code: 'link-lost', node: name, message: 'cut' } as const;
            return silent.has(name) && deed.kind === 'change'
              ? { kind: 'unknown', failure, output: [] }
              : report;
          };
          return ok({ target: { ...target, perform }, privilege: 'root' as const });
        },
      },
      nodes: names.map((name) => ({ name, host: name, port: 0, user: 'root' })),
    });
    await walkToProbe(run, 'hardening-guide', 1, 'canonical');
  });
  afterEach(() => run?.remove());

  const plan = async (control = flag): Promise<void> => {
    run.actions.plan(control);
    await run.idle();
  };
  const apply = async (places: readonly string[], control = flag): Promise<void> => {
    await plan(control);
    run.actions.apply(control, places);
    await run.idle();
  };
  const restart = async (...nodes: readonly string[]): Promise<void> => {
    run.actions.restart(nodes);
    await run.idle(60_000);
  };
  const undo = async (ids: readonly string[]): Promise<void> => {
    run.actions.undo(ids, false);
    await run.idle();
  };
  const planOf = (place: string, control = flag) => run.state().plans[findingKey(control, place)];
  const refused = (on: string) => ({ kind: 'refused', reason: wait(on), instead: then(on) });
  const written = (flagName = 'streaming-connection-idle-timeout') =>
    names.filter((name) => store.cluster().nodes[name]?.files[file]?.text?.includes(flagName));
  const due = () => run.state().session.restartsDue;
  const notice = () => run.state().view.notice?.text ?? '';
  const changes = () => run.state().session.changes.map((c) => c.change.id);
  const setPanic = (node: string, value: string, before: string) =>
    store.perform(node, {
      kind: 'change',
      change: {
        id: `panic-${value}`,
        session: 'somebody',
        control: 'x',
        node,
        via: node,
        steps: [{ kind: 'set-kernel', key: 'kernel.panic', value, before }],
      },
    });

  it('applied together, they stop after the first server, and no worker is held up', async () => {
    await plan();
    expect(names.map((name) => planOf(name)?.kind)).toEqual(names.map(() => 'ready'));
    await apply(names);
    expect(written()).toEqual(['cp-1', 'worker-1']);
    expect(due()).toEqual(['cp-1', 'worker-1']);
    expect(notice()).toContain(`Not on cp-2, cp-3: ${wait('cp-1')} ${then('cp-1')}`);
    expect(run.state().output).toContain(`cp-3: ${wait('cp-1')} ${then('cp-1')}`);
    // The screen works it out anew, and says so before anybody says yes again.
    expect(planOf('cp-2')).toBeUndefined();
  });

  it('the next server is refused until the restart of the first has ended healthy', async () => {
    await apply(['cp-2']);
    await plan();
    expect(servers.map((name) => planOf(name))).toMatchObject([
      refused('cp-2'),
      { kind: 'nothing' },
      refused('cp-2'),
    ]);
    expect(planOf('worker-1')?.kind).toBe('ready');
    await restart('cp-2');
    expect(due()).toEqual([]);
    await apply(['cp-3']);
    expect(written()).toEqual(['cp-2', 'cp-3']);
  }, 60_000);

  it('the server that waits for its restart may have more changes before it', async () => {
    await apply(['cp-1']);
    await apply(['cp-1'], 'scheduler-bind-address');
    expect(run.state().session.unitsDue).toEqual({ 'cp-1': [unit, 'snap.k8s.kube-scheduler'] });
    await plan('scheduler-bind-address');
    expect(planOf('cp-3', 'scheduler-bind-address')).toMatchObject(refused('cp-1'));
  });

  it('a worker that waits for its restart holds up no server', async () => {
    await apply(['worker-1']);
    await apply(['cp-1']);
    expect(written()).toEqual(['cp-1', 'worker-1']);
  });

  it('other files that a component reads hold nobody up, nor are they held up', async () => {
    await apply(['cp-1']);
    await apply(servers, 'audit-policy');
    expect(due()).toEqual(servers);
    await restart('cp-1');
    expect(due()).toEqual(['cp-2', 'cp-3']);
    await apply(['cp-2']);
    expect(written()).toEqual(['cp-1', 'cp-2']);
  }, 60_000);

  it('a server whose restart failed holds up the others, and is mended itself', async () => {
    await apply(servers, 'kernel-values');
    await apply(['cp-1'], 'kubelet-kernel-defaults');
    expect(setPanic('cp-1', '0', '10').kind).toBe('done');
    await restart('cp-1');
    expect(run.state().session.restarts.at(-1)?.outcome?.kind).toBe('crash-looping');
    await plan('kubelet-kernel-defaults');
    expect(planOf('cp-3', 'kubelet-kernel-defaults')).toMatchObject(refused('cp-1'));
    await undo(changes().slice(-1));
    expect(written('protect-kernel-defaults')).toEqual([]);
    await restart('cp-1');
    expect(due()).toEqual([]);
    await plan('kubelet-kernel-defaults');
    expect(planOf('cp-3', 'kubelet-kernel-defaults')?.kind).toBe('ready');
  }, 60_000);

  it('a server whose component is down already is mended, whatever another waits for', async () => {
    await apply(['cp-1']);
    expect(store.perform('cp-3', { kind: 'stop', unit }).kind).toBe('done');
    await plan();
    expect(planOf('cp-2')).toMatchObject(refused('cp-1'));
    expect(planOf('cp-3')?.kind).toBe('ready');
  });

  it('a change of another server with an unknown end is looked at first', async () => {
    silent.add('cp-1');
    await apply(servers);
    expect(written()).toEqual(['cp-1']);
    await plan();
    expect(planOf('cp-2')).toMatchObject({
      kind: 'refused',
      reason: 'A change of an argument file on cp-1 has an unknown end.',
      instead: expect.stringContaining('U shows it'),
    });
    run.actions.settle(changes()[0] ?? '');
    await run.idle();
    await plan();
    expect(planOf('cp-2')).toMatchObject(refused('cp-1'));
  });

  it('is taken back on one server, then, after its restart, on the next', async () => {
    for (const name of ['cp-1', 'cp-2']) {
      await apply([name]);
      await restart(name);
    }
    await apply(['worker-1']);
    await undo(changes());
    expect(written()).toEqual(['cp-1']);
    expect(notice()).toBe(`Undone: 2 changes. Not on cp-1: ${wait('cp-2')} ${then('cp-2')}`);
    await restart('cp-2');
    await undo(changes().slice(0, 1));
    expect(written()).toEqual([]);
  }, 60_000);

  it('what never came into force is taken back at any time', async () => {
    await apply(['cp-1']);
    await undo(changes());
    expect(written()).toEqual([]);
    expect(due()).toEqual(['cp-1']);
    await plan();
    expect(planOf('cp-2')).toMatchObject(refused('cp-1'));
  });
});
