import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { Control } from '../../src/domain/control.ts';
import { findingKey, type Session } from '../../src/domain/session.ts';
import type { AppState } from '../../src/store/state.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { width } from '../../src/ui/text.ts';
import { shippedProfiles } from '../controls/practice.ts';
import { control, profileOf, stateOf } from './fixture.ts';

const profiles = await shippedProfiles();

/** A screen of a session on the real distribution of this name, with one control. */
function lines(
  id: string,
  of: Control,
  session: Partial<Session>,
  columns = 120,
  rows = 40,
): readonly string[] {
  const profile = profiles.find((p) => p.distribution.id === id);
  if (!profile) throw new Error(`no ${id}`);
  const finding = {
    control: of.id,
    place: 'cp-1',
    verdict: { kind: 'fail', found: 'a', wanted: 'b' },
  } as const;
  const findings = { [findingKey(of.id, 'cp-1')]: finding };
  const { distribution } = profile;
  const state: AppState = stateOf(
    { distribution: id, findings, ...session },
    { control: session.step === 'restarts' ? undefined : of.id, columns, rows } as never,
    { profiles: [{ ...profileOf([of]), distribution }] },
  );
  const look = lookOf(state.view, { ascii: false, color: true, plain: false });
  return renderToString(<Frame state={state} look={look} mark="" />, { columns }).split('\n');
}

const words = (...of: Parameters<typeof lines>): string =>
  lines(...of)
    .join(' ')
    .replaceAll(/\s+/g, ' ');

const scheduler: Control = {
  ...control(1),
  impact: 'service-restart',
  wants: [{ type: 'argument-file', spec: { service: 'kube-scheduler', flag: 'bind-address' } }],
};
const apiServer = ['snap.k8s.kube-apiserver'];

describe('Canonical Kubernetes, where each component has a service of its own', () => {
  it('names the component, and no service of the whole node', () => {
    const said = words('canonical', scheduler, {});
    expect(said).toContain('Takes effect after a restart of kube-scheduler.');
    expect(said).not.toContain('node service');
    const other = words('canonical', { ...scheduler, wants: [] }, {});
    expect(other).toContain('Takes effect after a restart of the component that reads it.');
  });

  it('says that a restart is due only where it is one of this component', () => {
    const due = { restartsDue: ['cp-1', 'cp-2'], unitsDue: { 'cp-1': apiServer, 'cp-2': apiServer } };
    expect(words('canonical', scheduler, due)).not.toContain('Due now');
    const one = { ...due, unitsDue: { ...due.unitsDue, 'cp-2': [...apiServer, 'snap.k8s.kube-scheduler'] } };
    expect(words('canonical', scheduler, one)).toMatch(/Due now: cp-2\./);
  });

  it.each([
    [80, 24],
    [120, 40],
  ])(
    'the table of restarts says at %i by %i how many more services there are, and names them',
    (columns, rows) => {
      const units = [
        'snap.k8s.kube-apiserver',
        'snap.k8s.kube-controller-manager',
        'snap.k8s.kube-scheduler',
      ];
      const shown = lines(
        'canonical',
        scheduler,
        { step: 'restarts', restartsDue: ['cp-1'], unitsDue: { 'cp-1': units } },
        columns,
        rows,
      );
      const said = shown.join(' ').replaceAll(/\s+/g, ' ');
      expect(said).toContain('kube-apiserver +2 more');
      for (const unit of units) expect(said).toContain(unit);
      expect(shown).toHaveLength(rows - 1);
      for (const each of shown) expect(width(each)).toBeLessThanOrEqual(columns);
    },
  );
});

describe('RKE, where containers are made from cluster.yml', () => {
  const flag = profiles.find((p) => p.distribution.id === 'rke')?.controls ?? [];

  it('a flag of a container needs rke up, and says so', () => {
    const of = flag.find((each) => each.id === 'rke-pull-always');
    if (!of) throw new Error('no control');
    expect(of.impact).toBe('service-restart');
    const said = words('rke', of, {});
    expect(said).toMatch(/Takes effect when rke up has run with the changed \S*cluster\.ya?ml;/);
    expect(said).not.toMatch(/no restart|Nothing restarts|node service/);
  });

  it('no flag of a container is without a restart', () => {
    const flags = flag.filter((each) => each.wants.some((want) => want.type === 'container'));
    expect(flags.length).toBeGreaterThan(50);
    expect(flags.filter((each) => each.impact === 'none').map((each) => each.id)).toEqual([]);
  });
});
