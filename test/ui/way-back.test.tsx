import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/domain/step.ts';
import { change, ready, stateOf } from './fixture.ts';
import { prose } from './frame.tsx';

const on = { control: 'control-0', overlay: { kind: 'confirm-apply', places: ['cp-1'] } } as const;
const drain: Step = { kind: 'run', words: ['kubectl', 'drain', 'worker-2'], why: 'its pods move' };
const stop: Step = {
  kind: 'run',
  words: ['systemctl', 'stop', 'rke2-agent'],
  why: 'it stops',
  undo: [['systemctl', 'start', 'rke2-agent']],
};
const end: Step = { kind: 'run', words: ['rke2-killall.sh'], why: 'containers end' };

const asked = (steps: readonly Step[], restarts = false): string => {
  const plan = ready('control-0', 'cp-1', restarts);
  if (plan.kind !== 'ready') throw new Error('no plan');
  const whole = { ...plan, change: { ...plan.change, steps }, units: ['rke2-agent'] };
  return prose(stateOf({}, on, { plans: { 'control-0@cp-1': whole } }), 80, 40);
};

describe('the question before a change', () => {
  it('promises an undo only of what can be taken back', () => {
    expect(asked(change('control-0', 'cp-1').steps)).toContain('The originals are kept there. u undoes.');
    expect(asked([drain])).toContain('Nothing of it can be undone.');
    expect(asked([drain])).not.toMatch(/u undoes|originals/);
    expect(asked([stop, end])).toContain('u undoes what has a way back, and no more.');
  });

  it('says that a service stops now where it does, and not that it goes on until later', () => {
    expect(asked([stop, end], true)).toContain(
      'Now, rke2-agent stops on cp-1. It stays down until you start it on the Restarts screen.',
    );
    expect(asked([stop, end], true)).not.toContain('Not now, but later');
    expect(asked(change('control-0', 'cp-1').steps, true)).toContain(
      'Not now, but later, rke2-agent has to restart on cp-1.',
    );
  });
});

describe('the question before a restart', () => {
  const stopped = {
    change: { ...change('control-0', 'worker-1'), steps: [stop, end] },
    commands: [],
    restarts: true,
    at: '2026-03-02T11:30:00Z',
    output: [],
    outcome: { kind: 'done' },
  } as const;
  const restarting = (more = {}) =>
    prose(
      stateOf(
        { changes: [stopped], restartsDue: ['worker-1'], ...more },
        { overlay: { kind: 'confirm-restart', nodes: ['worker-1'] } },
      ),
      80,
      40,
    );

  it('does not say that pods keep running where the change has stopped them', () => {
    expect(restarting()).toContain('The service of worker-1 is down since it was stopped by a change');
    expect(restarting()).not.toContain('Pods keep running');
  });

  it('says so again once the service was started since', () => {
    const restarts = [
      { node: 'worker-1', unit: 'rke2-agent', at: '2026-03-02T11:40:00Z', outcome: { kind: 'healthy' } },
    ];
    expect(restarting({ restarts })).toContain('Pods keep running.');
  });
});
