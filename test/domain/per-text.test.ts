import { describe, expect, it } from 'vitest';
import { perText } from '../../src/domain/per-text.ts';

describe('what is remembered of a text', () => {
  const counting = () => {
    const asked: string[] = [];
    const f = perText((text) => {
      asked.push(text);
      return { length: text.length };
    });
    return { asked, f };
  };

  it('is the very same object for the same text, and another for another', () => {
    const { asked, f } = counting();
    const first = f('a = 1');
    expect(f(['a', '1'].join(' = '))).toBe(first);
    expect(f('a = 10')).toEqual({ length: 6 });
    expect(f('')).toEqual({ length: 0 });
    expect(f('')).toEqual({ length: 0 });
    expect(asked).toEqual(['a = 1', 'a = 10', '']);
  });

  it('is not kept of a text that is too much by itself, and puts nothing else out', () => {
    const { asked, f } = counting();
    const short = f('short');
    const long = 'a'.repeat(500_001);
    expect([f(long), f(long)]).toEqual([{ length: 500_001 }, { length: 500_001 }]);
    expect(f('short')).toBe(short);
    expect(asked).toHaveLength(3);
  });

  it('is forgotten when it becomes too much, and asked anew', () => {
    const { asked, f } = counting();
    const long = (sign: string) => sign.repeat(300_000);
    expect([f(long('a')), f(long('b')), f(long('b')), f(long('a'))]).toEqual(
      Array.from({ length: 4 }, () => ({ length: 300_000 })),
    );
    expect(asked.map((text) => text[0])).toEqual(['a', 'b', 'a']);
  });
});
