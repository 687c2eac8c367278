import { renderToString } from 'ink';
import { describe, expect, it } from 'vitest';
import type { Control, Profile } from '../../src/domain/control.ts';
import { findingKey } from '../../src/domain/session.ts';
import { heading } from '../../src/report/summary-text.ts';
import type { AppState, PlannedChange } from '../../src/store/state.ts';
import { field } from '../../src/store/view-field.ts';
import { askRestart, whyNotConfirm } from '../../src/ui/acts/confirm.ts';
import type { Press } from '../../src/ui/binding.ts';
import { Frame } from '../../src/ui/components/Frame.tsx';
import { lookOf } from '../../src/ui/look.ts';
import { width } from '../../src/ui/text.ts';
import { rolesWord } from '../../src/ui/words.ts';
import { control, fiveNodes, profileOf, ready, stateOf } from './fixture.ts';
import { scenes } from './scenes.ts';

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

  it('names the nodes of the file that are not in the session, above what is typed', () => {
    const of = (member: string, address: string) => ({ name: member, addresses: [address] });
    const [first] = fiveNodes();
    if (!first) throw new Error('no node');
    const asked = (making: NonNullable<AppState['making']>): string => {
      const overlay = { kind: 'confirm-restart', nodes: ['workstation'] } as const;
      return frame(stateOf(due, { overlay, field: field('prod') }, { making }), 120, 40)
        .join(' ')
        .replaceAll(/\s+/g, ' ');
    };
    const membership = {
      shared: [{ member: of('cp-1', '10.0.0.1'), node: first, sure: false }],
      strangers: [of('shop-7', '10.7.0.7')],
      left: [{ name: 'gone-1', host: 'gone-1' }],
    };
    const text = asked({ kind: 'ready', file: 'cluster.yml', membership });
    expect(text).toMatch(/touches 1 node that .* not have: shop-7 \(10\.7\.0\.7\)\..*type /);
    expect(text).toContain('does not name gone-1');
    expect(text).toContain(`cp-1 (10.0.0.1) is ${first.name}`);
    expect(asked({ kind: 'refused', reason: 'the reason', instead: 'The way out.' })).toContain(
      'It is not run: the reason. The way out.',
    );
    expect(asked({ kind: 'asking' })).toContain('are being read');
  });

  it.each([
    ['the cluster', due, 1],
    ['a node', { step: 'restarts', restartsDue: ['cp-1'] } as const, 0],
  ])('the question about %s reads the file where it is needed', (_, session, times) => {
    let read = 0;
    const actions = { foreseeMaking: () => read++ } as unknown as Press['actions'];
    askRestart({ state: stateOf(session), actions, view: () => undefined, now: 0 } as unknown as Press);
    expect(read).toBe(times);
  });

  it('takes no yes before the file was read, and none for another cluster', () => {
    const overlay = { kind: 'confirm-restart', nodes: ['workstation'] } as const;
    const may = (making: AppState['making']) => whyNotConfirm(stateOf(due, { overlay }, { making }));
    expect(may(undefined)).toContain('still being read');
    expect(may({ kind: 'asking' })).toContain('still being read');
    expect(may({ kind: 'refused', reason: 'the reason', instead: '' })).toBe('the reason');
    const membership = { shared: [], strangers: [], left: [] };
    expect(may({ kind: 'ready', file: 'cluster.yml', membership })).toBe(true);
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

describe('a control of the cluster’s file', () => {
  const of = { ...control(1), target: 'workstation', impact: 'service-restart' } as const;
  const plan = { ...ready(of.id, 'workstation', true), units: [command] } as PlannedChange;
  const failing = {
    control: of.id,
    place: 'workstation',
    verdict: { kind: 'fail', found: 'not set', wanted: 'set' },
  } as const;
  const session = { findings: { [findingKey(of.id, 'workstation')]: failing } };
  const made = (...controls: readonly Control[]): Profile => {
    const profile = profileOf(controls);
    const clusterFile = { path: 'cluster.yml', beside: [], apply: ['rke', 'up', '--config', 'cluster.yml'] };
    return { ...profile, distribution: { ...profile.distribution, clusterFile } };
  };
  const rest = {
    profiles: [made(of)],
    plans: { [findingKey(of.id, 'workstation')]: plan },
  };
  const text = (state: AppState): string => frame(state, 120, 40).join(' ').replaceAll(/\s+/g, ' ');

  it('says that a command makes it count, not that a service restarts', () => {
    const opened = text(stateOf(session, { control: of.id }, rest));
    expect(opened).toContain('Takes effect when the command that makes the cluster from this file has run.');
    const overlay = { kind: 'confirm-apply', places: ['workstation'] } as const;
    const asked = text(stateOf(session, { control: of.id, overlay }, rest));
    expect(asked).toContain(`Not now, but later, ${command} has to run on this machine.`);
    expect(asked).not.toContain('restart');
  });

  it('counts as one run of that command on the overview', () => {
    expect(text(stateOf(session, {}, rest))).toContain('What is open needs one rke up, at the end.');
    const node = { ...control(2), impact: 'service-restart', target: 'node' } as const;
    const failingOn = (places: number, ...controls: readonly Control[]) => {
      const nodes = fiveNodes().slice(0, places);
      const found = nodes.map(({ name }) => ({ ...failing, control: node.id, place: name }));
      const findings = Object.fromEntries(found.map((each) => [findingKey(each.control, each.place), each]));
      const all = controls.length > 1 ? { ...findings, ...session.findings } : findings;
      return text(stateOf({ nodes, findings: all }, {}, { profiles: [made(...controls)] }));
    };
    // What stands in a container on the nodes comes from the same file.
    expect(failingOn(2, of, node)).toContain('What is open needs one rke up, at the end.');
    expect(failingOn(1, node)).toContain('What is open needs one rke up, at the end.');
  });

  it('is undone with the same command', () => {
    const [first] = scenes.undo.session.changes;
    if (!first) throw new Error('no change');
    const changes = [{ ...first, restarts: true, change: { ...first.change, node: 'workstation' } }];
    const overlay = { kind: 'confirm-undo', changes: [first.change.id], force: false } as const;
    const shown = text(stateOf({ changes }, { overlay }, rest));
    expect(shown).toContain('rke up is due afterwards; not now.');
    expect(shown).not.toContain('restart is due');
  });
});

it('roles are said as people say them', () => {
  expect(rolesWord(['server', 'agent', 'etcd'])).toBe('servers, agents and etcd nodes');
  expect(rolesWord(['server', 'agent'])).toBe('servers and agents');
  expect(rolesWord([])).toBe('no role');
});
