import { describe, expect, it } from 'vitest';
import {
  comparePlans,
  type Moved,
  movedSince,
  otherPlan,
  type PlanItem,
  type PlanNow,
  type ReviewPlan,
} from '../../src/domain/review-plan.ts';

const item: PlanItem = {
  control: 'kernel-values',
  title: 'Kernel values',
  numbers: ['4.2.6'],
  place: 'cp-1',
  verdict: 'fail',
  found: '0',
  wanted: '10',
  breaks: 'x',
  impact: 'none',
  needs: [],
  does: 'steps',
  reason: '',
  instead: '',
  commands: ['sysctl -w kernel.panic=10'],
  diffs: [{ path: '/etc/a', text: '+1' }],
  undo: ['sysctl -w kernel.panic=0'],
  restarts: false,
  units: [],
};

describe('one control on one place since the plan', () => {
  it.each<readonly [string, PlanItem | undefined, PlanNow, Moved | undefined]>([
    ['the very same', item, { verdict: 'fail', item }, 'same'],
    ['other words of the verdict', item, { verdict: 'fail', item: { ...item } }, 'same'],
    ['another command', item, { verdict: 'fail', item: { ...item, commands: ['sysctl -w x=1'] } }, 'differs'],
    ['another difference', item, { verdict: 'fail', item: { ...item, diffs: [] } }, 'differs'],
    [
      'refused now',
      item,
      { verdict: 'fail', item: { ...item, does: 'refused', commands: [], diffs: [] } },
      'differs',
    ],
    ['passes', item, { verdict: 'pass' }, 'done'],
    ['waived since', item, { verdict: 'waived' }, 'done'],
    ['waits for its restart', item, { verdict: 'pending-restart' }, 'done'],
    ['not asked', item, { verdict: undefined }, 'unknown'],
    ['no answer', item, { verdict: 'unknown', item }, 'unknown'],
    ['open, and not planned again yet', item, { verdict: 'fail' }, 'unknown'],
    ['open now, not in the plan', undefined, { verdict: 'fail', item }, 'new'],
    ['no answer now, not in the plan', undefined, { verdict: 'unknown' }, 'new'],
    ['passes, not in the plan', undefined, { verdict: 'pass' }, undefined],
  ])('%s', (_, planned, now, moved) => expect(movedSince(planned, now)).toBe(moved));
});

const plan: ReviewPlan = {
  made: '2027-01-01T00:00:00.000Z',
  program: 'p',
  operator: 'o',
  cluster: 'prod',
  distribution: 'rke2',
  benchmark: 'cis',
  level: 1,
  nodes: [],
  missing: [],
  items: [item, { ...item, place: 'cp-2' }],
};

it('a whole plan: each item once, then what is new', () => {
  const now = { ...plan, items: [item, { ...item, place: 'cp-3' }] };
  const verdicts: Readonly<Record<string, 'pass' | 'fail'>> = {
    'cp-1': 'fail',
    'cp-2': 'pass',
    'cp-3': 'fail',
  };
  const rows = comparePlans(plan, now, (_, place) => verdicts[place]);
  expect(rows.map((row) => [row.place, row.moved])).toEqual([
    ['cp-1', 'same'],
    ['cp-2', 'done'],
    ['cp-3', 'new'],
  ]);
});

it.each([
  ['cluster', { cluster: 'test' }],
  ['benchmark', { benchmark: 'stig' }],
  ['level', { level: 2 as const }],
])('says that it is for another %s', (what, over) => {
  expect(otherPlan(plan, plan)).toBeUndefined();
  expect(otherPlan(plan, { ...plan, ...over })).toContain(`The plan is for the ${what}`);
});

it('says that it is for other machines, where no cluster has a name', () => {
  const node = { name: 'cp', version: '', roles: [], address: 'cp=10.0.0.5' };
  const unnamed = { ...plan, cluster: 'cluster', nodes: [node] };
  const there = { ...unnamed, nodes: [{ ...node, address: 'cp=10.0.0.6' }] };
  expect(otherPlan(unnamed, unnamed)).toBeUndefined();
  expect(otherPlan(unnamed, there)).toContain('The plan is for cp=10.0.0.5, and here is cp=10.0.0.6');
  expect(otherPlan(unnamed, { ...there, nodes: [] })).toContain('here is no cp');
  // A named cluster is told by its name; its nodes may move. Plans of earlier versions do not say where nodes are.
  expect(otherPlan({ ...unnamed, cluster: 'prod' }, { ...there, cluster: 'prod' })).toBeUndefined();
  expect(otherPlan({ ...unnamed, nodes: [{ ...node, address: undefined }] }, there)).toBeUndefined();
});
