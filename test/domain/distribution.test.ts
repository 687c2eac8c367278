import { describe, expect, it } from 'vitest';
import type { Distribution, Role } from '../../src/domain/distribution.ts';
import { fillWords, kubectlAt, resolveWords, unitAt, wordValues } from '../../src/domain/distribution.ts';

const distribution = {
  words: {
    'data-dir': '/var/lib/x',
    etcd: '{{data-dir}}/server/db/etcd',
    a: '{{b}}',
    b: '{{a}}',
    odd: '{{nobody}}',
  },
  versioned: {
    profile: [
      { versions: '<1.25', values: ['cis-1.6', 'cis-1.5'] },
      { versions: '>=1.25', values: ['cis'] },
    ],
  },
} as unknown as Distribution;

describe('words', () => {
  it('refer to one another, and follow a moved data folder', () => {
    expect(resolveWords(distribution, [1, 23, 0]).etcd).toBe('/var/lib/x/server/db/etcd');
    expect(resolveWords(distribution, [1, 23, 0], { 'data-dir': '/srv' }).etcd).toBe('/srv/server/db/etcd');
  });

  it('take the first value of the row that holds the version', () => {
    expect(resolveWords(distribution, [1, 24, 17]).profile).toBe('cis-1.6');
    expect(resolveWords(distribution, [1, 25, 0]).profile).toBe('cis');
    expect(wordValues(distribution, 'profile', [1, 21, 0])).toEqual(['cis-1.6', 'cis-1.5']);
    expect(wordValues(distribution, 'nothing', [1, 21, 0])).toEqual([]);
  });

  it('do not run for ever in a circle, and stay visible when nobody knows them', () => {
    expect(resolveWords(distribution, [1, 25, 0]).a).toContain('{{');
    expect(resolveWords(distribution, [1, 25, 0]).odd).toBe('{{nobody}}');
  });

  it('fill texts at any depth, and leave all else', () => {
    const filled = fillWords({ a: ['{{x}}/y', 1, null], b: { c: '{{x}}{{z}}', d: true } }, { x: '/v' });
    expect(filled).toEqual({ a: ['/v/y', 1, null], b: { c: '/v{{z}}', d: true } });
  });

  it('give back what has no words in it as it is, within what has some too', () => {
    const plain = { a: ['x', { b: 1 }] };
    expect(fillWords(plain, { x: '/v' })).toBe(plain);
    const mixed = { plain, filled: '{{x}}' };
    expect(fillWords(mixed, { x: '/v' })).toEqual({ plain, filled: '/v' });
    expect(fillWords(mixed, { x: '/v' }).plain).toBe(plain);
    expect(mixed.filled).toBe('{{x}}');
  });
});

describe('a place', () => {
  const of = {
    ...distribution,
    units: { server: 'x-server', agent: 'x-agent' },
    kubectl: ['{{data-dir}}/kubectl'],
  } as Distribution;

  it.each<readonly [readonly Role[], string]>([
    [['server', 'etcd'], 'x-server'],
    [['server'], 'x-server'],
    [['etcd'], 'x-server'],
    [['agent'], 'x-agent'],
  ])('of roles %j runs %s', (roles, unit) => {
    expect(unitAt({ distribution: of, roles })).toBe(unit);
  });

  it('has its kubectl in its own data folder', () => {
    expect(kubectlAt({ distribution: of, words: { 'data-dir': '/srv' } })).toEqual(['/srv/kubectl']);
  });
});
