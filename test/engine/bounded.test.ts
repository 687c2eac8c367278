import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../src/engine/bounded.ts';

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

  it('has one under way whatever its limit', async () => {
    for (const limit of [0, -1, 1]) expect(await mapBounded([1, 2], limit, async (n) => n)).toEqual([1, 2]);
  });

  it('does nothing with nothing', async () => {
    expect(await mapBounded([], 4, async () => 1)).toEqual([]);
  });
});
