import { describe, expect, it } from 'vitest';
import type { Control, Impact } from '../../src/domain/control.ts';
import type { ChangeState } from '../../src/domain/session.ts';
import type { Change, Step } from '../../src/domain/step.ts';
import type { AppState } from '../../src/store/state.ts';
import type { Overlay } from '../../src/store/view.ts';
import { change, control, profileOf, ready, stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { world } from './world.ts';

const applying = (of: Control, steps?: readonly Step[]): AppState => {
  const plan = ready(of.id, 'cp-1');
  const made = plan.kind === 'ready' && steps ? { ...plan, change: { ...plan.change, steps } } : plan;
  const overlay = { kind: 'confirm-apply', places: ['cp-1'] } as const;
  return stateOf(
    {},
    { control: of.id, overlay },
    { profiles: [profileOf([of])], plans: { [`${of.id}@cp-1`]: made } },
  );
};
const undoing = (of: Control, made: Change = change(of.id, 'cp-1'), force = false): AppState => {
  const done: ChangeState = {
    change: made,
    commands: [],
    restarts: false,
    at: '2026-03-02T11:30:00Z',
    output: [],
    outcome: { kind: 'done' },
  };
  const overlay = { kind: 'confirm-undo', changes: [made.id], force } as const;
  return stateOf({ changes: [done] }, { overlay }, { profiles: [profileOf([of])] });
};

/** Whether `y` alone did it, and whether the name of the cluster did. */
function answers(state: AppState): readonly [y: boolean, name: boolean] {
  const did = (w: ReturnType<typeof world>): boolean =>
    w.names().some((name) => ['apply', 'undo', 'restart', 'repair'].includes(name));
  const yes = world(state);
  yes.press('y');
  const named = world(state);
  named.press(...'prod-east', 'enter');
  return [did(yes), did(named)];
}

const impacts: readonly (readonly [Impact, boolean])[] = [
  ['none', false],
  ['service-restart', false],
  ['reboot', false],
  ['traffic', true],
  ['pod-start', true],
  ['pod-eviction', true],
  ['irreversible', true],
];

describe('how much a question wants', () => {
  it.each(impacts)('follows what is at risk from that moment on: %s', (impact, grave) => {
    expect(answers(applying(control(0, { impact })))).toEqual([!grave, grave]);
    // What cannot be undone is never asked to be.
    if (impact !== 'irreversible') expect(answers(undoing(control(0, { impact })))).toEqual([!grave, grave]);
  });

  it('is the name for what the whole cluster hangs on, and for whatever overwrites the work of others', () => {
    expect(answers(applying(control(0, { impact: 'service-restart', guarded: 'profile-switch' })))).toEqual([
      false,
      true,
    ]);
    expect(answers(undoing(control(0), undefined, true))).toEqual([false, true]);
  });

  it('is the name where a folder in use is moved, or where somebody must answer for a step', () => {
    const moved: Step = { kind: 'move-folder', path: '/var/lib/store', to: '/var/lib/store.old' };
    const vouched: Step = { kind: 'run', words: ['true'], why: 'a reason', vouch: 'You answer for it.' };
    const plain: Step = { kind: 'run', words: ['true'], why: 'a reason' };
    const of = control(0, { impact: 'service-restart' });
    expect(answers(applying(of, [moved]))).toEqual([false, true]);
    expect(answers(applying(of, [vouched]))).toEqual([false, true]);
    expect(answers(applying(of, [plain]))).toEqual([true, false]);
  });

  it('is the name for every restart', () => {
    const overlay: Overlay = { kind: 'confirm-restart', nodes: ['cp-1'] };
    expect(answers(stateOf({ step: 'restarts', restartsDue: ['cp-1'] }, { overlay }))).toEqual([false, true]);
  });

  it('says why, and that it is always the name of the cluster', () => {
    const shown = prose(applying(control(0, { impact: 'traffic' })), 80, 24);
    expect(shown).toContain('This may cut traffic at once. To do it, type prod-east and press enter');
    expect(shown).toContain("it is always the cluster's name");
    expect(prose(scenes['confirm-repair'], 80, 24)).toContain('type prod-east and press enter');
  });
});

describe('undo that reaches beyond its node', () => {
  const kubectl = ['/var/lib/rancher/rke2/bin/kubectl', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml'];
  const reaching = (node: string): Change => ({
    ...change('control-7', node),
    steps: [
      {
        kind: 'run',
        words: ['rke2', 'etcd-snapshot', 'save'],
        why: 'a snapshot',
        undo: [
          [...kubectl, 'delete', 'networkpolicies', 'one', '-n', 'default', '--ignore-not-found'],
          [...kubectl, 'delete', 'networkpolicies', 'two', '-n', 'default', '--ignore-not-found'],
          [...kubectl, 'patch', 'namespaces', 'default', '--type', 'merge', '-p', '{}'],
        ],
      },
    ],
  });
  const stays = 'The data folder keeps its new owner.';
  const of = control(7, {
    first: [{ words: ['rke2'], roles: ['etcd'], why: 'a snapshot', stays }],
  });

  it('says what it takes back in the whole cluster before any key, and wants the name', () => {
    const state = undoing(of, reaching('cp-1'));
    const said =
      'NOT ONLY ON cp-1: in the whole cluster 2 objects are removed (networkpolicies) and 1 value is set back (namespaces) at once.';
    expect(prose(state, 80, 24)).toContain(said);
    expect(prose(state, 120, 40)).toContain(said);
    expect(answers(state)).toEqual([false, true]);
  });

  it('names the nodes that keep the change and lose these too', () => {
    const [first, second] = ['cp-1', 'cp-2'].map(reaching);
    if (!first || !second) throw new Error('no change');
    const state = undoing(of, first);
    const [one] = state.session.changes;
    if (!one) throw new Error('no change');
    const both = { ...state, session: { ...state.session, changes: [one, { ...one, change: second }] } };
    expect(prose(both, 80, 24)).toContain('at once. cp-2 keeps this change but loses these too.');
    const all = { kind: 'confirm-undo', changes: [first.id, second.id], force: false } as const;
    const whole = prose({ ...both, view: { ...both.view, overlay: all } }, 80, 24);
    expect(whole).toContain('NOT ONLY ON cp-1 and cp-2');
    expect(whole).not.toContain('loses these too');
  });

  it('says what stays as it is, and says neither where nothing reaches and nothing stays', () => {
    expect(prose(undoing(of, reaching('cp-1')), 120, 40)).toContain(`STAYS: ${stays}`);
    // An agent has no etcd.
    expect(prose(undoing(of, reaching('worker-1')), 120, 40)).not.toContain('STAYS');
    const plain = prose(undoing(control(0)), 120, 40);
    expect(plain).not.toContain('NOT ONLY');
    expect(plain).not.toContain('STAYS');
  });

  it('keeps the line to type in on the smallest screen, under what it reaches and a wrong name', () => {
    const state = undoing(of, reaching('cp-1'));
    const w = world({ ...state, view: { ...state.view, columns: 60, rows: 16 } });
    expect(drawn(w.state(), 60, 16)).toMatch(/❯ \|/);
    w.press(...'practise', 'enter');
    const shown = prose(w.state(), 60, 16);
    expect(shown).toContain('NOT ONLY ON cp-1: in the whole cluster 2 objects are removed');
    expect(shown).toContain('This reaches the whole cluster: type prod-east and press enter, or esc. ❯ |');
    expect(shown).toContain('“practise” is not “prod-east”, so nothing has happened. Type the name anew.');
  });

  it('is said in the list already', () => {
    const state = undoing(of, reaching('cp-1'));
    const listed = prose({ ...state, view: { ...state.view, overlay: { kind: 'undo' } } }, 80, 24);
    expect(listed).toContain('and what came of it in the whole cluster.');
  });
});
