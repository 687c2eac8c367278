import type { Session } from '../../src/domain/session.ts';
import { noSession } from '../../src/domain/session.ts';
import type { AppState } from '../../src/store/state.ts';
import type { Overlay } from '../../src/store/view.ts';
import { field } from '../../src/store/view-field.ts';
import type { Location } from '../../src/ui/location.ts';
import { change, noon, plansOf, stateOf } from './fixture.ts';

const standing: Session['changes'] = [
  {
    change: change('control-0', 'cp-1'),
    commands: [],
    restarts: true,
    at: '2026-03-02T11:30:00Z',
    outcome: { kind: 'done' },
    output: [],
  },
  {
    change: change('control-1', 'cp-2'),
    commands: [],
    restarts: false,
    at: '2026-03-02T11:40:00Z',
    outcome: { kind: 'done' },
    output: [],
  },
];
const begun: Session['changes'] = [
  {
    change: change('control-0', 'cp-2'),
    commands: [],
    restarts: false,
    at: '2026-03-02T11:50:00Z',
    output: [],
  },
];
const onControl = (overlay: Overlay, id = 'control-0', rest: Parameters<typeof stateOf>[2] = {}): AppState =>
  stateOf(
    {},
    { control: id, overlay, ...(['skip', 'attest'].includes(overlay.kind) ? { field: field() } : {}) },
    { plans: plansOf(id), ...rest },
  );
const two = ['cp-1', 'cp-2'];

/** One telling state for every place where a key can be pressed. */
export const scenes: Readonly<Record<Location, AppState>> = {
  start: stateOf(
    noSession,
    {},
    {
      sessions: [
        {
          id: 's-1',
          startedAt: '2026-03-01T10:00:00Z',
          lastAt: '2026-03-01T11:00:00Z',
          ended: false,
          distribution: 'rke2',
          cluster: 'prod-east',
          nodes: 5,
          unfinished: 1,
          changes: 7,
          lab: false,
          step: 'controls',
          restartsDue: 2,
          finished: false,
          closed: false,
        },
      ],
    },
  ),
  distribution: stateOf({ step: 'distribution' }),
  benchmark: stateOf({ step: 'benchmark' }),
  symptom: stateOf({ step: 'benchmark', purpose: 'repair' }),
  nodes: stateOf({ step: 'nodes' }),
  connect: stateOf(
    { step: 'connect' },
    {},
    {
      progress: {
        'cp-1': { phase: 'done', done: 1, of: 1 },
        'cp-2': { phase: 'asking', done: 3, of: 9 },
        'cp-3': {
          phase: 'failed',
          done: 0,
          of: 0,
          failure: { code: 'connect-timeout', node: 'cp-3', seconds: 20 },
        },
        'worker-1': { phase: 'waiting', done: 0, of: 0 },
      },
      work: [{ id: 'w', label: 'connecting', since: noon - 5_000, done: 1, of: 5, changing: false }],
    },
  ),
  probe: stateOf(
    { step: 'probe', missing: ['worker-2'] },
    {},
    {
      progress: { 'cp-1': { phase: 'asking', done: 30, of: 60 }, 'cp-2': { phase: 'done', done: 1, of: 1 } },
      work: [
        { id: 'w', label: 'asking every control', since: noon - 3_000, done: 1, of: 5, changing: false },
      ],
    },
  ),
  controls: stateOf(),
  filter: stateOf({}, { filtering: 'controls', filter: { controls: 'fail' } }),
  control: stateOf({}, { control: 'control-0' }, { plans: plansOf('control-0') }),
  restarts: stateOf({
    step: 'restarts',
    restartsDue: ['worker-1', 'cp-2', 'cp-1'],
    restarts: [
      {
        node: 'cp-1',
        unit: 'rke2-server',
        at: '2026-03-02T11:50:00Z',
        outcome: { kind: 'crash-looping', line: 'missing required: user: unknown user etcd' },
      },
    ],
  }),
  summary: stateOf({
    step: 'summary',
    changes: standing,
    skips: { 'control-6@cp-1': 'accepted until March' },
    restartsDue: ['cp-1'],
  }),
  export: stateOf({ step: 'export' }),
  help: stateOf({}, { overlay: { kind: 'help' } }),
  quit: stateOf({ changes: begun, restartsDue: ['cp-1'] }, { overlay: { kind: 'quit' } }),
  explain: onControl({ kind: 'explain' }),
  commands: onControl({ kind: 'commands' }),
  preview: onControl({ kind: 'preview' }, 'control-5', {
    previews: {
      'control-5': {
        kind: 'ready',
        lines: Array.from(
          { length: 40 },
          (_, i) => `namespace shop-${i}: Deployment web would be refused, it runs as root`,
        ),
      },
    },
  }),
  'confirm-apply': onControl({ kind: 'confirm-apply', places: two }),
  'confirm-undo': stateOf(
    { changes: standing },
    { overlay: { kind: 'confirm-undo', changes: standing.map((c) => c.change.id), force: false } },
  ),
  'confirm-restart': stateOf(
    { step: 'restarts', restartsDue: two },
    { overlay: { kind: 'confirm-restart', nodes: two }, field: field('prod') },
  ),
  'confirm-repair': stateOf(
    { step: 'restarts', restartsDue: two },
    { overlay: { kind: 'confirm-repair', node: 'cp-1' }, field: field() },
  ),
  'confirm-plan': stateOf({}, { overlay: { kind: 'confirm-plan' } }),
  'confirm-end-lab': stateOf(
    { step: 'start', lab: true },
    { overlay: { kind: 'confirm-end-lab', choice: 'harden' } },
  ),
  'confirm-take-over': stateOf({ step: 'connect' }, { overlay: { kind: 'confirm-take-over', node: 'cp-1' } }),
  skip: onControl({ kind: 'skip', places: two, asks: 'reason', reason: '', owner: '' }),
  attest: onControl({ kind: 'attest', places: two }, 'control-3'),
  undo: stateOf({ changes: standing }, { overlay: { kind: 'undo' } }),
  running: onControl({ kind: 'running' }, 'control-0', {
    work: [{ id: 'w', label: 'changing', since: noon - 12_000, done: 0, of: 2, changing: true }],
    output: Array.from({ length: 60 }, (_, i) => `cp-1: line ${i} of what the node said`),
  }),
  asked: stateOf(
    { step: 'connect' },
    {},
    {
      asked: {
        kind: 'host-key',
        node: 'cp-1',
        host: '10.0.0.11',
        keyType: 'ssh-ed25519',
        fingerprint: 'SHA256:n6mZbE4vWcMNqMuhHS0Yl0k0uRkvyL6e3HDfX2m2x0Y',
      },
    },
  ),
  unfinished: stateOf({ changes: begun }),
  sessions: stateOf(
    noSession,
    { overlay: { kind: 'sessions' } },
    {
      sessions: [
        {
          id: 's-1',
          startedAt: '2026-03-01T10:00:00Z',
          lastAt: '2026-03-01T11:00:00Z',
          ended: false,
          distribution: 'rke2',
          cluster: 'prod-east',
          nodes: 5,
          unfinished: 1,
          changes: 7,
          lab: false,
          step: 'controls',
          restartsDue: 2,
          finished: false,
          closed: false,
        },
        {
          id: 's-2',
          startedAt: '2026-02-01T10:00:00Z',
          lastAt: '2026-02-01T11:00:00Z',
          ended: true,
          distribution: 'rke2',
          cluster: 'test',
          nodes: 3,
          unfinished: 0,
          changes: 0,
          lab: false,
          step: 'summary',
          restartsDue: 0,
          finished: true,
          damage: 'line 7 does not follow from line 6',
          closed: true,
        },
      ],
    },
  ),
  'edit-nodes': stateOf(
    { step: 'nodes', nodes: [] },
    {
      overlay: { kind: 'edit-nodes' },
      field: field('root@10.0.0.11 server\nroot@10.0.0.12:99999\n', { multiline: true }),
    },
  ),
  'edit-cluster': stateOf(
    { step: 'nodes' },
    { overlay: { kind: 'edit-cluster' }, field: field('prod-east') },
  ),
  'import-ssh': stateOf(
    { step: 'nodes' },
    { overlay: { kind: 'import-ssh' } },
    {
      sshHosts: [
        { name: 'bastion', host: '10.0.0.1', port: 22, user: 'kim' },
        { name: 'cp-9', host: '10.0.0.19', port: 2222, user: 'root' },
      ],
    },
  ),
  'name-rancher': stateOf(
    { step: 'nodes' },
    { overlay: { kind: 'name-rancher' }, field: field('https://rancher.example.org') },
  ),
  'log-line': stateOf(
    { step: 'benchmark', purpose: 'repair' },
    { overlay: { kind: 'log-line' }, field: field('dial tcp: lookup db: no such host') },
  ),
  'upgrade-to': stateOf({ step: 'summary' }, { overlay: { kind: 'upgrade-to' }, field: field('v1.34.2') }),
  upgrade: stateOf(
    { step: 'summary' },
    { overlay: { kind: 'upgrade' } },
    {
      upgrade: {
        kind: 'ready',
        to: 'v1.34.2',
        lines: [
          'prod · RKE2 · upgrade to v1.34.2',
          'v1.29.15+rke2r1  cp-1',
          '',
          'breaks   The API server exits, for it knows no admission plugin SecurityContextDeny. (cp-1)',
          '         found SecurityContextDeny (/etc/rancher/rke2/config.yaml:1)',
          '         It does not run so now: it is configured and waits for the next start, and an upgrade is one.',
          '         Take it out of enable-admission-plugins in kube-apiserver-arg.',
          '',
          '9 points of 10 known changes up to v1.34.2 looked at and in order.',
        ],
      },
    },
  ),
  'import-inventory': stateOf(
    { step: 'nodes' },
    { overlay: { kind: 'import-inventory' }, field: field('nodes.yaml') },
  ),
};
