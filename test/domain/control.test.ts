import { describe, expect, it } from 'vitest';
import type { Benchmark, Control, Profile } from '../../src/domain/control.ts';
import { numbersOf, selectControls } from '../../src/domain/control.ts';

function control(id: string, needs: readonly string[] = []): Control {
  return {
    id,
    title: id,
    target: 'node',
    roles: ['server'],
    why: '',
    breaks: '',
    impact: 'none',
    wants: [],
    needs,
    sources: [],
  };
}

const profile = {
  controls: [
    control('kernel'),
    control('account'),
    control('profile', ['kernel', 'account']),
    control('psa', ['profile']),
  ],
  benchmarks: [],
} as unknown as Profile;

function benchmark(...items: readonly [string, 1 | 2, string][]): Benchmark {
  return {
    id: 'b',
    distribution: 'rke2',
    title: 'B',
    kubernetes: '>=1.21',
    items: items.map(([number, level, id]) => ({ number, level, control: id })),
  };
}

function ids(chosen: Benchmark, level: 1 | 2): readonly string[] {
  return selectControls(profile, chosen, level).map((c) => c.id);
}

describe('the controls of a benchmark', () => {
  it('come in its order, each once', () => {
    expect(ids(benchmark(['2', 1, 'account'], ['1', 1, 'kernel'], ['3', 1, 'account']), 1)).toEqual([
      'account',
      'kernel',
    ]);
  });

  it('stop at the level, and level 2 holds level 1', () => {
    const both = benchmark(['1', 1, 'kernel'], ['2', 2, 'account']);
    expect(ids(both, 1)).toEqual(['kernel']);
    expect(ids(both, 2)).toEqual(['kernel', 'account']);
  });

  it('bring what they need, before them, even where the benchmark does not list it', () => {
    expect(ids(benchmark(['1', 1, 'psa']), 1)).toEqual(['kernel', 'account', 'profile', 'psa']);
    expect(ids(benchmark(['1', 1, 'profile'], ['2', 1, 'kernel']), 1)).toEqual([
      'kernel',
      'account',
      'profile',
    ]);
  });

  it('leave out what the profile does not have', () => {
    expect(ids(benchmark(['1', 1, 'nobody'], ['2', 1, 'kernel']), 1)).toEqual(['kernel']);
  });

  it('know their numbers', () => {
    expect(
      numbersOf(benchmark(['1.2', 1, 'kernel'], ['4.5', 2, 'kernel'], ['9', 1, 'account']), 'kernel'),
    ).toEqual(['1.2', '4.5']);
  });
});
