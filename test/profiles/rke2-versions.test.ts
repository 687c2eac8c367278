import { describe, expect, test } from 'vitest';
import { resolveWords, wordValues } from '../../src/domain/distribution.ts';
import { rke2Profile, version } from './rke2.ts';

const { distribution } = await rke2Profile();

describe('the values of profile', () => {
  // Both sides of every boundary, as the releases themselves have it.
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['1.18.9', ['cis-1.5']],
    ['1.19.16', ['cis-1.5']],
    ['1.20.4', ['cis-1.5']],
    ['1.20.5', ['cis-1.6', 'cis-1.5']],
    ['1.21.14', ['cis-1.6', 'cis-1.5']],
    ['1.23.17', ['cis-1.6', 'cis-1.5']],
    ['1.24.17', ['cis-1.6', 'cis-1.5']],
    ['1.25.0', ['cis-1.23']],
    ['1.25.14', ['cis-1.23']],
    ['1.25.15', ['cis', 'cis-1.23']],
    ['1.26.0', ['cis-1.23']],
    ['1.26.9', ['cis-1.23']],
    ['1.26.10', ['cis', 'cis-1.23']],
    ['1.27.1', ['cis-1.23']],
    ['1.27.6', ['cis-1.23']],
    ['1.27.7', ['cis', 'cis-1.23']],
    ['1.28.1', ['cis-1.23']],
    ['1.28.2', ['cis', 'cis-1.23']],
    ['1.29.0', ['cis', 'cis-1.23']],
    ['1.29.15', ['cis', 'cis-1.23']],
    ['1.30.0', ['cis', 'cis-1.23']],
    ['1.30.13', ['cis', 'cis-1.23']],
    ['1.30.14', ['cis']],
    ['1.31.0', ['cis', 'cis-1.23']],
    ['1.31.9', ['cis', 'cis-1.23']],
    ['1.31.10', ['cis']],
    ['1.32.0', ['cis', 'cis-1.23']],
    ['1.32.5', ['cis', 'cis-1.23']],
    ['1.32.6', ['cis']],
    ['1.33.0', ['cis', 'cis-1.23']],
    ['1.33.1', ['cis', 'cis-1.23']],
    ['1.33.2', ['cis']],
    ['1.34.0', ['cis']],
    ['1.35.0', ['cis']],
    ['1.36.3', ['cis']],
  ];
  test.each(rows)('%s takes %j', (text, values) => {
    expect(wordValues(distribution, 'profile', version(text))).toEqual(values);
    const older = wordValues(distribution, 'profile-older', version(text));
    // Where no older value is left, the only one stands in; a value that the version refuses never does.
    for (const value of older) if (version(text)[1] >= 21) expect(values).toContain(value);
  });

  test('a version that could not be read has none: nothing is written by luck', () => {
    expect(wordValues(distribution, 'profile', [0, 0, 0])).toEqual([]);
    expect(wordValues(distribution, 'profile-older', [0, 0, 0])).toEqual([]);
  });

  test('of each version one is written, and no word is left open', () => {
    for (const [text] of rows.filter(([t]) => version(t)[1] >= 21)) {
      const words = resolveWords(distribution, version(text));
      expect(words.profile).toBeDefined();
      expect(Object.values(words).join()).not.toContain('{{');
    }
  });
});
