import type { Distribution, Place } from '../../src/domain/distribution.ts';
import { resolveWords } from '../../src/domain/distribution.ts';
import { parseVersion } from '../../src/domain/version.ts';

/** What a case may say of its place; all else is an RKE2 server. */
export type PlaceWords = {
  readonly roles?: Place['roles'];
  readonly version?: string;
  readonly managedBy?: Place['managedBy'];
  readonly session?: string;
  /** Words besides those of the distribution. */
  readonly words?: Place['words'];
};

const distribution: Distribution = {
  id: 'rke2',
  title: 'RKE2',
  words: { 'data-dir': '/var/lib/rancher/rke2', kubectl: '{{data-dir}}/bin/kubectl' },
  versioned: {
    profile: [
      { versions: '<1.25', values: ['cis-1.6', 'cis-1.5'] },
      { versions: '>=1.25', values: ['cis'] },
    ],
  },
  units: { server: 'rke2-server', agent: 'rke2-agent' },
  versionCommands: [['rke2', '--version']],
  etcd: { without: 'disable-etcd', folder: '{{data-dir}}/server/db/etcd' },
  kubectl: ['{{kubectl}}', '--kubeconfig', '/etc/rancher/rke2/rke2.yaml'],
  argumentFiles: {
    folder: '/var/snap/k8s/common/args',
    unit: 'snap.k8s.{service}',
    managedBy: [],
    programs: '/snap/k8s/',
  },
  config: {
    file: '/etc/rancher/rke2/config.yaml',
    folder: '/etc/rancher/rke2/config.yaml.d',
    ours: '/etc/rancher/rke2/config.yaml.d/90-k8s-harden.yaml',
    environment: { files: ['/etc/default/rke2-server', '/etc/default/rke2-agent'], prefix: 'RKE2_' },
    dataDir: { key: 'data-dir', word: 'data-dir' },
    nodeName: 'node-name',
    managedBy: [],
  },
  health: { fatal: [], unhardened: [], logs: [], seconds: 300, settle: 0 },
};

/** A place for a case. */
export function placeFor(words: PlaceWords = {}): Place {
  const version = parseVersion(words.version ?? 'v1.23.17+rke2r1') ?? [0, 0, 0];
  return {
    node: 'cp-1',
    roles: words.roles ?? ['server', 'etcd'],
    distribution,
    version,
    words: { ...resolveWords(distribution, version), ...words.words },
    ...(words.session ? { session: words.session } : {}),
    ...(words.managedBy ? { managedBy: words.managedBy } : {}),
  };
}
