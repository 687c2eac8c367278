import type { Control, Profile } from '../../src/domain/control.ts';
import type { Role } from '../../src/domain/distribution.ts';
import type { Finding } from '../../src/domain/event.ts';
import { findingKey, type NodeState, noSession, type Session } from '../../src/domain/session.ts';
import type { Change } from '../../src/domain/step.ts';
import type { VerdictKind } from '../../src/domain/verdict.ts';
import { formats } from '../../src/report/index.ts';
import type { AppState, PlannedChange } from '../../src/store/state.ts';
import { firstView, type View } from '../../src/store/view.ts';
import { control as filled, profileOf as numbered, verdict } from '../support/profile.ts';

/** When the fixture's world stands still. */
export const noon = Date.parse('2026-03-02T12:00:00Z');

const words: Readonly<Record<VerdictKind, string>> = {
  pass: 'as wanted',
  fail: 'root:root',
  'configured-not-active': 'in the file, not in the process',
  'pending-restart': 'written, not active yet',
  manual: 'a person has to look',
  unknown: 'no answer',
  waived: 'root:root',
  'not-applicable': '',
};

const reasons: Partial<Readonly<Record<VerdictKind, string>>> = {
  'configured-not-active': 'kubelet has another value, though the configuration is right',
  'pending-restart': 'rke2-server started before the configuration was changed',
  manual: 'only a person can judge this',
  waived: 'waived by Platform until 2027-03-31: the move is in March',
  unknown: 'the node did not answer within 30 s',
};

const kinds: readonly VerdictKind[] = [
  ...(['fail', 'pass', 'unknown', 'manual', 'pending-restart', 'configured-not-active', 'fail'] as const),
];

/** A control by its number. */
export function control(index: number, more: Partial<Control> = {}): Control {
  const title = `Setting ${index} of the node agent is what the benchmark asks for`;
  return filled(`control-${index}`, { title, ...more });
}

/** The controls of the fixture: fourteen, of every impact; number 3 must be looked at by hand, 5 has a preview. */
export function fourteen(): readonly Control[] {
  return Array.from({ length: 14 }, (_, i) =>
    control(i, {
      ...(i === 1 ? { impact: 'service-restart' as const } : {}),
      ...(i === 2 ? { target: 'cluster' as const } : {}),
      ...(i === 5 ? { preview: 'pod-security' as const, impact: 'pod-eviction' as const } : {}),
      ...(i === 6 ? { impact: 'irreversible' as const } : {}),
      ...(i === 7 ? { impact: 'service-restart' as const, guarded: 'profile-switch' as const } : {}),
      ...(i === 8 ? { roles: ['server'] as const, needs: ['control-0'] } : {}),
    }),
  );
}

/** A profile of these controls, ten a chapter, every fifth of level 2. */
export function profileOf(controls: readonly Control[]): Profile {
  return numbered(controls, (i) => ({
    number: `${1 + Math.floor(i / 10)}.1.${(i % 10) + 1}`,
    level: i % 5 === 4 ? 2 : 1,
  }));
}

/** Three servers and two agents, connected. */
export function fiveNodes(): readonly NodeState[] {
  const node = (name: string, role: Role, i: number): NodeState => ({
    name,
    host: `10.0.0.${11 + i}`,
    port: 22,
    user: 'root',
    role,
    facts: {
      hostname: name,
      machineId: `machine-${i}`,
      bootId: `boot-${i}`,
      os: 'Debian GNU/Linux 12 (bookworm)',
      user: 'root',
      sudo: 'root',
      distribution: 'rke2',
      version: 'v1.33.6+rke2r1',
      roles: role === 'server' ? ['server', 'etcd'] : ['agent'],
    },
  });
  return [
    node('cp-1', 'server', 0),
    node('cp-2', 'server', 1),
    node('cp-3', 'server', 2),
    node('worker-1', 'agent', 3),
    node('worker-2', 'agent', 4),
  ];
}

/** A change of a control on a node: one file and one kernel value. */
export function change(of: string, node: string): Change {
  return {
    id: `0001-${of}-${node}`,
    session: 'session-1',
    control: of,
    node,
    via: node,
    steps: [
      {
        kind: 'write-file',
        path: '/etc/sysctl.d/90-kubelet.conf',
        content: 'kernel.panic = 10\n',
        mode: '0644',
        owner: 'root',
        group: 'root',
        before: { kind: 'absent' },
      },
      { kind: 'set-kernel', key: 'kernel.panic', value: '10', before: '0' },
    ],
  };
}

/** A plan that is ready to be applied. */
export function ready(of: string, node: string, restarts = false): PlannedChange {
  return {
    kind: 'ready',
    control: of,
    place: node,
    change: change(of, node),
    commands: ["printf %s 'kernel.panic = 10' > /etc/sysctl.d/90-kubelet.conf", 'sysctl -w kernel.panic=10'],
    undo: ['rm -f /etc/sysctl.d/90-kubelet.conf', 'sysctl -w kernel.panic=0'],
    diffs: [
      {
        path: '/etc/sysctl.d/90-kubelet.conf',
        text: '--- before\n+++ after\n@@ -0,0 +1 @@\n+kernel.panic = 10\n',
      },
    ],
    restarts,
  };
}

/** Plans of a control on all five nodes. */
export function plansOf(of: string): Readonly<Record<string, PlannedChange>> {
  return Object.fromEntries(fiveNodes().map((n) => [findingKey(of, n.name), ready(of, n.name)]));
}

/** A session that has probed everything and stands on the overview. */
export function probedSession(controls: readonly Control[] = fourteen()): Session {
  const nodes = fiveNodes();
  const findings: Record<string, Finding> = {};
  controls.forEach((c, i) => {
    const places = c.target === 'node' ? nodes.map((n) => n.name) : [c.target];
    places.forEach((place, j) => {
      const kind = i === 3 ? 'manual' : i < 2 || i >= 5 ? 'fail' : (kinds[(i + j) % kinds.length] ?? 'pass');
      findings[findingKey(c.id, place)] = {
        control: c.id,
        place,
        verdict: verdict(i >= 9 ? 'pass' : kind, words[kind], 'etcd:etcd', reasons[kind]),
      };
    });
  });
  return {
    ...noSession,
    id: 'session-1',
    operator: 'kim@laptop',
    startedAt: '2026-03-02T11:00:00Z',
    lastAt: '2026-03-02T11:55:00Z',
    step: 'controls',
    distribution: 'rke2',
    benchmark: 'cis-1.12',
    level: 2,
    cluster: 'prod-east',
    nodes,
    findings,
    before: Object.fromEntries(Object.entries(findings).map(([key, f]) => [key, f.verdict])),
    probed: true,
  };
}

/** A whole state around a session and a view. */
export function stateOf(
  session: Partial<Session> = {},
  view: Partial<View> = {},
  rest: Partial<Omit<AppState, 'session' | 'view'>> = {},
): AppState {
  const controls = fourteen();
  return {
    session: { ...probedSession(controls), ...session },
    view: { ...firstView, ...view },
    profiles: [profileOf(controls)],
    sessions: [],
    sshHosts: [],
    plans: {},
    previews: {},
    progress: Object.fromEntries(
      fiveNodes().map((n) => [n.name, { phase: 'done' as const, done: 1, of: 1 }]),
    ),
    work: [],
    output: [],
    journalPath: '/home/kim/.local/state/k8s-harden/sessions/session-1.jsonl',
    formats,
    clusterGone: false,
    recording: 0,
    untouched: false,
    command: 'k8s-harden',
    stopping: false,
    now: noon,
    ...rest,
  };
}

/** A state with so many controls on five nodes. */
export function bigState(rows = 2000): AppState {
  const controls = Array.from({ length: rows }, (_, i) => control(i));
  return { ...stateOf(), session: probedSession(controls), profiles: [profileOf(controls)] };
}
