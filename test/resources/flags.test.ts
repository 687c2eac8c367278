import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { argumentHolds, argumentTarget } from '../../src/resources/argument-test.ts';
import { flagKind } from '../../src/resources/flag-kinds.ts';
import {
  accumulates,
  flagItems,
  flagValue,
  itemsValue,
  joinedItems,
  whyDoubtful,
} from '../../src/resources/flags.ts';

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

describe('a word of its own', () => {
  it.each([
    [['--audit-log-path', '-'], 'audit-log-path', '-'],
    [['--request-timeout', '-1s'], 'request-timeout', '-1s'],
    [['--terminated-pod-gc-threshold', '-1'], 'terminated-pod-gc-threshold', '-1'],
    [['--audit-log-path', '--anonymous-auth=false'], 'anonymous-auth', undefined],
    [['--audit-log-path', '--anonymous-auth=false'], 'audit-log-path', '--anonymous-auth=false'],
    [['--node_labels', '--anonymous-auth=false'], 'anonymous-auth', undefined],
    [['-v', '--profiling=false'], 'profiling', undefined],
    [['--audit-log-path'], 'audit-log-path', ''],
    [['--profiling', 'false'], 'profiling', 'true'],
    [['--profiling', '--anonymous-auth=false'], 'anonymous-auth', 'false'],
  ])('%j: --%s is %s', (args, flag, value) => {
    expect(flagValue(['x', ...args], flag)).toBe(value);
    expect(whyDoubtful(['x', ...args], flag)).toBeUndefined();
  });

  it('leaves open what a flag of no known kind has swallowed', () => {
    const why = '--made-up stands before --profiling=false, which may be its value or a flag';
    expect(whyDoubtful(['x', '--made-up', '--profiling=false'], 'profiling')).toBe(why);
    expect(whyDoubtful(['x', '--made-up', '--profiling=false'], 'anonymous-auth')).toBeUndefined();
    expect(whyDoubtful(['x', '--made-up', '-1'], 'made-up')).toContain('before -1');
    expect(whyDoubtful(['x', '--made-up', '-1'], 'profiling')).toBeUndefined();
  });

  it('is of a known kind, of every flag that a control is about', () => {
    const text = readdirSync('profiles', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => readFileSync(join('profiles', name), 'utf8'))
      .join('\n');
    const asked = [
      ...text.matchAll(/\{ (?:process|service|name|setting): [^}]*? flag: ([a-z0-9][a-z0-9-]+)/g),
    ];
    const names = [...new Set(asked.map(([, name = '']) => name))];
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => flagKind(name) === 'unknown')).toEqual([]);
    expect(names.filter((name) => accumulates(name) && flagKind(name) !== 'valued')).toEqual([]);
  });
});

describe('a list', () => {
  it.each([
    ['"AlwaysAllow",Node,RBAC', ['AlwaysAllow', 'Node', 'RBAC']],
    ['NodeRestriction,"AlwaysAdmit"', ['NodeRestriction', 'AlwaysAdmit']],
    ['"A,B",C,', ['A,B', 'C']],
    ['"A""B"', ['A"B']],
    ['""', []],
    ['A"lways"Admit,B', ['AlwaysAdmit', 'B']],
    ['"A,B', ['A', 'B']],
  ])('%s loses its quotes', (value, items) => expect(flagItems(value)).toEqual(items));

  it('gets them back where an item needs them', () => {
    expect(joinedItems(['A,B', 'C', 'D"E'])).toBe('"A,B",C,"D""E"');
  });

  it('is what it says without them', () => {
    expect(argumentHolds({ lacks: 'AlwaysAllow' }, '"AlwaysAllow",Node')).toBe(false);
    expect(argumentHolds({ contains: 'NodeRestriction' }, '"NodeRestriction"')).toBe(true);
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
