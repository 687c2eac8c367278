import { afterEach, describe, expect, it } from 'vitest';
import type { Connector, ConnectQuestion } from '../../src/domain/ports.ts';
import { openLab } from '../../src/run/lab.ts';
import { type Answering, createAnswering } from '../../src/store/answering.ts';
import { createDesk } from '../../src/store/desk.ts';
import type { Services } from '../../src/store/services.ts';
import { type AppStore, createAppStore } from '../../src/store/store.ts';
import { locate } from '../../src/ui/location.ts';
import { createRun } from '../support/run.ts';

const sudo = (node: string): ConnectQuestion => ({ kind: 'sudo-password', node, user: 'mara' });

describe('a question whose connection ended', () => {
  const set = (): { readonly store: AppStore; readonly answering: Answering } => {
    const store = createAppStore(0);
    const services = { now: () => 0, addSecret: () => {}, redact: (text: string) => text };
    return { store, answering: createAnswering(createDesk(store, services as unknown as Services)) };
  };
  const turns = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) await Promise.resolve();
  };

  it('leaves the screen, and whoever waited for its answer is told that there is none', async () => {
    const { store, answering } = set();
    const said = answering.forNode('cp-1')(sudo('cp-1'));
    await turns();
    expect(store.getState().asked).toEqual(sudo('cp-1'));
    expect(locate(store.getState())).toBe('asked');
    answering.settled('cp-1', false);
    expect(store.getState().asked).toBeUndefined();
    expect(locate(store.getState())).not.toBe('asked');
    expect(store.getState().view.notice?.text).toContain('The connection to cp-1 ended');
    expect(await said).toBeUndefined();
  });

  it('takes nothing else off the screen that lies over it', async () => {
    const { store, answering } = set();
    void answering.forNode('cp-1')(sudo('cp-1'));
    await turns();
    store.dispatchView({ kind: 'open', overlay: { kind: 'help' }, now: 0 });
    answering.settled('cp-1', false);
    expect(store.getState().asked).toBeUndefined();
    expect(locate(store.getState())).toBe('help');
    store.dispatchView({ kind: 'close', now: 0 });
    expect(locate(store.getState())).toBe('start');
  });

  it('is not asked any more where it waited for its turn, and holds up no other', async () => {
    const { store, answering } = set();
    const first = answering.forNode('cp-1')(sudo('cp-1'));
    const second = answering.forNode('cp-2')(sudo('cp-2'));
    const third = answering.forNode('cp-3')(sudo('cp-3'));
    await turns();
    answering.settled('cp-2', false);
    expect(await second).toBeUndefined();
    expect(store.getState().asked).toEqual(sudo('cp-1'));
    answering.settled('cp-1', false);
    expect(await first).toBeUndefined();
    await turns();
    expect(store.getState().asked).toEqual(sudo('cp-3'));
    answering.answer('open sesame');
    expect(await third).toBe('open sesame');
    expect(store.getState().asked).toBeUndefined();
  });
});

describe('a password that worked', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('is tried on the other nodes of its session, and on no node of the next', async () => {
    const lab = await openLab(() => {});
    if (!lab.ok) throw new Error('no lab');
    ends.push(lab.value.close);
    const { connector: inner, startNodes } = lab.value.services;
    const given: string[] = [];
    const connector: Connector = {
      connect: async (node, options) => {
        given.push(`${node.name} ${await options.answerer(sudo(node.name))}`);
        return inner.connect(node, options);
      },
    };
    const asked: string[] = [];
    const run = await createRun({
      connector,
      nodes: startNodes.slice(0, 2),
      answer: (question) => {
        if (question.kind === 'sudo-password') asked.push(question.node);
        return question.kind === 'host-key' ? 'yes' : `word ${asked.length}`;
      },
    });
    ends.push(run.remove);
    const session = async (before: string): Promise<string> => {
      run.actions.startSession({ readOnly: true });
      await run.until('the next', (s) => s.session.id !== before && s.session.step === 'distribution');
      await run.idle();
      run.actions.chooseDistribution('rke2');
      await run.until('the benchmark', (s) => s.session.step === 'benchmark');
      run.actions.connect();
      await run.idle();
      return run.state().session.id;
    };
    const first = await session('');
    expect(asked).toHaveLength(1);
    expect(given.map((g) => g.replace(/^\S+ /, ''))).toEqual(['word 1', 'word 1']);
    await session(first);
    expect(asked).toHaveLength(2);
    expect(given.slice(2).map((g) => g.replace(/^\S+ /, ''))).toEqual(['word 2', 'word 2']);
    run.actions.quit('left');
    await run.until('the end', (s) => s.session.ended !== undefined);
  });
});
