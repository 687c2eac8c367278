import { describe, expect, it } from 'vitest';
import { type PlanItem, planOf, type ReviewPlan } from '../../src/domain/review-plan.ts';
import { noSession } from '../../src/domain/session.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { planMarkdown } from '../../src/report/index.ts';

const file = '/var/snap/k8s/common/args/kube-apiserver';
const whole = [{ path: file, text: '+--x' }];
const blank: PlanItem = {
  control: 'limits',
  title: 'Limits are written down',
  numbers: [],
  place: 'cp-1',
  verdict: 'fail',
  found: 'none',
  wanted: 'some',
  breaks: 'Little.',
  impact: 'none',
  needs: [],
  does: 'steps',
  reason: '',
  instead: '',
  commands: ['true'],
  diffs: [],
  undo: [],
  restarts: false,
  units: [],
};
const flag: PlanItem = { ...blank, control: 'flag', title: 'The flag names the file', numbers: ['1.2.10'] };
const plugin: PlanItem = {
  ...blank,
  control: 'plugin',
  title: 'The plugin is on',
  numbers: ['1.2.9'],
  needs: ['flag'],
};

/** The plan of these items, each found as it says, and of what else was found. */
function plan(items: readonly PlanItem[], more: Readonly<Record<string, VerdictKind>> = {}): ReviewPlan {
  const found = Object.entries({
    ...Object.fromEntries(items.map((i) => [`${i.control}@${i.place}`, i.verdict])),
    ...more,
  });
  const findings = Object.fromEntries(
    found.map(([key, kind]) => {
      const [control = '', place = ''] = key.split('@');
      return [key, { control, place, verdict: { kind, found: '', wanted: '', reason: 'x' } as never }];
    }),
  );
  return planOf({ ...noSession, findings }, items);
}

const text = (of: ReviewPlan): string => planMarkdown({ sha256: '0'.repeat(64), plan: of });

/** What stands below the heading of a control. */
function below(said: string, name: string): string {
  return said.split('\n### ').find((each) => each.startsWith(name)) ?? '';
}

describe('what has to come first', () => {
  it('is named by number and title where the plan does it', () => {
    const said = below(text(plan([plugin, flag])), '1.2.9 The plugin is on on cp-1');
    expect(said).toContain('Not before 1.2.10 The flag names the file on cp-1, which this plan changes too.');
    expect(said).not.toMatch(/\bFirst: flag/);
  });

  it('holds the item up where the plan does not do it, and the head counts such', () => {
    const refused: PlanItem = {
      ...flag,
      does: 'refused',
      reason: 'a file of your own is named',
      instead: 'Put the limits into it.',
    };
    const said = text(plan([plugin, refused]));
    expect(below(said, '1.2.9')).toContain(
      'NOT TO BE CARRIED OUT YET: 1.2.10 The flag names the file on cp-1 must pass first, and this plan does not change it: a file of your own is named; Put the limits into it.',
    );
    expect(said).toMatch(/\| Not yet +\| 1 change waits for something that this plan does not do \|/);
  });

  it('holds up what builds on such an item too', () => {
    const refused: PlanItem = { ...flag, does: 'refused', reason: 'no', instead: 'Do it.' };
    const last: PlanItem = {
      ...blank,
      control: 'last',
      title: 'The last',
      numbers: ['9'],
      needs: ['plugin'],
    };
    const said = below(text(plan([last, plugin, refused])), '9 The last');
    expect(said).toContain('NOT TO BE CARRIED OUT YET: 1.2.9 The plugin is on on cp-1 must pass first');
  });

  it('is not said of what passes, on this place or, for the whole cluster, on all', () => {
    expect(plan([plugin], { 'flag@cp-1': 'pass' }).items[0]?.needs).toEqual([]);
    expect(plan([plugin], { 'flag@cp-1': 'fail', 'flag@cp-2': 'pass' }).items[0]?.needs).toEqual(['flag']);
    const across = { ...plugin, place: 'workstation' };
    expect(plan([across], { 'flag@cp-1': 'pass', 'flag@cp-2': 'fail' }).items[0]?.needs).toEqual(['flag']);
    expect(plan([across], { 'flag@cp-1': 'pass' }).items[0]?.needs).toEqual([]);
    const waived = text(plan([plugin], { 'flag@cp-1': 'waived' }));
    expect(waived).toContain(
      'NOT TO BE CARRIED OUT YET: a control that it builds on (flag) does not pass or was not asked',
    );
  });
});

describe('several changes of one file', () => {
  const several = [
    { ...flag, diffs: whole },
    { ...plugin, needs: [], diffs: whole },
    { ...plugin, needs: [], diffs: whole, place: 'cp-2' },
  ];

  it('say so under each item and at the head, with what the program does', () => {
    const said = text(plan(several));
    expect(said).toContain(
      `${file} on cp-1 is changed by 2 items. Each shows it as it would be from today's state`,
    );
    expect(below(said, '1.2.10')).toContain(
      `1 other item of this plan changes ${file} on cp-1 too. This one starts from the file as it is today`,
    );
  });

  it('are not spoken of where there is only one', () => {
    const alone = text(plan(several.slice(1)));
    expect(alone).not.toContain('today');
  });
});

it('a file of the whole cluster takes effect by its command, which is no restart of a node', () => {
  const made = { ...blank, place: 'workstation', restarts: true, units: ['rke up --config cluster.yml'] };
  const said = text(plan([made]));
  expect(said).toContain(
    'Takes effect when rke up --config cluster.yml has run, which makes components of every node anew.',
  );
  expect(said).toMatch(/\| Restarts +\| none/);
  expect(said).toMatch(/\| Runs at the end +\| rke up --config cluster\.yml, which makes/);
  expect(said).not.toContain('restart of rke up');
});
