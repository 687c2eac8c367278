import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Change, Step } from '../../src/domain/step.ts';
import type { LabCluster, LabNode } from '../../src/lab/state.ts';
import type { LabStore } from '../../src/lab/store.ts';
import { changeOf, nodeOf, practiceStore } from './practice.ts';

const kubectl = ['/var/lib/rancher/rke2/bin/kubectl'];
const own = { mode: '0600', owner: 'root', group: 'root' } as const;

/** Numbers below `n` that look random and are the same in every run. */
function dice(seed: number): (n: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (n) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 374_761_393) | 0;
    return Math.abs(state ^ (state >>> 13)) % n;
  };
}

function pick<T>(roll: (n: number) => number, from: readonly T[]): T {
  const one = from[roll(from.length)];
  if (one === undefined) throw new Error('nothing to pick from');
  return one;
}

/** A step that may begin on the node as it stands. */
function anyStep(roll: (n: number) => number, node: LabNode, cluster: LabCluster): Step {
  const path = pick(roll, ['/etc/a.conf', '/etc/sysctl.conf', '/etc/rancher/rke2/config.yaml', '/etc/new/b']);
  const file = node.files[path];
  const owner = pick(roll, Object.keys(node.accounts));
  const group = pick(roll, Object.keys(node.groups));
  const name = pick(roll, ['etcd', 'audit', 'probe']);
  switch (roll(9)) {
    case 0: {
      if (path.startsWith('/etc/new/') && !node.files['/etc/new'])
        return { kind: 'make-folder', path: '/etc/new', ...own, mode: '0700' };
      const sha256 = createHash('sha256')
        .update(file?.text ?? '')
        .digest('hex');
      const before = file ? ({ kind: 'present', sha256 } as const) : ({ kind: 'absent' } as const);
      return {
        kind: 'write-file',
        path,
        content: `n = ${roll(1000)}\n`,
        mode: pick(roll, ['0600', '0644']),
        owner,
        group,
        before,
      };
    }
    case 1:
      return {
        kind: 'set-mode',
        path: '/etc/sysctl.conf',
        mode: pick(roll, ['0600', '0640', '0444']),
        before: node.files['/etc/sysctl.conf']?.mode ?? '',
      };
    case 2: {
      const top = pick(roll, ['/etc/sysctl.conf', '/etc/rancher', '/var/lib/rancher/rke2/server/db/etcd']);
      const at = node.files[top] ?? { owner: 'root', group: 'root' };
      return {
        kind: 'set-owner',
        path: top,
        owner,
        group,
        before: `${at.owner}:${at.group}`,
        tree: roll(2) === 0,
      };
    }
    case 3: {
      const key = pick(roll, Object.keys(node.kernel));
      return { kind: 'set-kernel', key, value: String(roll(20)), before: node.kernel[key] ?? '' };
    }
    case 4:
      if (node.accounts[name])
        return { kind: 'run', words: ['rke2', 'etcd-snapshot', 'save'], why: 'a snapshot' };
      return {
        kind: 'create-account',
        name,
        comment: 'made',
        shell: '/sbin/nologin',
        withGroup: node.groups[name] === undefined,
      };
    case 5:
      return { kind: 'create-group', name: `group-${roll(1_000_000)}` };
    case 6: {
      const before = node.units['rke2-agent']?.enabled ?? '';
      const verbs =
        before === 'masked'
          ? (['mask', 'unmask', 'disable'] as const)
          : (['enable', 'disable', 'mask', 'unmask'] as const);
      return { kind: 'set-unit', unit: 'rke2-agent', verb: pick(roll, verbs), before };
    }
    case 7: {
      const namespace = pick(roll, ['shop', 'default']);
      const there = cluster.objects.find(
        (o) =>
          o.kind === 'ServiceAccount' && o.metadata.name === 'default' && o.metadata.namespace === namespace,
      );
      const back = JSON.stringify({
        automountServiceAccountToken: there?.automountServiceAccountToken ?? null,
      });
      const patch = JSON.stringify({ automountServiceAccountToken: roll(2) === 0 });
      return {
        kind: 'patch-object',
        kubectl,
        object: ['serviceaccount', 'default', '-n', namespace],
        patch,
        back,
      };
    }
    default: {
      const policy = `policy-${roll(1_000_000)}`;
      const metadata = { name: policy, namespace: 'shop' };
      const manifest = JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: {},
      });
      return { kind: 'create-object', kubectl, object: ['networkpolicy', policy, '-n', 'shop'], manifest };
    }
  }
}

function bare(store: LabStore) {
  const { changes: _, ...node } = nodeOf(store, 'cp-1');
  // The one thing a change may leave: an etcd snapshot, which says of itself that it cannot be taken back.
  const files = Object.fromEntries(
    Object.entries(node.files).filter(([path]) => !path.includes('/on-demand-')),
  );
  return { node: { ...node, files }, objects: store.cluster().objects };
}

it.each(Array.from({ length: 250 }, (_, seed) => seed))(
  'undone in reverse, any changes leave nothing (%i)',
  (seed) => {
    const roll = dice(seed);
    const { store, clock } = practiceStore({
      nodes: {
        'cp-1': {
          units: { 'rke2-agent': { enabled: pick(roll, ['enabled', 'disabled', 'static', 'masked']) } },
        },
      },
    });
    const before = bare(store);
    const applied: Change[] = [];
    for (let n = roll(12) + 1; n > 0; n--) {
      clock.pass(1);
      const change = changeOf('cp-1', anyStep(roll, nodeOf(store, 'cp-1'), store.cluster()));
      const report = store.perform('cp-1', { kind: 'change', change });
      expect(report.kind, JSON.stringify([change, report])).toBe('done');
      applied.push(change);
    }
    for (const change of applied.toReversed()) {
      clock.pass(1);
      const report = store.perform('cp-1', { kind: 'undo', change, force: false });
      expect(report.kind, JSON.stringify([change, report])).toBe('done');
    }
    expect(bare(store)).toEqual(before);
  },
);
