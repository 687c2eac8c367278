// What tests of screens, reports and the store share: a distribution, controls and verdicts with everything filled in.
import type { BenchmarkItem, Control, Profile } from '../../src/domain/control.ts';
import type { Distribution } from '../../src/domain/distribution.ts';
import type { Trouble } from '../../src/domain/trouble.ts';
import type { Verdict } from '../../src/domain/verdict.ts';

/** RKE2, as far as anything but a node needs it. */
const distribution: Distribution = {
  id: 'rke2',
  title: 'RKE2',
  words: {},
  versioned: {},
  units: { server: 'rke2-server', agent: 'rke2-agent' },
  versionCommands: [['rke2', '--version']],
  kubectl: ['kubectl'],
  config: {
    file: '/etc/rancher/rke2/config.yaml',
    folder: '/etc/rancher/rke2/config.yaml.d',
    ours: '/etc/rancher/rke2/config.yaml.d/90-k8s-harden.yaml',
    environment: { files: [], prefix: 'RKE2_' },
    dataDir: { key: 'data-dir', word: 'data-dir' },
    managedBy: [],
  },
  health: { fatal: [], unhardened: [], logs: [], seconds: 60, settle: 0 },
};

/** A control with everything filled in. */
export function control(id: string, more: Partial<Control> = {}): Control {
  return {
    id,
    title: `What ${id} asks for`,
    target: 'node',
    roles: ['server', 'agent'],
    why: 'Somebody who gets at it could read every Secret of the cluster, and nobody would notice for a long time.',
    breaks: 'Tools that read the file as another user stop working; their log says permission denied.',
    impact: 'none',
    wants: [],
    needs: [],
    sources: ['Hardening guide, chapter 3', 'CIS Kubernetes Benchmark'],
    ...more,
  };
}

/** A profile of these controls: numbered 1.1, 1.2 and so on in level 1 of the first of its two benchmarks, unless said. */
export function profileOf(
  controls: readonly Control[],
  numbered: (index: number) => Pick<BenchmarkItem, 'number' | 'level'> = (index) => ({
    number: `1.${index + 1}`,
    level: 1,
  }),
): Profile {
  const items = controls.map((c, index) => ({ ...numbered(index), control: c.id }));
  const of = distribution.id;
  return {
    distribution,
    controls,
    benchmarks: [
      { id: 'cis-1.12', distribution: of, title: 'CIS 1.12', kubernetes: '>=1.32 <1.34', items },
      { id: 'cis-1.6', distribution: of, title: 'CIS 1.6', kubernetes: '>=1.21 <1.24', items: [] },
    ],
    troubles: [
      troubleOf('trouble-names', 'Pods cannot resolve names', controls.slice(0, 3)),
      troubleOf('trouble-all', 'Look for yourself', controls),
    ],
  };
}

/** A trouble whose possible causes are these controls. */
function troubleOf(id: string, title: string, controls: readonly Control[]): Trouble {
  return {
    id,
    distribution: distribution.id,
    title,
    symptom:
      'One sees it in the logs of the pods, and they are restarted again and again. It began yesterday.',
    kubernetes: '>=0.0',
    items: controls.map((c, index) => ({
      number: String(index + 1),
      level: 1,
      control: c.id,
      lesson: {
        fault: `Fault of ${c.id}`,
        asks: `What the kernel and its files say of ${c.id}.`,
        why: 'A node is a router for its pods.',
        healthy: 'One now, and at the next boot.',
        means: `The packets of pods are dropped by ${c.id}, so no name is resolved on this node.`,
        deeper: 'The files are read in the order of their names, and the last line counts.',
        signs: [`${c.id}: no such host`],
      },
    })),
  };
}

/** A verdict of a kind; one that must say why does so. */
export function verdict(kind: Verdict['kind'], found = 'x', wanted = 'y', reason?: string): Verdict {
  if (kind !== 'pass' && kind !== 'fail') return { kind, found, wanted, reason: reason ?? 'for a reason' };
  return { kind, found, wanted, ...(reason === undefined ? {} : { reason }) };
}
