import { describe, expect, it } from 'vitest';
import { type KnownNode, type Member, membershipOf, otherCluster } from '../../src/domain/cluster-members.ts';

const member = (name: string, ...addresses: readonly string[]): Member => ({ name, addresses });
const node = (name: string, host: string, facts?: KnownNode['facts']): KnownNode => ({
  name,
  host,
  ...(facts ? { facts } : {}),
});
const pair = (file: Member, known: KnownNode) => membershipOf([file], [known]).shared[0]?.sure;

describe('whether a node of a cluster.yml is one of the session', () => {
  it.each<[string, Member, KnownNode, boolean | undefined]>([
    ['its address is the one it was reached at', member('10.0.0.5', '10.0.0.5'), node('a', '10.0.0.5'), true],
    ['its inner address is', member('cp', '203.0.113.1', '10.0.0.5'), node('a', '10.0.0.5'), true],
    ['IPv6 too', member('cp', 'fd00::1'), node('a', 'fd00::1'), true],
    ['nothing agrees', member('cp', '10.0.0.5'), node('a', '10.0.0.6', { hostname: 'b' }), undefined],
    [
      'an alias, and its hostname',
      member('cp-1', '10.0.0.5'),
      node('a', 'alias', { hostname: 'cp-1' }),
      false,
    ],
    [
      'with and without a domain',
      member('cp-1.shop.example', '10.0.0.5'),
      node('a', 'alias', { hostname: 'CP-1' }),
      false,
    ],
    [
      'another domain is another machine',
      member('cp-1.shop.example', '10.0.0.5'),
      node('a', 'alias', { hostname: 'cp-1.test.example' }),
      undefined,
    ],
    [
      'an alias, and what its kubelet is called',
      member('10.0.0.5', '10.0.0.5'),
      node('a', 'alias', { hostname: 'x', nodeName: '10.0.0.5' }),
      true,
    ],
    [
      'an alias, and the address of its kubelet',
      member('10.0.0.5', '203.0.113.1', '10.0.0.5'),
      node('a', 'alias', { hostname: 'x', address: '10.0.0.5' }),
      true,
    ],
    [
      'the same address in another network, for its kubelet has another name',
      member('shop-1', '10.0.0.5'),
      node('a', '10.0.0.5', { hostname: 'x', nodeName: 'test-1' }),
      false,
    ],
    [
      'the same name, and a kubelet with another address',
      { ...member('cp-1', '203.0.113.1', '10.0.0.5'), internal: '10.0.0.5' },
      node('cp-1', 'alias', { hostname: 'cp-1', address: '10.9.0.5' }),
      undefined,
    ],
    ['this machine is no evidence', member('127.0.0.1', '127.0.0.1'), node('a', '127.0.0.1'), undefined],
    ['nor is no name', member('cp', '10.0.0.5'), node('a', 'b', { hostname: '', nodeName: '' }), undefined],
  ])('%s', (_, file, known, sure) => {
    expect(pair(file, known)).toBe(sure);
  });
});

describe('a cluster.yml beside the nodes of the session', () => {
  const a = node('a', '10.0.0.1');
  const file = [member('cp-1', '10.0.0.1'), member('cp-2', '10.0.0.2')];

  it('tells who is in both, who only in the file, and who only in the session', () => {
    const b = node('b', '10.0.0.3');
    const { shared, strangers, left } = membershipOf(file, [a, b]);
    expect(shared).toEqual([{ member: file[0], node: a, sure: true }]);
    expect(strangers).toEqual([file[1]]);
    expect(left).toEqual([b]);
    expect(otherCluster('cluster.yml', { shared, strangers, left })).toBeUndefined();
  });

  it('is another cluster’s when they share no node, and says who is in which', () => {
    const found = otherCluster('prod/cluster.yml', membershipOf(file, [node('test', '10.9.0.1')]));
    expect(found?.reason).toContain('prod/cluster.yml names cp-1 (10.0.0.1), cp-2 (10.0.0.2)');
    expect(found?.reason).toContain('this session has test (10.9.0.1)');
    expect(found?.instead).toContain('--inventory prod/cluster.yml');
  });

  it('is nobody’s when it names no node', () => {
    expect(otherCluster('cluster.yml', membershipOf([], [a]))?.reason).toContain('names no node');
  });
});
