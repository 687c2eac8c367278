import { describe, expect, it } from 'vitest';
import { createPlaces, mapBounded } from '../../src/transport/bounded.ts';
import { startDeadline } from '../../src/transport/deadline.ts';
import { createShared, holding } from '../../src/transport/shared.ts';

describe('bounded work', () => {
  it('keeps the order of the items, and never has more than its limit under way', async () => {
    let now = 0;
    let most = 0;
    const items = Array.from({ length: 50 }, (_, n) => n);
    const results = await mapBounded(items, 7, async (n) => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setImmediate(resolve));
      now--;
      return n * 2;
    });
    expect(results).toEqual(items.map((n) => n * 2));
    expect(most).toBe(7);
  });

  it('is not held up by one that takes long', async () => {
    let free = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      free = resolve;
    });
    const done: number[] = [];
    const all = mapBounded([0, 1, 2, 3, 4], 2, async (n) => {
      if (n === 0) await stuck;
      done.push(n);
      if (done.length === 4) free();
    });
    await all;
    expect(done).toEqual([1, 2, 3, 4, 0]);
  });

  it('does nothing with nothing', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});

describe('places', () => {
  it('are given in turn, given back once, and not given to those who left', async () => {
    const places = createPlaces(1);
    const patient = new AbortController().signal;
    const first = await places.take(patient);
    const leaving = new AbortController();
    const second = places.take(leaving.signal);
    const third = places.take(patient);
    leaving.abort();
    expect(await second).toBeUndefined();
    first?.();
    first?.();
    expect(await third).toBeTypeOf('function');
    const gone = new AbortController();
    const fourth = places.take(gone.signal);
    gone.abort();
    expect(await fourth).toBeUndefined();
  });
});

describe('a deadline', () => {
  it('stands still while a person is asked', async () => {
    const deadline = startDeadline(60);
    const ask = holding(
      deadline,
      (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve('yes'), ms)),
    );
    expect(await ask(150)).toBe('yes');
    expect(deadline.signal.aborted).toBe(false);
    await new Promise<void>((resolve) => deadline.signal.addEventListener('abort', () => resolve()));
    expect(deadline.signal.reason).toBe('deadline');
  });

  it('says when it was called off from outside', () => {
    const outer = new AbortController();
    const deadline = startDeadline(60_000, outer.signal);
    outer.abort();
    expect(deadline.signal.reason).toBe('cancelled');
    deadline.cancel();
  });
});

describe('shared work', () => {
  const clock = () => {
    const counted = { held: 0, pause: () => void counted.held++, resume: () => void counted.held-- };
    return counted;
  };

  it('is done once, and holds the clocks of all who wait, early and late', async () => {
    const shared = createShared<string>(() => true);
    const [a, b] = [clock(), clock()];
    let made = 0;
    let answer = (): void => undefined;
    const make = async (waiting: { pause: () => void; resume: () => void }): Promise<string> => {
      made++;
      await holding(
        waiting,
        () =>
          new Promise<void>((resolve) => {
            answer = resolve;
          }),
      )(undefined);
      expect([a.held, b.held]).toEqual([0, 0]);
      return 'link';
    };
    const first = shared.get('key', a, make);
    const second = shared.get('key', b, make);
    expect([a.held, b.held]).toEqual([1, 1]);
    answer();
    expect(await Promise.all([first, second])).toEqual(['link', 'link']);
    expect(made).toBe(1);
    expect([a.held, b.held]).toEqual([0, 0]);
  });

  it('that failed is not kept', async () => {
    const shared = createShared<number>((value) => value > 0);
    expect(await shared.get('key', clock(), async () => -1)).toBe(-1);
    expect(await shared.get('key', clock(), async () => 2)).toBe(2);
    expect(await shared.get('key', clock(), async () => 3)).toBe(2);
    shared.forget('key');
    expect(await shared.get('key', clock(), async () => 4)).toBe(4);
  });
});
