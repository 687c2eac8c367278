import { describe, expect, it } from 'vitest';
import { createPlaces } from '../../src/transport/bounded.ts';
import { startDeadline } from '../../src/transport/deadline.ts';
import { createShared, holding } from '../../src/transport/shared.ts';

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
