import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Profile } from '../../src/domain/control.ts';
import type { NodeAddress } from '../../src/domain/event.ts';
import { fail, ok } from '../../src/domain/failure.ts';
import { runningInstead } from '../../src/domain/fitness.ts';
import type { Connector } from '../../src/domain/ports.ts';
import type { Upgrade } from '../../src/domain/upgrade.ts';
import { namedFileWords } from '../../src/engine/place.ts';
import { checkUpgrade } from '../../src/engine/upgrade.ts';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { createLabStore } from '../../src/lab/store.ts';
import { createLabTarget } from '../../src/lab/target.ts';
import { loadProfiles, readPractice } from '../../src/profiles/index.ts';
import { upgradeExit, upgradeJson, upgradeText } from '../../src/report/index.ts';
import { resources } from '../../src/resources/index.ts';

const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
const profiles = loaded.ok ? loaded.value : [];

function profileOf(id: string): Profile {
  const found = profiles.find((p) => p.distribution.id === id);
  if (!found) throw new Error(`no ${id}: ${JSON.stringify(loaded)}`);
  return found;
}

const address = (name: string): NodeAddress => ({ name, host: name, port: 22, user: 'root' });

/** What would come of an upgrade on nodes of the practice cluster with a patch over it; a node called gone is not reached. */
async function upgrade(
  id: string,
  to: string,
  patch: unknown,
  nodes: readonly string[],
  as = id,
  template?: string,
): Promise<Upgrade> {
  const data = await readPractice(['profiles'], id);
  if (!data.ok) throw new Error(JSON.stringify(data.failure));
  const cluster = labCluster(overlay(data.value, patch));
  if (!cluster.ok) throw new Error(JSON.stringify(cluster.failure));
  const now = Date.UTC(2026, 0, 5);
  const store = createLabStore(cluster.value, {
    readYaml: parse,
    clock: { now: () => now, sleep: async () => undefined },
  });
  const connector: Connector = {
    connect: async (node) =>
      node.name === 'gone'
        ? fail({ code: 'node-unreachable', node: node.name, host: node.host, message: 'no route' })
        : ok({ target: createLabTarget(store, node.name), privilege: 'root', notes: [] } as never),
  };
  return checkUpgrade({
    profile: template === undefined ? profileOf(as) : withFile(profileOf(as), template),
    others: profiles.map((p) => p.distribution),
    to,
    nodes: nodes.map(address),
    connector,
    workstation: createLabTarget(store, nodes.find((n) => n !== 'gone') ?? 'cp-1'),
    forks: 2,
    answerer: async () => undefined,
  });
}

/** A profile for which the file of the cluster was named. */
function withFile(profile: Profile, path: string): Profile {
  const { distribution } = profile;
  const words = { ...distribution.words, ...namedFileWords(path) };
  return { ...profile, distribution: { ...distribution, words } };
}

/** The gates of an upgrade by what comes of them on one node. */
function kinds({ findings }: Upgrade, kind: string): readonly string[] {
  return findings.filter((f) => f.kind === kind).map((f) => f.gate.id);
}

/** A server of the practice cluster that runs a version, with a configuration and whole kernel values. */
function server(version: string, config: string, more: object = {}) {
  const right = {
    'vm.overcommit_memory': 1,
    'vm.panic_on_oom': 0,
    'kernel.panic': 10,
    'kernel.panic_on_oops': 1,
  };
  const written = Object.entries(right).map(([key, value]) => `${key} = ${value}\n`);
  return {
    nodes: {
      'cp-1': {
        version,
        kernel: right,
        accounts: { etcd: { uid: 900, gid: 900, shell: '/sbin/nologin', comment: 'etcd user' } },
        groups: { etcd: 900 },
        files: {
          '/etc/rancher/rke2/config.yaml': { mode: '0600', text: config },
          '/etc/sysctl.d/90-kubelet.conf': {
            text: `${written.join('')}kernel.keys.root_maxkeys = 1000000\nkernel.keys.root_maxbytes = 25000000\n`,
          },
        },
        ...more,
      },
    },
  };
}

describe('the value of profile on the version that is named', () => {
  // Both sides of every boundary: what runs takes the value, and the next version does or does not.
  it.each([
    ['1.20.4', 'cis-1.5', '1.20.5', true],
    ['1.23.17', 'cis-1.6', '1.24.17', true],
    ['1.24.17', 'cis-1.6', '1.25.0', false],
    ['1.24.17', 'cis-1.5', '1.25.15', false],
    ['1.25.0', 'cis-1.23', '1.25.14', true],
    ['1.25.14', 'cis-1.23', '1.25.15', true],
    ['1.25.15', 'cis', '1.26.9', false],
    ['1.25.15', 'cis', '1.26.10', true],
    ['1.26.10', 'cis', '1.27.6', false],
    ['1.26.10', 'cis', '1.27.7', true],
    ['1.27.7', 'cis', '1.28.1', false],
    ['1.27.7', 'cis', '1.28.2', true],
    ['1.30.0', 'cis-1.23', '1.30.13', true],
    ['1.30.13', 'cis-1.23', '1.30.14', false],
    ['1.31.8', 'cis-1.23', '1.31.9', true],
    ['1.31.9', 'cis-1.23', '1.31.10', false],
    ['1.32.4', 'cis-1.23', '1.32.5', true],
    ['1.32.5', 'cis-1.23', '1.32.6', false],
    ['1.33.0', 'cis-1.23', '1.33.1', true],
    ['1.33.1', 'cis-1.23', '1.33.2', false],
    ['1.33.1', 'cis-1.23', '1.34.2', false],
    ['1.33.2', 'cis', '1.36.3', true],
    ['1.30.14', 'etcd', '1.31.9', false],
    ['1.30.14', 'etcd', '1.31.10', true],
  ])('%s with %s goes to %s: %s', async (runs, value, to, fine) => {
    const done = await upgrade('rke2', `v${to}`, server(`v${runs}+rke2r1`, `profile: ${value}\n`), ['cp-1']);
    const finding = done.findings.find((f) => f.gate.id === 'profile-value');
    expect(finding?.kind, JSON.stringify(finding)).toBe(fine ? 'holds' : 'breaks');
  });

  it('none at all is fine everywhere, and nothing hangs on it', async () => {
    const done = await upgrade(
      'rke2',
      'v1.34.2',
      server('v1.33.6+rke2r1', 'write-kubeconfig-mode: "0600"\n'),
      ['cp-1'],
    );
    expect(kinds(done, 'holds')).toContain('profile-value');
    expect(kinds(done, 'not-applicable')).toEqual(
      expect.arrayContaining(['profile-etcd-account', 'profile-kernel-values', 'pod-security-begins']),
    );
    expect(upgradeExit(done)).toBe(0);
  });
});

describe('flags and plugins that a version no longer knows', () => {
  it.each([
    ['enable-admission-plugins=DenyEscalatingExec', '1.20.15', '1.21.0', 'deny-escalating-exec'],
    ['insecure-port=0', '1.23.17', '1.24.0', 'insecure-flags'],
    [
      'enable-admission-plugins=NodeRestriction,PodSecurityPolicy',
      '1.24.17',
      '1.25.0',
      'pod-security-policy-plugin',
    ],
    ['enable-admission-plugins=SecurityContextDeny', '1.29.15', '1.30.0', 'security-context-deny'],
  ])('%s: fine up to %s, not on %s', async (flag, last, first, gate) => {
    const patch = server('v1.20.15+rke2r1', `kube-apiserver-arg:\n  - ${flag}\n`);
    const before = await upgrade('rke2', `v${last}`, patch, ['cp-1']);
    expect(before.findings.filter((f) => f.gate.id === gate && f.kind === 'breaks')).toEqual([]);
    const after = await upgrade('rke2', `v${first}`, patch, ['cp-1']);
    expect(after.findings.find((f) => f.gate.id === gate)?.kind).toBe('breaks');
  });

  it.each([
    ['kube-scheduler-arg', '1.23.17', 0],
    ['kube-scheduler-arg', '1.24.0', 1],
    ['kube-controller-manager-arg', '1.24.0', 1],
  ])('address in %s on %s', async (key, to, broken) => {
    const patch = server('v1.23.17+rke2r1', `${key}:\n  - address=127.0.0.1\n`);
    const done = await upgrade('rke2', `v${to}`, patch, ['cp-1']);
    expect(kinds(done, 'breaks').filter((id) => id === 'address-flags')).toHaveLength(broken);
  });

  it.each([
    ['1.23.17', []],
    ['1.24.0', ['audit-policy-version']],
  ])('an old audit policy on %s', async (to, broken) => {
    const patch = server('v1.23.17+rke2r1', 'profile: cis-1.6\n');
    const file = { text: 'apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nrules:\n  - level: Metadata\n' };
    Object.assign(patch.nodes['cp-1'].files, { '/etc/rancher/rke2/audit-policy.yaml': file });
    const done = await upgrade('rke2', `v${to}`, patch, ['cp-1']);
    expect(kinds(done, 'breaks')).toEqual(broken);
  });
});

describe('what is configured and waits for a start', () => {
  const plugin = 'kube-apiserver-arg:\n  - enable-admission-plugins=SecurityContextDeny\n';
  const of = (done: Upgrade, gate: string) => done.findings.find((f) => f.gate.id === gate);
  const later = 1_767_000_000;

  /** A server that runs without the flag while its file asks for it, or the other way round. */
  async function waiting(runs: readonly string[], config: string) {
    const patch = overlay(server('v1.29.15+rke2r1', config), {
      nodes: {
        'cp-1': {
          processes: { 'kube-apiserver': ['kube-apiserver', ...runs] },
          files: { '/etc/rancher/rke2/config.yaml': { modified: later } },
        },
      },
    });
    return upgrade('rke2', 'v1.30.14', patch, ['cp-1']);
  }

  it('breaks though nothing runs so, and says that it waits', async () => {
    const done = await waiting([], plugin);
    expect(of(done, 'security-context-deny')).toMatchObject({ kind: 'breaks', when: 'configured' });
    const text = upgradeText({ upgrade: done, profile: profileOf('rke2'), cluster: 'prod' });
    expect(text).toContain('It does not run so now: it is configured and waits for the next start');
    expect(text).toContain('SecurityContextDeny (/etc/rancher/rke2/config.yaml:1)');
    const said = JSON.parse(upgradeJson({ upgrade: done, profile: profileOf('rke2'), cluster: 'prod' }));
    const [finding] = said.findings.filter((f: { gate: string }) => f.gate === 'security-context-deny');
    expect(finding).toMatchObject({ when: 'configured' });
  });

  it('breaks as both where it runs so too', async () => {
    const done = await waiting(['--enable-admission-plugins=SecurityContextDeny'], plugin);
    expect(of(done, 'security-context-deny')).toMatchObject({ kind: 'breaks', when: 'both' });
  });

  it('holds where it was taken out and the start is still to come', async () => {
    const done = await waiting(['--enable-admission-plugins=SecurityContextDeny'], 'token: x\n');
    expect(of(done, 'security-context-deny')).toMatchObject({
      kind: 'holds',
      verdict: { kind: 'pending-restart' },
    });
  });

  it('makes a gate matter whose reason does not run yet', async () => {
    const config = 'kubelet-arg:\n  - protect-kernel-defaults=true\n';
    const patch = overlay(server('v1.33.6+rke2r1', config), {
      nodes: {
        'cp-1': {
          processes: { kubelet: ['kubelet'] },
          kernel: { 'kernel.keys.root_maxkeys': 200 },
        },
      },
    });
    const done = await upgrade('rke2', 'v1.34.2', patch, ['cp-1']);
    expect(of(done, 'kubelet-kernel-values')).toMatchObject({ kind: 'breaks', when: 'configured' });
  });

  it('is read in the argument files of Canonical Kubernetes', async () => {
    const file = '/var/snap/k8s/common/args/kube-apiserver';
    const patch = {
      nodes: {
        'cp-1': {
          files: { [file]: { mode: '0600', text: '--enable-admission-plugins="SecurityContextDeny"\n' } },
        },
      },
    };
    const done = await upgrade('canonical', 'v1.33.1', patch, ['cp-1']);
    expect(of(done, 'security-context-deny')?.kind).toBe('breaks');
    expect(of(done, 'security-context-deny')?.when).toMatch(/configured|both/);
  });

  it('is read in cluster.yml, once that is named; the containers are made anew from it', async () => {
    const file = (plugins: string) => ({
      nodes: {
        'cp-1': {
          files: {
            '/home/operator/cluster.yml': {
              text: `services:\n  kube-api:\n    extra_args:\n      enable-admission-plugins: ${plugins}\n`,
            },
          },
        },
      },
    });
    const runs = {
      nodes: {
        'cp-1': {
          containers: {
            'kube-apiserver': { args: ['kube-apiserver', '--enable-admission-plugins=SecurityContextDeny'] },
          },
        },
      },
    };
    const named = '/home/operator/cluster.yml';
    const asks = await upgrade('rke', 'v1.30.1', file('SecurityContextDeny'), ['cp-1'], 'rke', named);
    expect(of(asks, 'security-context-deny')).toMatchObject({ kind: 'breaks', when: 'configured' });
    const gone = await upgrade(
      'rke',
      'v1.30.1',
      overlay(file('NodeRestriction'), runs),
      ['cp-1'],
      'rke',
      named,
    );
    expect(of(gone, 'security-context-deny')).toMatchObject({ kind: 'holds' });
    const unnamed = await upgrade('rke', 'v1.30.1', runs, ['cp-1']);
    expect(of(unnamed, 'security-context-deny')).toMatchObject({ kind: 'breaks' });
    expect(unnamed.leftOut).toContain('--template');
    expect(gone.leftOut).toBeUndefined();
  });
});

describe('what a start will look at', () => {
  it('the kernel and the account, where the profile is set', async () => {
    const patch = server('v1.33.6+rke2r1', 'profile: cis\n');
    const whole = await upgrade('rke2', 'v1.34.2', patch, ['cp-1']);
    expect(kinds(whole, 'breaks')).toEqual([]);
    const drifted = overlay(patch, {
      nodes: { 'cp-1': { kernel: { 'kernel.panic': 60 } } },
    });
    const done = await upgrade('rke2', 'v1.34.2', drifted, ['cp-1']);
    expect(kinds(done, 'breaks')).toContain('profile-kernel-values');
    expect(done.findings.find((f) => f.gate.id === 'profile-kernel-values')?.verdict.found).toContain('60');
  });

  it('what a person has to look at is asked once: where the versions are crossed', async () => {
    const crossing = await upgrade('rke2', 'v1.25.16', server('v1.24.17+rke2r1', 'profile: cis-1.6\n'), [
      'cp-1',
    ]);
    expect(kinds(crossing, 'look')).toEqual(['pod-security-begins']);
    const beyond = await upgrade('rke2', 'v1.34.2', server('v1.33.6+rke2r1', 'profile: cis\n'), ['cp-1']);
    expect(kinds(beyond, 'look')).toEqual([]);
  });
});

describe('what is said of it', () => {
  const patch = server('v1.31.9+rke2r1', 'profile: cis-1.23\n');
  const text = (done: Upgrade) => upgradeText({ upgrade: done, profile: profileOf('rke2'), cluster: 'prod' });

  it('what breaks comes first, with what to do instead, and versions left out', async () => {
    const done = await upgrade('rke2', 'v1.33.6', patch, ['cp-1']);
    expect(upgradeExit(done)).toBe(3);
    expect(text(done).split('\n')).toEqual([
      'prod · RKE2 · upgrade to v1.33.6',
      'v1.31.9+rke2r1  cp-1',
      'From 1.31 to 1.33 leaves versions out; Kubernetes goes one minor version at a time, so check each of them too.',
      'For 1.33 there is: CIS Kubernetes Benchmark 1.12 (--benchmark cis-1.12).',
      '',
      'breaks   RKE2 does not start, with invalid value provided for --profile flag; it takes other values on that version. (cp-1)',
      expect.stringMatching(
        /^ {9}found cis-1\.23 \(\/etc\/rancher\/rke2\/config\.yaml:1\), wanted profile: cis or /,
      ),
      expect.stringMatching(/^ {9}Set profile to a value that both versions take, .*\.$/),
      '',
      expect.stringMatching(/^\d+ points of \d+ known changes looked at and in order\.$/),
      '',
    ]);
  });

  it('a node that is not reached is open, never fine; none at all is 4', async () => {
    const some = await upgrade('rke2', 'v1.31.10', server('v1.31.9+rke2r1', 'profile: cis\n'), [
      'cp-1',
      'gone',
    ]);
    expect(kinds(some, 'breaks')).toEqual([]);
    expect(upgradeExit(some)).toBe(3);
    expect(text(some)).toContain('gone: gone (gone) cannot be reached: no route.');
    expect(text(some)).not.toContain('Nothing that is known here would break');
    const none = await upgrade('rke2', 'v1.31.10', patch, ['gone']);
    expect(upgradeExit(none)).toBe(4);
    expect(text(none)).not.toContain('in order');
  });

  it('a node that runs something else is named, and what it is', async () => {
    const done = await upgrade('canonical', 'v1.34.2', {}, ['cp-1'], 'rke2');
    expect(upgradeExit(done)).toBe(3);
    expect(text(done)).toContain(
      'cp-1 runs Canonical Kubernetes v1.32.6. Use --distribution canonical for it.',
    );
    expect(runningInstead(done.nodes, profiles)?.distribution.id).toBe('canonical');
    const rke = await upgrade('rke', 'v1.25.16', {}, ['cp-1'], 'rke2');
    expect(runningInstead(rke.nodes, profiles)?.distribution.id).toBe('rke');
    const right = await upgrade('rke2', 'v1.34.2', patch, ['cp-1']);
    expect(runningInstead(right.nodes, profiles)).toBeUndefined();
    expect(runningInstead([...done.nodes, ...rke.nodes], profiles)).toBeUndefined();
    expect(runningInstead([...done.nodes, ...right.nodes], profiles)).toBeUndefined();
  });

  it('an older version than what runs, and one that no benchmark is made for', async () => {
    const back = text(await upgrade('rke2', 'v1.30.14', patch, ['cp-1']));
    expect(back).toContain('v1.30.14 is older than what runs; Kubernetes is not taken back.');
    const far = text(await upgrade('rke2', 'v1.99.0', patch, ['cp-1']));
    expect(far).toMatch(/No benchmark here is made for 1\.99\.|For 1\.99 there is: RKE2 hardening guide/);
  });

  it('what is known here ends somewhere: beyond it nothing is fine, and it is said', async () => {
    const known = await upgrade('rke2', 'v1.36.1', server('v1.35.0+rke2r1', 'profile: cis\n'), ['cp-1']);
    expect(known.untold).toEqual([]);
    expect(upgradeExit(known)).toBe(0);
    expect(text(known)).toContain('Nothing that is known here would break on v1.36.1.');
    const beyond = await upgrade('rke2', 'v1.37.0', server('v1.36.1+rke2r1', 'profile: cis\n'), ['cp-1']);
    expect(kinds(beyond, 'breaks')).toEqual([]);
    expect(upgradeExit(beyond)).toBe(3);
    expect(text(beyond)).toContain('What is known here ends with Kubernetes 1.36');
    expect(text(beyond)).toContain('Whether anything breaks on v1.37.0 is not known');
    expect(text(beyond)).not.toMatch(/Nothing that is known here|known changes up to/);
  });

  it('versions that are left out, and one that is older, are not fine', async () => {
    const config = 'profile: cis\n';
    const leaps = await upgrade('rke2', 'v1.36.1', server('v1.33.6+rke2r1', config), ['cp-1']);
    expect(kinds(leaps, 'breaks')).toEqual([]);
    expect(upgradeExit(leaps)).toBe(3);
    const back = await upgrade('rke2', 'v1.33.5', server('v1.33.6+rke2r1', config), ['cp-1']);
    expect(upgradeExit(back)).toBe(3);
    expect(text(back)).not.toContain('Nothing that is known here');
  });

  it.each([
    ['v1.31.9', 'What is known here ends with Kubernetes 1.30'],
    ['v1.33.4', 'RKE was released with Kubernetes 1.32 last'],
  ])('RKE to %s', async (to, said) => {
    const done = await upgrade('rke', to, { common: { version: 'v1.30.14' } }, ['cp-1']);
    expect(upgradeExit(done)).toBe(3);
    const report = { upgrade: done, profile: profileOf('rke'), cluster: 'prod' };
    expect(upgradeText(report)).toContain(said);
    const { exitCode, untold } = JSON.parse(upgradeJson(report));
    expect(exitCode).toBe(3);
    expect(untold.join(' ')).toContain(said);
  });

  it('the same for programs', async () => {
    const done = await upgrade('rke2', 'v1.31.10', patch, ['cp-1']);
    const said = JSON.parse(upgradeJson({ upgrade: done, profile: profileOf('rke2'), cluster: 'prod' }));
    expect(said).toMatchObject({
      form: 'k8s-harden/upgrade/1',
      exitCode: 3,
      to: 'v1.31.10',
      nodes: [{ name: 'cp-1', version: 'v1.31.9+rke2r1', failure: null }],
    });
    expect(said.findings.find((f: { gate: string }) => f.gate === 'profile-value')).toMatchObject({
      node: 'cp-1',
      kind: 'breaks',
      instead: expect.stringContaining('Set profile to a value'),
    });
  });
});

describe('RKE, judged by its containers', () => {
  const args = (container: string, flag: string) => ({
    nodes: {
      'cp-1': { containers: { [container]: { args: ['/opt/rke-tools/entrypoint.sh', container, flag] } } },
    },
  });

  it.each([
    ['kube-apiserver', '--repair-malformed-updates=false', '1.13.12', '1.14.0', 'malformed-updates-flag'],
    [
      'kube-apiserver',
      '--enable-admission-plugins=DenyEscalatingExec',
      '1.20.15',
      '1.21.0',
      'deny-escalating-exec',
    ],
    [
      'kube-apiserver',
      '--experimental-encryption-provider-config=/etc/kubernetes/encryption.yaml',
      '1.23.17',
      '1.24.0',
      'experimental-encryption-flag',
    ],
    ['kube-scheduler', '--address=127.0.0.1', '1.23.17', '1.24.0', 'address-flags'],
    ['kube-controller-manager', '--address=127.0.0.1', '1.23.17', '1.24.0', 'address-flags'],
    [
      'kube-apiserver',
      '--enable-admission-plugins=PodSecurityPolicy',
      '1.24.17',
      '1.25.0',
      'pod-security-policy-plugin',
    ],
    [
      'kube-apiserver',
      '--enable-admission-plugins=SecurityContextDeny',
      '1.29.15',
      '1.30.0',
      'security-context-deny',
    ],
  ])('%s %s: fine up to %s, not on %s', async (container, flag, last, first, gate) => {
    const before = await upgrade('rke', `v${last}`, args(container, flag), ['cp-1']);
    expect(kinds(before, 'breaks')).not.toContain(gate);
    const after = await upgrade('rke', `v${first}`, args(container, flag), ['cp-1']);
    expect(kinds(after, 'breaks')).toContain(gate);
  });

  it('a kubelet that insists on kernel values, and one that does not', async () => {
    const insists = await upgrade('rke', 'v1.25.16', args('kubelet', '--protect-kernel-defaults=true'), [
      'cp-1',
    ]);
    expect(kinds(insists, 'breaks')).toEqual(['kubelet-kernel-values']);
    const lets = await upgrade('rke', 'v1.25.16', {}, ['cp-1']);
    expect(kinds(lets, 'not-applicable')).toContain('kubelet-kernel-values');
  });

  it('a component that does not run leaves open what it would make of the version', async () => {
    const stopped = { nodes: { 'cp-1': { containers: { 'kube-apiserver': { state: 'exited' } } } } };
    const done = await upgrade('rke', 'v1.25.16', stopped, ['cp-1']);
    expect(kinds(done, 'unknown')).toContain('pod-security-policy-plugin');
    expect(kinds(done, 'holds')).not.toContain('pod-security-policy-plugin');
    expect(upgradeExit(done)).toBe(3);
  });
});

describe('Canonical Kubernetes, judged by its argument files', () => {
  it.each([
    ['v1.35.4', []],
    ['v1.36.0', ['dqlite-left-behind']],
  ])('the old datastore is to be looked at for %s', async (to, look) => {
    const old = {
      nodes: { 'cp-1': { files: { '/var/snap/k8s/common/var/lib/k8s-dqlite': { mode: '0700' } } } },
    };
    const done = await upgrade('canonical', to, old, ['cp-1']);
    expect(kinds(done, 'look')).toEqual(look);
    expect(kinds(done, 'breaks')).toEqual([]);
    expect(kinds(done, 'holds')).toEqual(['security-context-deny']);
    const without = await upgrade('canonical', to, {}, ['cp-1']);
    expect(kinds(without, 'look')).toEqual([]);
  });
});

it.each(profiles.map((p) => [p.distribution.id, p] as const))(
  '%s states for every change where it is from, and in whole sentences what happens and what to do',
  (_id, { gates = [] }) => {
    expect(gates.length).toBeGreaterThan(0);
    for (const { what, instead, sources } of gates) {
      expect(what).toMatch(/^[A-Z].*\.$/);
      expect(instead).toMatch(/^[A-Z].*\.$/);
      expect(sources.length).toBeGreaterThan(0);
    }
  },
);
