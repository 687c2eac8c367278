import { describe, expect, it } from 'vitest';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { highlighted } from '../../src/ui/lists.ts';
import { benchmarkMenu, distributionMenu } from '../../src/ui/menu.ts';
import { connect } from '../../src/ui/screens/connect.ts';
import { facts } from '../report/fixture.ts';
import { fiveNodes, stateOf } from './fixture.ts';
import { drawn } from './frame.tsx';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
const profiles = loaded.ok ? loaded.value : [];
const look = { columns: 100, rows: 30, height: 25, ascii: false, color: false, plain: false };

/** A state in which two nodes turned out to run this, and the others were not reached yet. */
function known(...found: readonly object[]) {
  const nodes = fiveNodes().map((node, i) => {
    const { facts: _, ...rest } = node;
    return found[i] ? { ...rest, facts: { ...facts(node.name, 'server'), ...found[i] } } : rest;
  });
  return stateOf({ distribution: 'rke2', benchmark: 'cis-1.6', nodes }, {}, { profiles });
}

/** Facts of a node on which RKE2 was not found, but this was. */
function instead(distribution: string, title: string, version: string) {
  return { distribution: undefined, version: undefined, instead: { distribution, title, version } };
}

describe('the distributions', () => {
  it('are all there with a line each, what most is known of first and what is at its end last', () => {
    const menu = distributionMenu(known());
    expect(menu.map((m) => m.id)).toEqual(['rke2', 'canonical', 'rke']);
    for (const { about } of menu) expect(about).toMatch(/\.$/);
    expect(menu.find((m) => m.id === 'rke')?.about).toMatch(/^At its end of life since 31 July 2025/);
  });

  it('begin in practice with the one that it is of', () => {
    const at = (lab: boolean) =>
      highlighted(
        stateOf({ step: 'distribution', distribution: 'canonical', nodes: [], lab }, {}, { profiles }),
      );
    expect(at(true)).toBe('canonical');
    expect(at(false)).toBe('rke2');
  });

  it('begin with what was found on the nodes', () => {
    const canonical = instead('canonical', 'Canonical Kubernetes', 'v1.32.6');
    const [first, second] = distributionMenu(known(canonical, canonical));
    expect(first).toMatchObject({ id: 'canonical' });
    expect(first?.about).toMatch(/^Found: \S+ runs v1\.32\.6, and 1 more\. /);
    expect(second?.id).toBe('rke2');
    const [rke] = distributionMenu(known(instead('rke', 'RKE', 'v1.24.17-rancher1-1')));
    expect(rke?.about).toMatch(/^Found: \S+ runs v1\.24\.17-rancher1-1\. At its end of life/);
  });
});

describe('the benchmarks', () => {
  const first = (...versions: readonly string[]) =>
    benchmarkMenu(known(...versions.map((version) => ({ version }))))[0];

  it('begin with the newest while no version is known, and say that this may change', () => {
    expect(first()?.id).toBe('cis-1.12 1');
    expect(first()?.about).toMatch(
      /The newest here\. What the nodes run is not known yet; .* another may fit/,
    );
  });

  it.each([
    ['canonical', 'cis-1.24 1'],
    ['rke', 'cis-1.8 1'],
  ])('of %s begin with %s then', (distribution, id) => {
    const state = known();
    expect(benchmarkMenu({ ...state, session: { ...state.session, distribution } })[0]?.id).toBe(id);
  });

  it('stand as they are in the lab, whose practice cluster is an old one', () => {
    const state = known();
    expect(benchmarkMenu({ ...state, session: { ...state.session, lab: true } })[0]?.id).toBe('cis-1.6 1');
  });

  it.each([
    ['v1.22.17+rke2r1', 'cis-1.6 1'],
    ['v1.23.17+rke2r1', 'cis-1.23 1'],
    ['v1.29.1+rke2r1', 'cis-1.11 1'],
    ['v1.33.6+rke2r1', 'cis-1.12 1'],
    ['v1.36.9+rke2r1', 'cis-1.12 1'],
  ])('begin with the newest that fits %s: %s', (version, id) => {
    expect(first(version)).toMatchObject({ id });
    expect(first(version)?.about).toMatch(/The newest that fits what the nodes run\.$/);
  });

  it('of several for the same versions begin with the one that asks most', () => {
    const found = { distribution: 'canonical', version: 'v1.32.6' };
    const [most] = benchmarkMenu({
      ...known(found),
      session: { ...known(found).session, distribution: 'canonical' },
    });
    expect(most?.id).toBe('cis-1.24 1');
  });

  it('begin with one that fits all nodes, if there is any', () => {
    expect(first('v1.31.1+rke2r1', 'v1.33.6+rke2r1')?.id).toBe('cis-1.11 1');
    expect(first('v1.23.1+rke2r1', 'v1.33.6+rke2r1')?.about).not.toContain('The newest that fits');
  });

  it('say so where the cluster is newer than all of them', () => {
    expect(first('v1.37.0+rke2r1')?.about).toMatch(
      /The newest that fits what the nodes run\. \S+ runs v1\.37\.0\+rke2r1, newer than every published benchmark here\.$/,
    );
    const cis = benchmarkMenu(known({ version: 'v1.37.0+rke2r1' })).find((m) => m.id === 'cis-1.12 1');
    expect(cis?.about).toContain(
      '1.37 is newer than every published benchmark here; look for a newer k8s-harden.',
    );
  });
});

it('the connect screen says what a node runs instead, and where to choose it', () => {
  const state = known(instead('canonical', 'Canonical Kubernetes', 'v1.32.6'));
  const text = JSON.stringify(connect(state, look));
  expect(text).toContain('It runs Canonical Kubernetes v1.32.6. Go back to Distribution to choose');
});

describe('a menu longer than the terminal', () => {
  it.each([
    [80, 24],
    [100, 30],
    [60, 20],
  ])('shows the highlighted line at %i×%i, wherever it is, and which of all it is', (columns, rows) => {
    const state = stateOf({ distribution: 'rke2', step: 'benchmark' }, {}, { profiles });
    const menu = benchmarkMenu(state);
    expect(menu.length).toBeGreaterThan(12);
    for (const [i, item] of menu.entries()) {
      const at = { ...state, view: { ...state.view, highlighted: { benchmark: item.id } } };
      const frame = drawn(at, columns, rows);
      expect(frame.split('\n').length).toBeLessThan(rows);
      expect(frame.split('\n').find((l) => l.includes('❯'))).toContain(item.label.slice(0, 30));
      if (rows < 30) expect(frame).toContain(`${i + 1} of ${menu.length}`);
    }
  });
});
