import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { heading } from '../../src/report/summary-text.ts';
import type { AppState } from '../../src/store/state.ts';
import { field } from '../../src/store/view-field.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { width } from '../../src/ui/text.ts';
import { stateOf } from './fixture.ts';

function frame(state: AppState, columns: number, rows: number): readonly string[] {
  const sized = { ...state, view: { ...state.view, columns, rows } };
  const look = lookOf(sized.view, { ascii: false, color: true, plain: false });
  return renderToString(<Frame state={sized} look={look} mark="" />, { columns }).split('\n');
}

const command = 'rke up --config /home/anna/clusters/shop/cluster.yml';
const due = { step: 'restarts', restartsDue: ['workstation'], unitsDue: { workstation: [command] } } as const;
const failed = {
  ...due,
  restarts: [
    {
      node: 'workstation',
      unit: command,
      at: '2026-03-02T12:00:00Z',
      outcome: { kind: 'failed', line: `${command} ended with exit code 1: Failed to dial ssh` },
    },
  ],
} as const;

describe('a cluster that is made from a file', () => {
  it.each([
    [60, 16],
    [80, 24],
    [120, 40],
  ])('its screens fit %i by %i', (columns, rows) => {
    const asked = stateOf(due, {
      overlay: { kind: 'confirm-restart', nodes: ['workstation'] },
      field: field('prod'),
    });
    for (const state of [stateOf(due), stateOf(failed), asked]) {
      const lines = frame(state, columns, rows);
      expect(lines).toHaveLength(rows - 1);
      for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
    }
  });

  it('the question shows the very command, and never systemctl', () => {
    const asked = stateOf(due, {
      overlay: { kind: 'confirm-restart', nodes: ['workstation'] },
      field: field('prod'),
    });
    const text = frame(asked, 120, 40).join('\n');
    expect(text).toContain(command);
    expect(text).not.toContain('systemctl');
    expect(text.replaceAll(/\s+/g, ' ')).toContain(
      'undo the change of the file, then run the command once more',
    );
  });

  it('a command that failed is shown with its last line', () => {
    expect(frame(stateOf(failed), 120, 40).join(' ').replaceAll(/\s+/g, ' ')).toContain('Failed to dial ssh');
  });
});

describe('a distribution at its end of life', () => {
  const words = 'At its end of life: nobody mends it any more.';
  const state = stateOf({ step: 'distribution' });
  const old = {
    ...state,
    profiles: state.profiles.map((p) => ({
      ...p,
      distribution: { ...p.distribution, endOfLife: { date: '2025-07-31', words } },
    })),
  };

  it('is said where it is chosen', () => {
    expect(frame(old, 100, 30).join(' ').replaceAll(/\s+/g, ' ')).toContain(words);
  });

  it('is said in reports', () => {
    expect(heading(old.session, old.profiles[0])).toContain('(end of life 2025-07-31)');
    expect(heading(state.session, state.profiles[0])).not.toContain('end of life');
  });
});
