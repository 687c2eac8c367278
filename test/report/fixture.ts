import type { Control, Profile } from '../../src/domain/control.ts';
import type { Event, Finding, NodeFacts, Recorded } from '../../src/domain/event.ts';
import { replay } from '../../src/domain/replay.ts';
import type { Step } from '../../src/domain/step.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { control as filled, profileOf, verdict } from '../support/profile.ts';

export { profileOf, verdict };

/** A control of this title. */
export function control(id: string, title: string, target: Control['target'] = 'node'): Control {
  return filled(id, { title, target });
}

/** Records one second apart. */
export function recorded(events: readonly Event[]): readonly Recorded[] {
  return events.map((event, i) => ({ at: new Date(Date.UTC(2030, 0, 2, 3, 4, i)).toISOString(), event }));
}

/** What a report is made from, by replaying these events. */
export function inputOf(
  events: readonly Event[],
  profile: Profile | undefined,
  chain: ReportInput['chain'] = 'whole',
): ReportInput {
  const records = recorded(events);
  return { session: replay(records), records, chain, ...(profile ? { profile } : {}) };
}

/** What a node turned out to be. */
export function facts(hostname: string, role: 'server' | 'agent'): NodeFacts {
  return {
    hostname,
    machineId: `${hostname}-id`,
    bootId: 'b',
    os: 'Debian 12',
    user: 'ops',
    sudo: 'passwordless',
    distribution: 'rke2',
    version: 'v1.33.6+rke2r1',
    roles: [role],
  };
}

/** A change of one step. */
export function intended(id: string, ofControl: string, node: string, step: Step): Event {
  return {
    kind: 'change-intended',
    change: { id, session: 's1', control: ofControl, node, via: node, steps: [step] },
    commands: ['sysctl -w kernel.panic=10'],
    restarts: true,
  };
}

const found = (list: readonly (readonly [string, string, Verdict])[]): Event => ({
  kind: 'found',
  findings: list.map(([id, place, v]): Finding => ({ control: id, place, verdict: v })),
});

/** Three controls of a small profile. */
export const smallProfile = profileOf([
  control('kernel-values', 'Kernel values the kubelet insists on'),
  control('etcd-account', 'The etcd data directory belongs to etcd:etcd'),
  control('network-policies', 'Every namespace has a network policy', 'cluster'),
]);

const address = (name: string, host: string) => ({ name, host, port: 22, user: 'ops' });

/** A small session with one of everything: a fix, a skip, an undo, a restart, an unknown, a node that was not reached. */
export const smallSession: readonly Event[] = [
  {
    kind: 'session-started',
    id: 's1',
    program: 'k8s-harden 0.1.0',
    operator: 'mara@desk',
    readOnly: false,
    lab: false,
  },
  { kind: 'distribution-chosen', distribution: 'rke2' },
  { kind: 'benchmark-chosen', benchmark: 'cis-1.12', level: 1 },
  {
    kind: 'nodes-set',
    cluster: 'prod-east',
    nodes: [address('cp-1', '10.0.0.1'), address('cp-2', '10.0.0.2'), address('agent-1', '10.0.0.9')],
  },
  { kind: 'node-connected', node: 'cp-1', facts: facts('cp-1', 'server') },
  { kind: 'node-connected', node: 'cp-2', facts: facts('cp-2', 'server') },
  {
    kind: 'node-failed',
    node: 'agent-1',
    failure: { code: 'connect-timeout', node: 'agent-1', seconds: 30 },
  },
  { kind: 'probe-started', places: ['cp-1', 'cp-2', 'agent-1'], controls: 3 },
  found([
    ['kernel-values', 'cp-1', verdict('fail', 'kernel.panic is 0', 'kernel.panic is 10')],
    ['etcd-account', 'cp-1', verdict('fail', 'root:root', 'etcd:etcd')],
    ['network-policies', 'cluster', verdict('unknown', 'no answer', '', 'kubectl may not list policies')],
  ]),
  found([
    ['kernel-values', 'cp-2', verdict('pass', 'kernel.panic is 10', 'kernel.panic is 10')],
    ['etcd-account', 'cp-2', verdict('fail', 'root:root', 'etcd:etcd')],
  ]),
  { kind: 'probe-ended', missing: ['agent-1'] },
  {
    ...intended('c1', 'kernel-values', 'cp-1', {
      kind: 'write-file',
      path: '/etc/sysctl.d/90-kubelet.conf',
      content: 'vm.overcommit_memory=1\nkernel.panic=10\n',
      mode: '0644',
      owner: 'root',
      group: 'root',
      before: { kind: 'present', sha256: '0'.repeat(64) },
      textBefore: 'vm.overcommit_memory=1\nkernel.panic=0\n',
    }),
  } as Event,
  { kind: 'change-ended', change: 'c1', outcome: { kind: 'done' }, output: ['kernel.panic = 10'] },
  found([['kernel-values', 'cp-1', verdict('pass', 'kernel.panic is 10', 'kernel.panic is 10')]]),
  { kind: 'skipped', control: 'etcd-account', place: 'cp-2', reason: 'etcd moves to new disks next week' },
  intended('c2', 'etcd-account', 'cp-1', {
    kind: 'set-owner',
    path: '/var/lib/rancher/rke2/server/db/etcd',
    owner: 'etcd',
    group: 'etcd',
    before: 'root:root',
    tree: true,
  }),
  { kind: 'change-ended', change: 'c2', outcome: { kind: 'done' }, output: [] },
  { kind: 'restart-intended', node: 'cp-1', unit: 'rke2-server' },
  {
    kind: 'restart-ended',
    node: 'cp-1',
    unit: 'rke2-server',
    outcome: { kind: 'crash-looping', line: 'panic: db is locked' },
  },
  {
    kind: 'undo-intended',
    change: 'c2',
    commands: ['chown root:root /var/lib/rancher/rke2/server/db/etcd'],
    force: false,
  },
  { kind: 'undo-ended', change: 'c2', outcome: { kind: 'done' }, output: ['put back'] },
  { kind: 'noted', text: 'called the storage team' },
  { kind: 'session-ended', why: 'left' },
];
