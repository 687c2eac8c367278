import { describe, expect, it } from 'vitest';

type Built = { readonly LazySegmenter: typeof Intl.Segmenter; readonly narrow: string };

// The build's own files are JavaScript without types.
const built = '../../bin/segmenter.js';
const { LazySegmenter, narrow } = (await import(built)) as Built;

const lone = new RegExp(narrow.slice(1, -1));
const every = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

describe('the segmenter of the build', () => {
  it('takes for narrow only what the package measures as one column', async () => {
    const path = '../../node_modules/string-width/index.js';
    const { default: stringWidth } = (await import(path)) as { default: (text: string) => number };
    const wrong = every.filter((c) => lone.test(c) && stringWidth(c) !== 1);
    expect(every.filter((c) => lone.test(c)).length).toBeGreaterThan(900);
    expect(wrong).toEqual([]);
  });

  it('cuts as the real one does, whatever stands beside what', () => {
    const lazy = new LazySegmenter(undefined, { granularity: 'grapheme' });
    const near = [
      ...'a─❯✔é',
      '\n',
      '\r',
      '\x1b',
      '\0',
      '\u00ad',
      '\u0301',
      '\u200d',
      '\ufe0f',
      '\u1100',
      '\u0600',
      '⚠',
      '👩',
    ];
    for (const before of [...every.filter((c) => lone.test(c)), ...near]) {
      for (const after of near) {
        const text = before + after;
        expect([...lazy.segment(text)], JSON.stringify(text)).toEqual([...real.segment(text)]);
      }
    }
  });

  it('finds the character at a place as the real one does', () => {
    const lazy = new LazySegmenter(undefined, { granularity: 'grapheme' });
    for (const text of ['', 'a─b', 'a👩‍💻b'])
      for (const at of [undefined, -1, 0, 1, 2, 9])
        expect(lazy.segment(text).containing(at)).toEqual(real.segment(text).containing(at));
  });

  it('leaves words to the real one', () => {
    const options = { granularity: 'word' } as const;
    const words = [...new LazySegmenter(undefined, options).segment('two words')].map((s) => s.segment);
    expect(words).toEqual(['two', ' ', 'words']);
  });
});
