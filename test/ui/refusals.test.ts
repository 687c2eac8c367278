import { describe, expect, it } from 'vitest';
import type { AppState, PlannedChange } from '../../src/store/state.ts';
import { field } from '../../src/store/view-field.ts';
import { locate } from '../../src/ui/location.ts';
import { control, fiveNodes, plansOf, profileOf, stateOf } from './fixture.ts';
import { drawn, prose } from './frame.tsx';
import { scenes } from './scenes.ts';
import { world } from './world.ts';

const refused = (of: string, place: string, more: Partial<PlannedChange> = {}): PlannedChange =>
  ({
    kind: 'refused',
    control: of,
    place,
    reason: 'The etcd folder of this node was moved to where nobody can reach it.',
    instead: 'Let the account etcd pass through its folders, then press r.',
    ...more,
  }) as PlannedChange;
const everywhere = (of: string, more: Partial<PlannedChange> = {}) =>
  Object.fromEntries(fiveNodes().map((n) => [`${of}@${n.name}`, refused(of, n.name, more)]));

describe('a control that is refused everywhere', () => {
  const state = stateOf({}, { control: 'control-0' }, { plans: everywhere('control-0') });

  it('offers no apply, and a says why and what to do', () => {
    expect(drawn(state).split('\n').at(-1)).not.toContain('a apply');
    const w = world(state);
    w.press('a');
    expect(locate(w.state())).toBe('control');
    expect(w.state().view.notice?.text).toBe(
      'Not now: The etcd folder of this node was moved to where nobody can reach it. Let the account etcd pass through its folders, then press r.',
    );
  });

  it('says nothing of a restart that it will not cause', () => {
    expect(prose(state)).not.toContain('Nothing restarts');
  });

  it('comes before a preview, which is read only for what could be applied', () => {
    const before = world(stateOf({}, { control: 'control-5' }, { plans: everywhere('control-5') }));
    before.press('a');
    expect(locate(before.state())).toBe('control');
    expect(before.state().view.notice?.text).toMatch(/^Not now: The etcd folder/);
    const only = world(
      stateOf(
        {},
        { control: 'control-5' },
        { plans: everywhere('control-5', { unseen: true } as Partial<PlannedChange>) },
      ),
    );
    only.press('a');
    expect(locate(only.state())).toBe('preview');
  });
});

describe('a control that is done on one node and refused on the others', () => {
  const { findings } = stateOf().session;
  const first = findings['control-0@worker-1'];
  if (!first) throw new Error('no finding');
  const verdict = {
    kind: 'pending-restart',
    found: 'written',
    wanted: 'y',
    reason: 'not active yet',
  } as const;
  const state = stateOf(
    { findings: { ...findings, 'control-0@worker-1': { ...first, verdict } } },
    { control: 'control-0' },
    {
      plans: {
        ...everywhere('control-0'),
        'control-0@worker-1': { kind: 'nothing', control: 'control-0', place: 'worker-1' },
      },
    },
  );

  it('offers no apply, for it would be about no node, and a says why it is refused', () => {
    expect(drawn(state, 80, 24).split('\n').at(-1)).not.toContain('a apply');
    const w = world(state);
    w.press('a');
    expect(locate(w.state())).toBe('control');
    expect(w.state().view.notice?.text).toMatch(/^Not now: The etcd folder/);
  });

  it('offers it as soon as one node takes it', () => {
    const plans = { ...state.plans, ...Object.fromEntries(Object.entries(plansOf('control-0')).slice(0, 1)) };
    expect(
      drawn({ ...state, plans }, 80, 24)
        .split('\n')
        .at(-1),
    ).toContain('a apply');
  });

  it('offers none at a ticked node where nothing is open', () => {
    const pass = { ...first, verdict: { kind: 'pass', found: 'y', wanted: 'y' } as const };
    const ticked = stateOf(
      { findings: { ...findings, 'control-0@worker-1': pass } },
      { control: 'control-0', picked: { 'places of control-0': ['worker-1'] } },
    );
    expect(drawn(ticked, 80, 24).split('\n').at(-1)).not.toContain('a apply');
    const w = world(ticked);
    w.press('a');
    expect(w.state().view.notice?.text).toBe('Not now: nothing is open on worker-1.');
  });
});

it('a refusal that is cut names the key that has the rest', () => {
  const long = 'The folder cannot be reached by the account that needs it. '.repeat(8);
  const plans = {
    'control-0@cp-1': refused('control-0', 'cp-1', { reason: long } as Partial<PlannedChange>),
  };
  expect(drawn(stateOf({}, { control: 'control-0' }, { plans }), 80, 24)).toMatch(/\.\. d has the rest *$/m);
});

describe('the question of a control that one node does not take', () => {
  const partly = 'Nodes with and without it work side by side.';
  const profiles = [
    profileOf([control(0, { partly, impact: 'service-restart', guarded: 'profile-switch' })]),
  ];
  const long = {
    ...plansOf('control-0'),
    'control-0@cp-2': refused('control-0', 'cp-2'),
    'control-0@cp-1': {
      ...plansOf('control-0')['control-0@cp-1'],
      commands: Array.from({ length: 90 }, (_, i) => `true ${i}`),
    },
  } as AppState['plans'];
  const places = ['cp-1', 'cp-2', 'cp-3'];
  const state = stateOf(
    {},
    { control: 'control-0', overlay: { kind: 'confirm-apply', places } },
    { profiles, plans: long },
  );

  it('names the reason beside the node, what it means, and nothing to scroll for', () => {
    const shown = prose(state, 100, 24);
    expect(shown).toContain('on cp-1 and cp-3? Left out: cp-2: The etcd folder of this node was moved');
    expect(shown).toContain(partly);
  });

  it('has the whole reason with its way out at the end, where End leads', () => {
    const w = world(state);
    w.store.dispatchView({ kind: 'resized', columns: 100, rows: 24 });
    expect(prose(w.state(), 100, 24)).not.toContain('Not on cp-2');
    w.press('end');
    expect(prose(w.state(), 100, 24)).toContain('Not on cp-2: The etcd folder');
    w.press('home', 'x');
    expect(w.state().view.field?.text).toBe('x');
    expect(prose(w.state(), 100, 24)).toContain('On cp-1');
  });
});

describe('the question of a control that no node takes', () => {
  const places = ['cp-1', 'cp-2'];
  const plans = Object.fromEntries(
    places.map((place) => [`control-0@${place}`, refused('control-0', place)]),
  ) as AppState['plans'];
  const profiles = [profileOf([control(0, { impact: 'traffic' })])];
  const state = stateOf(
    {},
    { control: 'control-0', overlay: { kind: 'confirm-apply', places } },
    { profiles, plans },
  );

  it('asks for no name and promises no way back, for nothing would be done', () => {
    const shown = prose(state, 80, 24);
    expect(shown).toContain('can be applied now');
    expect(shown.match(/on cp-1: The etcd folder/gi)).toHaveLength(1);
    for (const words of ['MAY CUT TRAFFIC', 'originals', 'press enter', 'yes, after the name'])
      expect(shown).not.toContain(words);
    const w = world(state);
    w.press('y');
    expect(w.state().view.notice?.text).toBe('Not now: there is nothing that could be applied.');
  });
});

describe('the question of a restart', () => {
  it('names one node, or how many', () => {
    const asked = (nodes: readonly string[]) =>
      prose(stateOf({ step: 'restarts' }, { overlay: { kind: 'confirm-restart', nodes } }), 80, 24);
    expect(asked(['cp-1'])).toContain('Restart the service of cp-1?');
    expect(asked(['cp-1', 'cp-2'])).toContain('Restart the services of 2 nodes, one after the other?');
  });

  it('names the pods that what it puts in force may refuse, and where they are read again', () => {
    const [first] = scenes.undo.session.changes;
    if (!first) throw new Error('no change');
    const changes = [{ ...first, restarts: true, change: { ...first.change, control: 'control-5' } }];
    const acknowledged = { 'control-5': 'pod web-1 would be refused\npod web-2 would be refused' };
    const overlay = { kind: 'confirm-restart', nodes: ['cp-1'] } as const;
    const shown = prose(
      stateOf({ step: 'restarts', restartsDue: ['cp-1'], changes, acknowledged }, { overlay }),
    );
    expect(shown).toMatch(
      /MAY REFUSE PODS: .*pod web-1 would be refused pod web-2 would be refused w on that control/,
    );
    expect(prose(scenes['confirm-restart'])).not.toContain('MAY REFUSE PODS');
  });
});

describe('what a restart says of the API', () => {
  const asked = (nodes: readonly string[], kept: readonly string[], units: readonly string[] = []) =>
    prose(
      stateOf(
        {
          step: 'restarts',
          restartsDue: nodes,
          nodes: fiveNodes().filter(({ name }) => kept.includes(name)),
          ...(units.length > 0 ? { unitsDue: Object.fromEntries(nodes.map((name) => [name, units])) } : {}),
        },
        { overlay: { kind: 'confirm-restart', nodes }, field: field('prod') },
      ),
    );

  it.each([
    [
      'other servers answer',
      ['cp-1'],
      ['cp-1', 'cp-2'],
      [],
      'the Kubernetes API answers from the other servers.',
    ],
    [
      'the only server',
      ['cp-1'],
      ['cp-1', 'worker-1'],
      [],
      'the Kubernetes API does not answer until its only server is back.',
    ],
    ['no server restarts', ['worker-1'], ['cp-1', 'worker-1'], [], 'Pods keep running.'],
    [
      'another component restarts',
      ['cp-1'],
      ['cp-1', 'worker-1'],
      ['snap.k8s.kubelet'],
      'Pods keep running.',
    ],
  ])('%s', (_, nodes, kept, units, words) => {
    expect(asked(nodes, kept, units)).toContain(words);
  });
});

describe('taking a node over', () => {
  const locked = { code: 'locked', node: 'cp-1', holder: 'ana@desk' } as const;
  it('is offered only where somebody else holds the lock', () => {
    const free = stateOf({ step: 'connect' });
    expect(drawn(free, 160).split('\n').at(-1)).not.toContain('take over');
    const w = world(free);
    w.press('t');
    expect(w.state().view.notice?.text).toBe('Not now: nobody else holds the lock of that node.');
    const held = stateOf(
      { step: 'connect' },
      { highlighted: { nodes: 'cp-1' } },
      { progress: { 'cp-1': { phase: 'done', done: 1, of: 1, failure: locked } } },
    );
    expect(drawn(held, 160).split('\n').at(-1)).toContain('t take over');
  });
});

it('a password that is asked for says where else it is tried', () => {
  for (const kind of ['password', 'sudo-password'] as const) {
    const asked = { kind, node: 'cp-1', user: 'kim' } as const;
    const state = stateOf({ step: 'connect' }, {}, { asked });
    expect(drawn(state, 200)).toContain('tried on the other nodes of this session that ask kim for it.');
  }
});
