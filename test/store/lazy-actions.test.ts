import { describe, expect, it } from 'vitest';
import type { Actions } from '../../src/store/actions.ts';
import { lazyActions } from '../../src/store/lazy-actions.ts';

describe('actions that are loaded late', () => {
  it('do everything that was asked meanwhile, in its order, and load once', async () => {
    const calls: (readonly unknown[])[] = [];
    const real = {
      startSession: (options: unknown) => calls.push(['startSession', options]),
      chooseDistribution: (id: string) => calls.push(['chooseDistribution', id]),
      quit: (why: string) => calls.push(['quit', why]),
    } as unknown as Actions;
    let loads = 0;
    let arrive: (actions: Actions) => void = () => {};
    const { actions, prepare } = lazyActions(() => {
      loads += 1;
      return new Promise((resolve) => {
        arrive = resolve;
      });
    });
    actions.startSession({ readOnly: true });
    actions.chooseDistribution('rke2');
    const ready = prepare();
    expect(calls).toEqual([]);
    arrive(real);
    await ready;
    actions.quit('left');
    await prepare();
    expect(calls).toEqual([
      ['startSession', { readOnly: true }],
      ['chooseDistribution', 'rke2'],
      ['quit', 'left'],
    ]);
    expect(loads).toBe(1);
  });

  it('can be copied like the real ones', () => {
    const { actions } = lazyActions(() => new Promise(() => {}));
    expect(Object.keys({ ...actions })).toContain('apply');
  });
});
