import { describe, expect, it } from 'vitest';
import {
  compareVersions,
  edgesOf,
  inRange,
  isRange,
  lowestOf,
  parseVersion,
} from '../../src/domain/version.ts';

function v(text: string) {
  const version = parseVersion(text);
  if (!version) throw new Error(text);
  return version;
}

it.each([
  ['v1.33.6+rke2r1', [1, 33, 6]],
  ['rke2 version v1.21.14+rke2r1 (abc)', [1, 21, 14]],
  ['1.25', [1, 25, 0]],
  ['no version', undefined],
  ['', undefined],
])('reads %j', (text, expected) => {
  expect(parseVersion(text)).toEqual(expected);
});

it('compares numbers, not letters', () => {
  expect(compareVersions(v('1.9.0'), v('1.10.0'))).toBeLessThan(0);
  expect(compareVersions(v('1.31.10'), v('1.31.9'))).toBeGreaterThan(0);
  expect(compareVersions(v('1.25'), v('v1.25.0+rke2r2'))).toBe(0);
  expect(compareVersions(v('2.0.0'), v('1.99.99'))).toBeGreaterThan(0);
});

describe('ranges', () => {
  it.each([
    ['>=1.21 <1.24', '1.20.99', false],
    ['>=1.21 <1.24', '1.21.0', true],
    ['>=1.21 <1.24', '1.23.17', true],
    ['>=1.21 <1.24', '1.24.0', false],
    ['>=1.30.14 <1.31 || >=1.31.10 <1.32', '1.30.13', false],
    ['>=1.30.14 <1.31 || >=1.31.10 <1.32', '1.30.14', true],
    ['>=1.30.14 <1.31 || >=1.31.10 <1.32', '1.31.9', false],
    ['>=1.30.14 <1.31 || >=1.31.10 <1.32', '1.31.10', true],
    ['<=1.25.3', '1.25.3', true],
    ['>1.25.3', '1.25.3', false],
    ['=1.25.3', '1.25.3', true],
    ['1.25.3', '1.25.4', false],
  ])('%s holds %s: %s', (range, version, expected) => {
    expect(isRange(range)).toBe(true);
    expect(inRange(v(version), range)).toBe(expected);
  });

  it.each([
    ['>=1.33 <1.37', [1, 33, 0]],
    ['>=1.31.10 <1.32 || >=1.30.14 <1.31', [1, 30, 14]],
    ['=1.25.3', [1, 25, 3]],
    ['1.25.3', [1, 25, 3]],
    ['<1.25', [0, 0, 0]],
  ])('%s begins with %j', (range, lowest) => {
    expect(lowestOf(range)).toEqual(lowest);
  });

  it.each(['', '>=1', '^1.25', '>= 1.25', '1.25 - 1.27', '>=1.25 ||', '1.25.x', '~1.25'])(
    'does not understand %j',
    (range) => {
      expect(isRange(range)).toBe(false);
    },
  );
});

describe('the edges of ranges', () => {
  it('are the beginning, and each bound with what follows it', () => {
    expect(edgesOf(['>=1.21 <1.24', '>1.25.3'])).toEqual([
      [0, 0, 0],
      [1, 21, 0],
      [1, 21, 1],
      [1, 24, 0],
      [1, 24, 1],
      [1, 25, 3],
      [1, 25, 4],
    ]);
  });

  it.each([
    ['>=1.24 <1.21', false],
    ['>1.24 <1.24.1', false],
    ['>1.24 <1.24.2', true],
    ['1.24', true],
    ['<1.24', true],
    ['>=1.24 <1.21 || 1.30', true],
  ])('%s holds some version: %s', (range, some) => {
    expect(edgesOf([range]).some((v) => inRange(v, range))).toBe(some);
  });
});
