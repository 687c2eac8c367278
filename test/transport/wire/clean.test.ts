import { describe, expect, it } from 'vitest';
import { cleanText, lastLine, oneLine } from '../../../src/transport/wire/clean.ts';

const cases: readonly (readonly [string, string, string])[] = [
  ['colour', 'a \u001b[1;31mred\u001b[0m b', 'a red b'],
  ['window title', '\u001b]0;owned\u0007after', 'after'],
  ['clipboard write', '\u001b]52;c;ZXZpbA==\u001b\\after', 'after'],
  ['title without an end', 'before\u001b]0;owned\nnext', 'before\nnext'],
  ['device control', 'a\u001bP1$r0m\u001b\\b', 'ab'],
  ['one-byte sequences', 'a\u009b31mb\u009d0;x\u009cc', 'abc'],
  ['cut off', 'a\u001b', 'a'],
  ['cut off in a sequence', 'a\u001b[12', 'a'],
  ['charset', 'a\u001b(0b', 'ab'],
  ['keypad', '\u001b=a\u001b>', 'a'],
  ['backspace, bell, return', 'pass\b\b\b\bfail\u0007\r\n', 'passfail\n'],
  ['reading direction', 'a\u202eb\u2066c\u200f', 'abc'],
  ['line separators', 'a\u2028b\u2029c\u0085d', 'abcd'],
  ['tabs', 'a\tb\n12345678\tc', 'a       b\n12345678        c'],
  ['half a character', 'a\ud800b', 'a\ufffdb'],
  ['ordinary text', 'é✓ 漢字 \u{1f600}', 'é✓ 漢字 \u{1f600}'],
];

describe('cleanText', () => {
  it.each(cases)('%s', (_, text, wanted) => {
    expect(cleanText(text)).toBe(wanted);
  });

  it('lets nothing a terminal would act on through, whatever comes', () => {
    const parts = [
      '\u001b',
      '[',
      ']',
      'P',
      '0;',
      '31m',
      '\u0007',
      '\\',
      '\n',
      '\t',
      'a',
      '\u009b',
      '\u009c',
      '\u0090',
    ];
    const more = [
      '\u202e',
      '\r',
      '\b',
      '\0',
      ' ',
      '?25l',
      'é',
      '\u{1f600}',
      '\ud83d',
      '(',
      'X',
      '^',
      '_',
      '~',
      '\u007f',
    ];
    const all = [...parts, ...more];
    let state = 11;
    const next = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state;
    };
    for (let run = 0; run < 20_000; run += 1) {
      const text = Array.from({ length: next() % 14 }, () => all[(next() >>> 8) % all.length]).join('');
      const clean = cleanText(text);
      expect(clean).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(cleanText(clean)).toBe(clean);
      expect(clean.split('\n').length).toBe(text.split('\n').length);
    }
  });

  it('is quick on a long sequence that never ends', () => {
    const text = `${'\u001b]'.repeat(50_000)}${'\u001b[1;'.repeat(50_000)}`;
    const before = performance.now();
    expect(cleanText(text)).not.toContain('\u001b');
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('messages', () => {
  it('are the last line that says something', () => {
    expect(lastLine('first\n\u001b[31mthe reason\u001b[0m\n\n')).toBe('the reason');
    expect(lastLine('\n\n')).toBe('');
  });

  it('are one line where a line is wanted', () => {
    expect(oneLine('a\n rm -rf /\t b')).toBe('a rm -rf / b');
  });
});
