import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import { findingKey } from '../../src/domain/session.ts';
import type { Step } from '../../src/domain/step.ts';
import type { AppState, PlannedChange } from '../../src/store/state.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { width } from '../../src/ui/text.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { control, profileOf, ready, stateOf } from './fixture.ts';

const canonical = (await shippedProfiles()).find((p) => p.distribution.id === 'canonical');
if (!canonical) throw new Error('no Canonical Kubernetes');
const { distribution } = canonical;
const of = { ...control(1), impact: 'service-restart' } as const;
const write = (path: string): Step => ({
  kind: 'write-file',
  path,
  content: '--profiling="false"\n',
  mode: '0600',
  owner: 'root',
  group: 'root',
  before: { kind: 'absent' },
});

function asked(
  path: string,
  columns: number,
  rows: number,
  places: readonly string[] = ['cp-1'],
): readonly string[] {
  const units = ['snap.k8s.kube-apiserver'];
  const plans = places.map((place): [string, PlannedChange] => {
    const plan = ready(of.id, place, true);
    if (plan.kind !== 'ready') throw new Error('no plan');
    const change = { ...plan.change, steps: [write(path)] };
    return [findingKey(of.id, place), { ...plan, units, change }];
  });
  const state: AppState = stateOf(
    { distribution: 'canonical' },
    { control: of.id, overlay: { kind: 'confirm-apply', places }, columns, rows },
    {
      profiles: [{ ...profileOf([of]), distribution }],
      plans: Object.fromEntries(plans),
    },
  );
  const look = lookOf(state.view, { ascii: false, color: true, plain: false });
  return renderToString(<Frame state={state} look={look} mark="" />, { columns }).split('\n');
}

describe('a change of a file that somebody else restarts for', () => {
  it('says who restarts the component, when, and what to do for that', () => {
    const text = asked('/var/snap/k8s/common/args/kube-apiserver', 120, 40).join(' ').replaceAll(/\s+/g, ' ');
    expect(text).toContain('snap.k8s.kube-apiserver has to restart on cp-1. k8sd');
    expect(text).toContain('within two minutes of the change');
    expect(text).toContain('one control-plane node at a time');
  });

  it('says on which server it stops, and that no worker waits', () => {
    const text = asked('/var/snap/k8s/common/args/kube-apiserver', 120, 40, ['cp-1', 'cp-2', 'worker-1']);
    expect(text.join(' ').replaceAll(/\s+/g, ' ')).toContain(
      'So of these only cp-1 is done now; cp-2 can follow once cp-1 has restarted.',
    );
  });

  it('wants the name, for what somebody else restarts waits for no restart of ours', () => {
    const name = (path: string): boolean => asked(path, 120, 40).join(' ').includes('type prod-east');
    expect(name('/var/snap/k8s/common/args/kube-apiserver')).toBe(true);
    expect(name('/var/snap/k8s/common/etc/audit-policy.yaml')).toBe(false);
  });

  it('says nothing of it where another file is written', () => {
    const text = asked('/var/snap/k8s/common/etc/audit-policy.yaml', 120, 40).join(' ');
    expect(text).toContain('has to restart on cp-1.');
    expect(text).not.toContain('k8sd');
  });

  it('says it of an undo, too', () => {
    const { change } = ready(of.id, 'cp-1', true) as PlannedChange & { readonly kind: 'ready' };
    const taken = { ...change, id: 'c1', steps: [write('/var/snap/k8s/common/args/kube-apiserver')] };
    const done = {
      change: taken,
      commands: [],
      restarts: true,
      units: ['snap.k8s.kube-apiserver'],
      at: '2026-03-02T12:00:00Z',
      outcome: { kind: 'done' },
      output: [],
    } as const;
    const state = stateOf(
      { distribution: 'canonical', changes: [done] },
      { overlay: { kind: 'confirm-undo', changes: ['c1'], force: false }, columns: 120, rows: 40 },
      { profiles: [{ ...profileOf([of]), distribution }] },
    );
    const look = lookOf(state.view, { ascii: false, color: true, plain: false });
    const text = renderToString(<Frame state={state} look={look} mark="" />, { columns: 120 });
    expect(text.replaceAll(/\s+/g, ' ')).toContain('due afterwards; not now. k8sd of snaps');
  });

  it.each([
    [60, 16],
    [80, 24],
  ])('fits %i by %i', (columns, rows) => {
    const lines = asked('/var/snap/k8s/common/args/kube-apiserver', columns, rows);
    expect(lines).toHaveLength(rows - 1);
    for (const line of lines) expect(width(line)).toBeLessThanOrEqual(columns);
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain('restart it here at once');
  });
});
