import { describe, expect, it } from 'vitest';
import { faultOf, isSign, lookForYourself, pointedAt, type Trouble } from '../../src/domain/trouble.ts';

const wanting = (...types: readonly string[]) => ({ wants: types.map((type) => ({ type, spec: {} })) });

describe('a sign', () => {
  it('is what only reads logs or tries, and nothing that could be cured', () => {
    expect([wanting('log'), wanting('lookup'), wanting('lookup', 'log')].map(isSign)).toEqual([
      true,
      true,
      true,
    ]);
    expect([wanting(), wanting('kernel'), wanting('log', 'kernel')].map(isSign)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('the name of a fault', () => {
  const of = (id: string, control: string, fault: string): Trouble => ({
    id,
    distribution: 'rke2',
    title: id,
    symptom: 'One sees it.',
    kubernetes: '>=0.0',
    items: [
      { number: '1', level: 1, control, lesson: { fault, asks: 'a', why: 'w', healthy: 'h', means: 'm' } },
    ],
  });
  const troubles = [
    of('first', 'a', 'one way'),
    of('second', 'a', 'another way'),
    of('third', 'b', 'b fails'),
  ];

  it('is that of the chosen trouble, else of any that has the check', () => {
    expect(faultOf(troubles, 'second', 'a')).toBe('another way');
    expect(faultOf(troubles, 'third', 'a')).toBe('one way');
    expect(faultOf(troubles, undefined, 'b')).toBe('b fails');
  });

  it('is unknown of what no trouble asks', () => {
    expect(faultOf(troubles, 'first', 'c')).toBeUndefined();
    expect(faultOf(undefined, 'first', 'a')).toBeUndefined();
  });
});

describe('where a line of a log points', () => {
  const trouble = (
    id: string,
    ...checks: readonly (readonly [control: string, sign: string])[]
  ): Trouble => ({
    id,
    distribution: 'rke2',
    title: id,
    symptom: 'One sees it.',
    kubernetes: '>=0.0',
    items: checks.map(([control, sign], i) => ({
      number: String(i + 1),
      level: 1,
      control,
      lesson: { fault: 'f', asks: 'a', why: 'w', healthy: 'h', means: 'm', signs: [sign] },
    })),
  });

  it('is the first trouble, and in it the first check, where several match as much', () => {
    const first = trouble('first', ['a', 'no such host'], ['b', 'no such .{4}']);
    const second = trouble('second', ['a', 'no such host'], ['c', 'no such host']);
    expect(pointedAt([first, second], 'x: no such host')).toEqual({ trouble: 'first', control: 'a' });
    expect(pointedAt([second, first], 'x: no such host')).toEqual({ trouble: 'second', control: 'a' });
  });

  it('is whatever matches more, wherever it stands, but never the trouble that has every check', () => {
    const all = trouble(lookForYourself, ['all', '.*']);
    const short = trouble('short', ['a', 'no such']);
    const long = trouble('long', ['b', 'NO SUCH HOST']);
    expect(pointedAt([all, short, long], 'x: no such host')).toEqual({ trouble: 'long', control: 'b' });
    expect(pointedAt([all, short, long], 'all is well')).toBeUndefined();
  });
});
