import { afterEach, describe, expect, it } from 'vitest';
import type { Failure } from '../../src/domain/failure.ts';
import type { Connector, Target } from '../../src/domain/ports.ts';
import { openLab } from '../../src/run/lab.ts';
import { createRun, type Run, walkToCauses } from '../support/run.ts';

/** The lab behind a connector that says which machines are connected, and that can be held up and broken. */
async function watchedLab() {
  const lab = await openLab(() => {});
  if (!lab.ok) throw new Error('no lab');
  const { services, close } = lab.value;
  const opened: string[] = [];
  const closed: string[] = [];
  const lost = new Map<string, (failure: Failure) => void>();
  let gate = Promise.resolve();
  const connector: Connector = {
    connect: async (node, options) => {
      const machine = `${node.name} ${node.port}`;
      opened.push(machine);
      await gate;
      const link = await services.connector.connect(node, options);
      if (!link.ok) return link;
      const target: Target = {
        ...link.value.target,
        onLost: (listener) => void lost.set(node.name, listener),
        close: async () => {
          closed.push(machine);
          await link.value.target.close();
        },
      };
      return { ok: true, value: { ...link.value, target } };
    },
  };
  return {
    connector,
    nodes: services.startNodes,
    opened,
    closed,
    lose: (node: string): void => lost.get(node)?.({ code: 'link-lost', node, message: 'cut' }),
    /** Until it is called, nothing is connected any more. */
    hold: (): (() => void) => {
      let open = (): void => {};
      gate = new Promise((resolve) => {
        open = resolve;
      });
      return open;
    },
    close,
  };
}

describe('connecting', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  const begin = async (count = 2) => {
    const lab = await watchedLab();
    ends.push(lab.close);
    const nodes = lab.nodes.slice(0, count);
    const run = await createRun({ connector: lab.connector, nodes, answer: () => 'yes' });
    ends.push(async () => {
      run.actions.quit('left');
      await run.until('the end', (s) => s.session.ended !== undefined);
      await run.remove();
    });
    return { lab, run, nodes };
  };
  const toNodes = async (run: Run): Promise<void> => {
    run.actions.startSession({ readOnly: false });
    await run.until('the first step', (s) => s.session.step === 'distribution' && s.work.length === 0);
    run.actions.chooseDistribution('rke2');
    await run.until('the benchmark', (s) => s.session.step === 'benchmark');
    run.actions.chooseBenchmark('cis-1.6', 1);
    await run.until('the nodes', (s) => s.session.step === 'nodes');
  };
  const notice = (run: Run): string => run.state().view.notice?.text ?? '';

  it('keeps no connection to a machine that the list no longer names', async () => {
    const { lab, run, nodes } = await begin(3);
    const [first, second, third] = nodes;
    if (!first || !second || !third) throw new Error('no nodes');
    await toNodes(run);
    // What was connected to is the old list: the new one is still on its way to the disk.
    const open = lab.hold();
    run.actions.setNodes('test', [{ ...second, name: first.name }, third]);
    run.actions.connect();
    await run.until('the new list', (s) => s.session.nodes.length === 2);
    open();
    await run.idle();
    const stale = [`${first.name} ${first.port}`, `${second.name} ${second.port}`];
    expect([...lab.closed].sort()).toEqual(stale.sort());
    const { session, progress } = run.state();
    expect(session.nodes.map((n) => [n.name, n.port, n.facts?.hostname])).toEqual([
      [first.name, second.port, undefined],
      [third.name, third.port, third.name],
    ]);
    expect(Object.keys(progress)).toEqual([third.name]);
    expect(notice(run)).not.toContain('Not connected');
    run.actions.connect();
    await run.idle();
    expect(run.state().session.nodes[0]?.facts?.hostname).toBe(second.name);
  });

  it('leaves the list as it is while the nodes on it are being connected', async () => {
    const { lab, run, nodes } = await begin();
    await toNodes(run);
    const open = lab.hold();
    run.actions.connect();
    run.actions.setNodes('test', nodes.slice(1));
    expect(notice(run)).toBe('Not yet: connecting is under way.');
    open();
    await run.idle();
    expect(run.state().session.nodes.map((n) => [n.name, n.facts?.hostname])).toEqual(
      nodes.map((n) => [n.name, n.name]),
    );
  });

  it('opens one connection to a node, however often it is asked to', async () => {
    const { lab, run, nodes } = await begin();
    await toNodes(run);
    run.actions.connect();
    run.actions.connect();
    expect(notice(run)).toBe('Not yet: connecting is under way.');
    await run.idle();
    expect(lab.opened).toHaveLength(nodes.length);
    expect(lab.closed).toEqual([]);
  });

  it('notices in a repair that a connection was lost, also after the words of its cluster were learnt', async () => {
    const { lab, run } = await begin();
    await walkToCauses(run, 'dns');
    lab.lose('cp-1');
    await run.until('the loss', (s) => s.session.nodes[0]?.failure !== undefined);
    const { session, progress } = run.state();
    expect(session.nodes[0]?.failure).toMatchObject({ code: 'link-lost', node: 'cp-1' });
    expect(progress['cp-1']).toMatchObject({ phase: 'failed' });
    run.actions.connect();
    await run.idle();
    expect(lab.opened.filter((machine) => machine.startsWith('cp-1 '))).toHaveLength(2);
  });

  it('uses a machine by one name only, until that is taken off the list', async () => {
    const { lab, run, nodes } = await begin();
    const [first, second] = nodes;
    if (!first || !second) throw new Error('no nodes');
    await toNodes(run);
    const also = { ...first, name: 'also' };
    run.actions.setNodes('test', [first, second, also]);
    await run.until('the list', (s) => s.session.nodes.length === 3);
    // One after the other, so that it is known which comes first.
    for (const { name } of [first, second, also]) {
      run.actions.connect(name);
      await run.idle();
    }
    const found = () => run.state().session.nodes.find((n) => n.name === 'also');
    const failure = { code: 'same-machine', node: 'also', other: first.name };
    expect(found()?.failure).toMatchObject(failure);
    expect(found()?.facts).toBeUndefined();
    expect(run.state().progress.also).toMatchObject({ phase: 'failed', failure });
    expect(lab.closed).toEqual([`also ${first.port}`]);
    run.actions.takeOver('also');
    await run.idle();
    expect(notice(run)).toBe('also is not connected.');

    run.actions.setNodes('test', [second, also]);
    await run.until('the list', (s) => s.session.nodes.length === 2);
    run.actions.connect('also');
    await run.idle();
    expect(found()?.failure).toBeUndefined();
    expect(found()?.facts?.hostname).toBe(first.name);
  });
});
