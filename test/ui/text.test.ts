import { describe, expect, it } from 'vitest';
import { rangeWords } from '../../src/domain/version.ts';
import { ends, labelled, line, lineWidth, span } from '../../src/ui/line.ts';
import { clean, cut, padTo, width, wrap } from '../../src/ui/text.ts';
import { age, someOf } from '../../src/ui/words.ts';

describe('text', () => {
  it.each([
    ['\u001b]52;c;ZXZpbA==\u0007after', 'after'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['a\rb\bc\td', 'abc  d'],
    ['\u009b2Jx', '2Jx'],
    ['safe\u202egnp.exe', 'safegnp.exe'],
    ['\u001bP1$r0m\u001b\\x', 'x'],
    ['plain', 'plain'],
    ['höst-節', 'höst-節'],
  ])('cleans %j', (dirty, safe) => {
    expect(clean(dirty)).toBe(safe);
  });

  it('lets no control character through, whatever comes', () => {
    let seed = 3;
    for (let i = 0; i < 500; i++) {
      const text = Array.from({ length: 40 }, () => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
        return String.fromCharCode(seed % 0x2100);
      }).join('');
      expect(clean(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
  });

  it('knows how many columns a text takes', () => {
    expect(width('abc')).toBe(3);
    expect(width('節点')).toBe(4);
    expect(width('e\u0301')).toBe(1);
    expect(width('✔ ✖ ⚠ ❯ ─ █ ░ ↻ › ·')).toBe(19);
  });

  it('cuts and fills to exact columns, never inside a character', () => {
    for (const text of ['', 'abc', 'a long name of a node', '節点節点節点節点', 'é'.repeat(30)]) {
      for (const columns of [1, 2, 3, 4, 7, 12]) {
        expect(width(cut(text, columns))).toBeLessThanOrEqual(columns);
        expect(width(padTo(text, columns))).toBe(columns);
      }
    }
    expect(cut('abcdef', 5)).toBe('abc..');
  });

  it('wraps without losing a character', () => {
    for (const text of [
      'one two three four',
      'averylongwordthatdoesnotfit at all',
      '  two blanks first',
      '節点節点 節点',
    ]) {
      for (const columns of [4, 7, 10, 40]) {
        const lines = wrap(text, columns);
        for (const l of lines) expect(width(l)).toBeLessThanOrEqual(columns);
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }
    }
  });

  it('keeps both ends of a line, the left giving way', () => {
    const both = ends(line(span('a rather long left side')), line(span('right')), 20);
    expect(lineWidth(both)).toBe(20);
    expect(both.map((s) => s.text).join('')).toMatch(/^a rather.*right$/);
  });

  it('marks what it leaves out once', () => {
    const [, last] = labelled('Why', 'word '.repeat(60), 60, 2);
    expect(last?.map((s) => s.text).join('')).toMatch(/word \.\.$|wor\.\.$|[a-z]\.\.$/);
    expect(last?.map((s) => s.text).join('')).not.toMatch(/\.\. \.\./);
  });
});

describe('words', () => {
  it('names a few and counts the rest', () => {
    expect(someOf([])).toBe('none');
    expect(someOf(['a', 'b'])).toBe('a and b');
    expect(someOf(['a', 'b', 'c', 'd'])).toBe('a, b and 2 more');
  });

  it('says how long ago', () => {
    const at = '2026-03-02T12:00:00Z';
    const now = Date.parse(at);
    expect(age(at, now + 5_000)).toBe('just now');
    expect(age(at, now + 720_000)).toBe('12 min ago');
    expect(age(at, now + 7_200_000)).toBe('2 h ago');
    expect(age(at, now + 200_000_000)).toBe('2 days ago');
    expect(age(at, now - 5_000)).toBe('12:00');
  });

  it('says a range of versions in words', () => {
    expect(rangeWords('>=1.21 <1.24')).toBe('1.21 to 1.23');
    expect(rangeWords('>=1.30.14 <1.31 || >=1.33')).toBe('from 1.30.14, before 1.31; or 1.33 and newer');
  });
});
