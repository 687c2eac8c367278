import { describe, expect, it } from 'vitest';
import type { LoadedPlan, PlanItem } from '../../src/domain/review-plan.ts';
import { boardRows } from '../../src/ui/board.ts';
import { planWords } from '../../src/ui/planned.ts';
import { plansOf, stateOf } from './fixture.ts';
import { prose } from './frame.tsx';

const state = stateOf({}, { control: 'control-0' }, { plans: plansOf('control-0') });
const ready = state.plans['control-0@cp-1'];
if (ready?.kind !== 'ready') throw new Error('nothing is planned there');
const item = {
  control: 'control-0',
  place: 'cp-1',
  title: 'x',
  verdict: 'fail',
  does: 'steps',
  commands: ready.commands,
  diffs: ready.diffs,
} as unknown as PlanItem;

function loaded(items: readonly PlanItem[], cluster = state.session.cluster): LoadedPlan {
  const { distribution = '', benchmark = '', level = 1 } = state.session;
  const plan = {
    made: '',
    program: '',
    operator: '',
    cluster,
    distribution,
    benchmark,
    level,
    nodes: [],
    missing: [],
    items,
  };
  return { file: 'plan.json', sha256: 'ab', plan };
}

describe('what the control screen says of the plan', () => {
  it.each<readonly [string, LoadedPlan, RegExp]>([
    ['as planned', loaded([item]), /^same: /],
    ['otherwise', loaded([{ ...item, commands: ['true'] }]), /^differs: NOT AS PLANNED/],
    ['nothing of it', loaded([]), /^new: NOT IN THE PLAN/],
    ['of another cluster', loaded([item], 'other'), /The plan is for the cluster other/],
  ])('%s', (_, plan, says) => expect(planWords({ ...state, plan }, 'control-0', 'cp-1')).toMatch(says));

  it('nothing without a plan', () => expect(planWords(state, 'control-0', 'cp-1')).toBe(''));
});

describe('at every size', () => {
  it.each([
    [80, 24],
    [120, 40],
  ])('%i by %i, the control and its details say the word', (columns, rows) => {
    const plan = loaded([{ ...item, commands: ['true'] }]);
    expect(prose({ ...state, plan }, columns, rows)).toMatch(/Plan +differs: NOT AS PLANNED/);
    const view = { ...state.view, overlay: { kind: 'explain' } as const };
    expect(prose({ ...state, view, plan }, columns, rows)).toMatch(
      /Against the plan +differs: NOT AS PLANNED/,
    );
    expect(prose({ ...state, view }, columns, rows)).not.toContain('Against the plan');
  });
});

it('walks the controls of the plan first, and loses none', () => {
  const ids = (plan?: LoadedPlan) => boardRows({ ...state, plan }).map((row) => row.control.id);
  const last = ids().at(-1) ?? '';
  const planned = ids(loaded([{ ...item, control: last }]));
  expect(planned[0]).toBe(last);
  expect(planned.toSorted()).toEqual(ids().toSorted());
});
