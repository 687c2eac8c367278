import { describe, expect, it } from 'vitest';
import { argumentHolds, argumentTarget } from '../../src/resources/argument-test.ts';
import { accumulates, flagItems, flagValue, itemsValue } from '../../src/resources/flags.ts';

describe('the value of a flag', () => {
  it.each([
    [['x', '--a=1'], '1'],
    [['x', '--a', '1'], '1'],
    [['x', '-a=1'], '1'],
    [['x', '--a'], 'true'],
    [['x', '--a', '--b'], 'true'],
    [['x', '--a='], ''],
    [['x', '--a=b=c'], 'b=c'],
    [['x', '--a=1', '--a=2'], '2'],
    [['x', '--a=1', '--a_=2'], '1'],
    [['x', '--ab=1'], undefined],
    [['x', 'a=1'], undefined],
    [['a'], undefined],
  ])('%j', (args, value) => {
    expect(flagValue(args, 'a')).toBe(value);
  });

  it('is found by a name with underscores, which Kubernetes reads as dashes', () => {
    expect(flagValue(['x', '--anonymous-auth=false', '--anonymous_auth=true'], 'anonymous-auth')).toBe(
      'true',
    );
    expect(flagValue(['x', '--anonymous_auth', '--anonymous-auth=false'], 'anonymous-auth')).toBe('false');
    expect(flagValue(['x', '--anonymous_auth', '--v=2'], 'anonymous-auth')).toBe('true');
    expect(flagValue(['x', '--token-auth-file=/a_b'], 'token-auth-file')).toBe('/a_b');
  });

  it('is, of items in the configuration, the spelling that is sorted last', () => {
    expect(itemsValue(['a_b=1', '--a-b=2'], 'a-b')).toBe('1');
    expect(itemsValue(['a-b=1', 'c=3', 'a-b=2'], 'a-b')).toBe('2');
  });

  it('adds up the lists that Kubernetes adds up', () => {
    expect(accumulates('enable-admission-plugins')).toBe(true);
    expect(flagValue(['x', '--feature-gates=A=true', '--feature-gates=B=false'], 'feature-gates')).toBe(
      'A=true,B=false',
    );
    expect(flagItems('a,,b')).toEqual(['a', 'b']);
  });
});

describe('what may be asked of it', () => {
  it('counts the default only where the flag is not given', () => {
    expect(argumentHolds({ equals: 'false', default: 'pass' }, undefined)).toBe(true);
    expect(argumentHolds({ equals: 'false', default: 'pass' }, 'true')).toBe(false);
    expect(argumentHolds({ lacks: 'X', default: 'X,Y' }, undefined)).toBe(false);
    expect(argumentHolds({ contains: 'X', default: 'X,Y' }, undefined)).toBe(true);
    expect(argumentHolds({ atLeast: 10, default: '5' }, undefined)).toBe(false);
  });

  it('never takes an empty value or half a number for enough', () => {
    for (const value of ['', ' ', '30x', 'Infinity', '1e9', '0x40']) {
      expect(argumentHolds({ atLeast: 30 }, value), value).toBe(false);
    }
    expect(argumentHolds({ contains: 'Node' }, 'NodeRestriction')).toBe(false);
  });

  it('writes what then holds, or says that it cannot', () => {
    expect(argumentTarget({ contains: 'C' }, ['A', 'B'])).toBe('A,B,C');
    expect(argumentTarget({ oneOf: ['a', 'b'] }, [])).toBe('a');
    expect(argumentTarget({ lacks: 'A' }, ['A'])).toBeUndefined();
    expect(argumentTarget({ absent: true }, [])).toBeUndefined();
    expect(argumentTarget({ present: true }, [])).toBeUndefined();
  });
});
