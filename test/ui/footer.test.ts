import { describe, expect, it } from 'vitest';
import type { ChangeState } from '../../src/domain/session.ts';
import { change, fiveNodes, stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';

const last = (...args: Parameters<typeof drawn>): string =>
  drawn(...args)
    .split('\n')
    .at(-1) ?? '';

describe('the last line of the overview', () => {
  it('keeps the filter beside the plan on 80 columns, also where something is not connected', () => {
    expect(last(stateOf(), 80, 24)).toMatch(/\/ filter.*P plan.*esc back.*\? help/);
    const { 'cp-2': _, ...progress } = stateOf().progress;
    const away = last(stateOf({}, {}, { progress }), 80, 24);
    expect(away).toMatch(/\/ filter.*C connect.*esc back.*\? help/);
    expect(away.length).toBeLessThan(80);
  });

  it('stands closer only where something had to give way', () => {
    expect(last(stateOf(), 80, 24)).toContain('enter open  c continue');
    expect(last(stateOf(), 220, 24)).toContain('enter open   c continue');
  });
});

describe('what was fixed', () => {
  const fixed = ['cp-1', 'cp-2', 'worker-1'];
  const done = (node: string): ChangeState => ({
    change: change('control-0', node),
    commands: [],
    restarts: false,
    at: '2026-03-02T11:30:00Z',
    output: [],
    outcome: { kind: 'done' },
  });
  const { findings } = stateOf().session;
  const passing = Object.fromEntries(
    fixed.map((place) => {
      const key = `control-0@${place}`;
      const verdict = { kind: 'pass', found: 'as wanted', wanted: 'etcd:etcd' } as const;
      return [key, { control: 'control-0', place, verdict }];
    }),
  );
  const state = (view: Parameters<typeof stateOf>[1]) =>
    stateOf({ findings: { ...findings, ...passing }, changes: fixed.map(done) }, view);

  it('counts on every node, while its control is open on another', () => {
    const shown = prose(state({ control: 'control-0' }), 80, 24);
    expect(shown.match(/✔ fixed/g)).toHaveLength(3);
    expect(shown).toMatch(/1 of 14 controls .* pass · \d+ to go · 3 findings fixed/);
    expect(shown).not.toContain('of them fixed');
    expect(prose(state({}), 80, 24)).toContain(
      '3 findings are fixed. What is open needs one restart on each of 5 nodes. ',
    );
  });

  it('is not spoken of before there is any', () => {
    expect(prose(stateOf(), 80, 24)).not.toContain('fixed');
    expect(prose(stateOf({}, { control: 'control-0' }), 80, 24)).not.toContain('fixed');
  });
});

describe('the counts below a control', () => {
  const at = (key: string) => {
    const finding = stateOf().session.findings[key];
    if (!finding) throw new Error(`no finding ${key}`);
    return finding;
  };
  const keys = fiveNodes().map(({ name }) => `control-0@${name}`);
  const waived = Object.fromEntries(
    keys.map((key) => {
      const verdict = {
        kind: 'waived',
        found: 'root:root',
        wanted: 'etcd:etcd',
        reason: 'by Platform',
      } as const;
      return [key, { ...at(key), verdict }];
    }),
  );

  it('say what was waived as they say what was skipped', () => {
    const findings = { ...stateOf().session.findings, ...waived };
    const skips = Object.fromEntries(fiveNodes().map(({ name }) => [`control-1@${name}`, 'later']));
    const shown = prose(stateOf({ findings, skips }, { control: 'control-0' }), 80, 24);
    expect(shown).toContain('5 pass · 1 skipped · 1 waived · 7 to go');
    expect(prose(stateOf({}, { control: 'control-0' }), 80, 24)).not.toContain('waived');
  });

  it('are never cut: where they need the room, the bar gives way', () => {
    const findings = { ...stateOf().session.findings, ...waived };
    const progress = (columns: number) =>
      drawn(stateOf({ findings }, { control: 'control-0' }), columns, 24)
        .split('\n')
        .find((l) => l.includes('to go'))
        ?.trimEnd();
    expect(progress(80)).toContain('█');
    expect(progress(60)).toMatch(/^ 1 of 14 controls .*5 pass · 1 waived · 8 to go$/);
  });
});
