import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ok } from '../../src/domain/failure.ts';
import type { Target } from '../../src/domain/ports.ts';
import { questionKey } from '../../src/domain/question.ts';
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
  /** What the API server says of its health, where that is not the lab's own answer. */
  let said: string | undefined;
  beforeEach(async () => {
    silent.clear();
    said = undefined;
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
          const ask: Target['ask'] = async (questions, options) => {
            const answers = await target.ask(questions, options);
            const text = said;
            const health = questions.filter((q) => q.kind === 'command' && q.words.includes('--raw'));
            return text === undefined
              ? answers
              : new Map([
                  ...answers,
                  ...health.map((q) => [questionKey(q), { kind: 'said', text }] as const),
                ]);
          };
          return ok({ target: { ...target, ask, perform }, privilege: 'root' as const });
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

  describe('while the cluster is not whole', () => {
    const before =
      'Once an argument file differs, its component may restart by itself, so the cluster must be whole before:';
    const ill = `${before} cp-3 is not Ready; restarting another server now could lose the quorum of etcd.`;
    const first = 'Put that right first, then ask again.';
    /** The API answers, and says that etcd is not well. */
    const etcdIsIll = (): void => {
      said = '[+]ping ok\n[-]etcd failed: reason withheld\nreadyz check failed\n';
    };

    it('nothing is written on a server or a worker, and the sentence is that of a restart', async () => {
      await plan();
      expect(store.perform('cp-3', { kind: 'stop', unit }).kind).toBe('done');
      run.actions.apply(flag, ['cp-1', 'worker-1']);
      await run.idle();
      expect(written()).toEqual([]);
      expect(notice()).toBe(`Not on cp-1, worker-1: ${ill} ${first}`);
      await plan();
      expect(planOf('cp-1')).toEqual({
        kind: 'refused',
        control: flag,
        place: 'cp-1',
        reason: ill,
        instead: first,
      });
    });

    it('what is down on a server itself is mended all the same', async () => {
      expect(store.perform('cp-3', { kind: 'stop', unit }).kind).toBe('done');
      await apply(['cp-3']);
      expect(written()).toEqual(['cp-3']);
    });

    it('an etcd that the API calls ill refuses it, too', async () => {
      etcdIsIll();
      await plan();
      expect(planOf('cp-2')).toMatchObject({
        kind: 'refused',
        reason: `${before} The API server is not whole: [-]etcd failed: reason withheld.`,
      });
    });

    it('files that nobody restarts for are written', async () => {
      etcdIsIll();
      await apply(['cp-1'], 'audit-policy');
      expect(changes()).toHaveLength(1);
    });

    it('a change in force is taken back when the API is not whole, but not when another server is ill', async () => {
      await apply(['cp-1']);
      await restart('cp-1');
      expect(store.perform('cp-3', { kind: 'stop', unit }).kind).toBe('done');
      await undo(changes());
      expect(notice()).toBe(
        `Undone: 0 changes. Not on cp-1: cp-1: ${ill} ${first}`.replace('cp-1: cp-1', 'cp-1'),
      );
      expect(written()).toEqual(['cp-1']);
      expect(store.perform('cp-3', { kind: 'start', unit }).kind).toBe('done');
      etcdIsIll();
      await undo(changes());
      expect(written()).toEqual([]);
    }, 60_000);
  });
});
