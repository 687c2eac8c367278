import { describe, expect, it } from 'vitest';
import type { Profile } from '../../src/domain/control.ts';
import { misfits, misfitWords, newerThanAll } from '../../src/domain/fitness.ts';
import { rke2Profile, version } from '../profiles/rke2.ts';
import { facts } from '../report/fixture.ts';

const profile = await rke2Profile();

/** What is said of nodes that run these versions under a benchmark. */
function said(id: string, ...versions: readonly string[]): readonly string[] {
  return saidOf(profile, id, versions);
}

function saidOf(of: Profile, id: string, versions: readonly string[]): readonly string[] {
  const benchmark = of.benchmarks.find((b) => b.id === id);
  if (!benchmark) throw new Error(id);
  const nodes = versions.map((version, i) => ({
    name: `n${i}`,
    facts: { ...facts(`n${i}`, 'server'), version },
  }));
  return misfits(nodes, of, benchmark).map((m) => misfitWords(m, of, benchmark));
}

describe('a benchmark and the versions of the nodes', () => {
  it.each([
    ['cis-1.6', 'v1.21.0+rke2r1'],
    ['cis-1.6', 'v1.23.17+rke2r1'],
    ['cis-1.23', 'v1.23.17+rke2r1'],
    ['cis-1.24', 'v1.24.17+rke2r1'],
    ['hardening-guide', 'v1.25.0+rke2r1'],
    ['hardening-guide', 'v1.33.6+rke2r1'],
  ])('%s fits %s', (id, version) => {
    expect(said(id, version)).toEqual([]);
  });

  it('names the one that fits', () => {
    expect(said('cis-1.6', 'v1.33.6+rke2r1')).toEqual([
      'RKE2 v1.33.6+rke2r1 on n0: CIS Kubernetes Benchmark 1.6 is for Kubernetes 1.21 to 1.23. For 1.33 there is: CIS Kubernetes Benchmark 1.12.',
    ]);
    expect(said('hardening-guide', 'v1.22.3+rke2r1')).toEqual([
      'RKE2 v1.22.3+rke2r1 on n0: RKE2 hardening guide is for Kubernetes 1.25 and newer. For 1.22 there is: CIS Kubernetes Benchmark 1.6.',
    ]);
  });

  it('says which comes nearest where none is made for it, and of two as near the older', () => {
    const some = profile.benchmarks.filter((b) => ['cis-1.6', 'hardening-guide', 'cis-1.7'].includes(b.id));
    const saidOfSome = (id: string) => saidOf({ ...profile, benchmarks: some }, id, ['v1.24.17+rke2r1']);
    expect(saidOfSome('cis-1.6')).toEqual([
      'RKE2 v1.24.17+rke2r1 on n0: CIS Kubernetes Benchmark 1.6 is for Kubernetes 1.21 to 1.23. No benchmark here is made for 1.24; this one comes nearest.',
    ]);
    expect(saidOfSome('hardening-guide')).toEqual([
      'RKE2 v1.24.17+rke2r1 on n0: RKE2 hardening guide is for Kubernetes 1.25 and newer. No benchmark here is made for 1.24; CIS Kubernetes Benchmark 1.6, for 1.21 to 1.23, comes nearest.',
    ]);
    expect(said('hardening-guide', 'v1.20.15+rke2r2')).toEqual([
      'RKE2 v1.20.15+rke2r2 on n0: RKE2 hardening guide is for Kubernetes 1.25 and newer. No benchmark here is made for 1.20; CIS Kubernetes Benchmark 1.6, for 1.21 to 1.23, comes nearest.',
    ]);
  });

  it.each([
    ['1.36.9', false],
    ['1.37.0', true],
    ['2.0.0', true],
    ['1.24.17', false],
    ['1.18.0', false],
  ])('%s is newer than every published one: %s', (text, newer) => {
    expect(newerThanAll(profile.benchmarks, version(text))).toBe(newer);
    expect(
      newerThanAll(
        profile.benchmarks.filter((b) => b.id === 'hardening-guide'),
        version(text),
      ),
    ).toBe(false);
  });

  it('says that a cluster is newer than all', () => {
    expect(said('cis-1.12', 'v1.37.1+rke2r1')).toEqual([
      'RKE2 v1.37.1+rke2r1 on n0: CIS Kubernetes Benchmark 1.12 is for Kubernetes 1.33 to 1.36. For 1.37 there is: RKE2 hardening guide. 1.37 is newer than every published benchmark here; look for a newer k8s-harden.',
    ]);
  });

  it('says it once for each version, with its nodes', () => {
    const lines = said('cis-1.6', 'v1.24.1+rke2r1', 'v1.23.1+rke2r1', 'v1.24.1+rke2r1', 'v1.25.1+rke2r1');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('v1.24.1+rke2r1 on n0, n2:');
    expect(lines[1]).toContain('v1.25.1+rke2r1 on n3:');
    expect(said('cis-1.6', ...Array.from({ length: 9 }, () => 'v1.19.1'))[0]).toContain(
      'on n0, n1 and 7 more:',
    );
  });
});
