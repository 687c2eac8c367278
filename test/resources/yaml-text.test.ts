import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseYaml } from '../../src/resources/yaml-text.ts';

/** What the package itself says of a text, with its own look at every pair of keys. */
function packageSays(text: string): string | undefined {
  const [bad] = parseAllDocuments(text, { merge: true, logLevel: 'error' }).flatMap((d) => d.errors);
  return bad && `it:${bad.linePos?.[0].line} is not YAML: ${bad.message.split(' at line ')[0]}`;
}

function weSay(text: string): string | undefined {
  const read = parseYaml(text, 'it');
  return read.known ? undefined : read.reason;
}

describe('a key that comes twice', () => {
  it.each([
    ['at the top', 'a: 1\nb: 2\na: 3\n', 3],
    ['in a map of a list', 'x:\n  - a: 1\n    "a": 2\n', 3],
    ['in a flow map', 'x: {a: 1,\n  b: 2, a: 3}\n', 2],
    ['in a map that is a key', '? {a: 1, a: 2}\n: 1\n', 1],
    ['as a number written in two ways', '1: a\n0x1: b\n', 2],
  ])('%s is no YAML, with its line', (_, text, line) => {
    expect(weSay(text)).toBe(`it:${line} is not YAML: Map keys must be unique`);
    expect(packageSays(text)).toBe(weSay(text));
  });

  it.each([
    ['in two maps', 'a: {x: 1}\nb: {x: 1}\n'],
    ['as a number and as a text', '1: a\n"1": b\n'],
    ['to merge two maps', 'a: &a {x: 1}\nb: &b {y: 1}\nc:\n  <<: *a\n  <<: *b\n'],
    ['that is no scalar', '? [a]\n: 1\n? [a]\n: 2\n'],
  ])('%s is one', (_, text) => {
    expect([weSay(text), packageSays(text)]).toEqual([undefined, undefined]);
  });

  it('is found as the package finds it, in texts of all kinds', () => {
    let seed = 7;
    const pick = (all: readonly string[]): string => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return all[Math.floor((seed / 2147483648) * all.length)] ?? '';
    };
    const keys = ['a', '"a"', 'b', '1', '"1"', 'null', '~', 'true', '? a\n', 'c d'];
    const values = [
      '1',
      '{a: 1, b: 2}',
      '{a: 1, a: 2}',
      '[a, {b: 1, b: 2}]',
      '\n  a: 1\n  b: 2',
      '\n  b: 1\n  b: 2',
    ];
    let bad = 0;
    for (let n = 0; n < 400; n += 1) {
      const lines = Array.from({ length: 2 }, () => `${pick(keys)}: ${pick(values)}`);
      const text = `${lines.join('\n')}\n`;
      const said = packageSays(text);
      expect(weSay(text) === undefined, text).toBe(said === undefined);
      if (said) bad += 1;
    }
    expect(bad).toBeGreaterThan(50);
    expect(bad).toBeLessThan(350);
  });

  it('is looked for once a key, so that a large file is no long wait', () => {
    const text = Array.from({ length: 60_000 }, (_, n) => `key-${n}: ${n}\n`).join('');
    expect(weSay(text)).toBeUndefined();
    expect(weSay(`${text}key-7: again\n`)).toBe('it:60001 is not YAML: Map keys must be unique');
  });
});
