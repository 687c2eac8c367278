import { describe, expect, it } from 'vitest';
import { acceptedProfiles } from '../../src/lab/rke2-version.ts';
import type { LabStore } from '../../src/lab/store.ts';
import { type HandClock, nodeOf, practiceStore, profileFile, ready, switchOn } from './practice.ts';

const modern = { common: { version: 'v1.33.6+rke2r1' } };

function restarted(patch: unknown, node = 'cp-1', unit = 'rke2-server') {
  const { store, clock } = practiceStore(patch);
  store.perform(node, { kind: 'restart', unit });
  return { store, clock };
}

function unit(store: LabStore, node = 'cp-1', name = 'rke2-server') {
  return nodeOf(store, node).units[name];
}

function fatal(store: LabStore, node = 'cp-1', name = 'rke2-server'): readonly string[] {
  return (nodeOf(store, node).journal[name] ?? []).flatMap(({ text }) => {
    const message = /level=fatal msg=(".*")$/.exec(text)?.[1];
    return message ? [JSON.parse(message) as string] : [];
  });
}

function args(store: LabStore, name: string, node = 'cp-1'): readonly string[] {
  return nodeOf(store, node).processes[name]?.[0] ?? [];
}

/** The practice cluster with cp-1 as its patch says, and ready for a profile. */
function prepared(files: unknown, common: unknown = {}) {
  return { common, nodes: { 'cp-1': { ...ready, files } } };
}

describe('the values of profile an RKE2 version takes', () => {
  it.each<readonly [readonly [number, number, number], readonly string[]]>([
    [[1, 20, 4], ['cis-1.5']],
    [
      [1, 20, 5],
      ['cis-1.5', 'cis-1.6'],
    ],
    [
      [1, 24, 17],
      ['cis-1.5', 'cis-1.6'],
    ],
    [[1, 25, 0], ['cis-1.23']],
    [[1, 25, 14], ['cis-1.23']],
    [
      [1, 25, 15],
      ['cis-1.23', 'cis'],
    ],
    [[1, 26, 9], ['cis-1.23']],
    [
      [1, 26, 10],
      ['cis-1.23', 'cis'],
    ],
    [[1, 27, 6], ['cis-1.23']],
    [
      [1, 27, 7],
      ['cis-1.23', 'cis'],
    ],
    [[1, 28, 1], ['cis-1.23']],
    [
      [1, 28, 2],
      ['cis-1.23', 'cis'],
    ],
    [
      [1, 29, 0],
      ['cis-1.23', 'cis'],
    ],
    [
      [1, 30, 13],
      ['cis-1.23', 'cis'],
    ],
    [
      [1, 30, 14],
      ['cis', 'etcd'],
    ],
    [
      [1, 31, 9],
      ['cis-1.23', 'cis'],
    ],
    [
      [1, 31, 10],
      ['cis', 'etcd'],
    ],
    [
      [1, 32, 5],
      ['cis-1.23', 'cis'],
    ],
    [
      [1, 32, 6],
      ['cis', 'etcd'],
    ],
    [
      [1, 33, 1],
      ['cis-1.23', 'cis'],
    ],
    [
      [1, 33, 2],
      ['cis', 'etcd'],
    ],
    [
      [1, 34, 0],
      ['cis', 'etcd'],
    ],
    [
      [1, 36, 3],
      ['cis', 'etcd'],
    ],
  ])('%j: %j', (version, values) => expect(acceptedProfiles(version)).toEqual(values));
});

describe('a start that RKE2 refuses', () => {
  it('names the account and every kernel value in one message', () => {
    const { store } = restarted({ nodes: { 'cp-1': { files: profileFile('cis-1.6') } } });
    expect(fatal(store)).toEqual([
      'missing required: user: unknown user etcd\nmissing required: group: unknown group etcd\ninvalid kernel parameter value vm.overcommit_memory=0 - expected 1\ninvalid kernel parameter value kernel.panic=0 - expected 10\ninvalid kernel parameter value kernel.panic_on_oops=0 - expected 1\n',
    ]);
    expect(unit(store)).toMatchObject({
      active: 'activating',
      sub: 'auto-restart',
      result: 'exit-code',
      pid: 0,
    });
    expect(nodeOf(store, 'cp-1').processes.kubelet).toBeUndefined();
    expect(args(store, 'kube-apiserver')).not.toEqual([]);
  });

  it('tries again every five seconds, counts, and starts once it may', () => {
    const { store, clock } = restarted({
      nodes: {
        'cp-1': { ...ready, kernel: { ...ready.kernel, 'kernel.panic': '5' }, files: profileFile('cis-1.6') },
      },
    });
    clock.pass(16);
    expect(unit(store)).toMatchObject({ sub: 'auto-restart', restarts: 3 });
    expect(fatal(store)).toHaveLength(4);
    const step = { kind: 'set-kernel', key: 'kernel.panic', value: '10', before: '5' } as const;
    const change = { id: 'c', session: 's', control: 'x', node: 'cp-1', via: 'cp-1', steps: [step] };
    expect(store.perform('cp-1', { kind: 'change', change }).kind).toBe('done');
    clock.pass(7);
    expect(unit(store)).toMatchObject({ active: 'active', sub: 'running', restarts: 4 });
  });

  it('does not ask an agent for the account', () => {
    const { store, clock } = restarted(
      { nodes: { 'worker-1': { files: profileFile('cis-1.6') } } },
      'worker-1',
      'rke2-agent',
    );
    expect(fatal(store, 'worker-1', 'rke2-agent')).toEqual([]);
    clock.pass(2);
    expect(unit(store, 'worker-1', 'rke2-agent')?.active).toBe('active');
    expect(args(store, 'kubelet', 'worker-1')).toContain('--protect-kernel-defaults=true');
  });

  it.each<readonly [string, unknown, string]>([
    [
      'a value its version does not know',
      prepared(profileFile('cis')),
      'invalid value provided for --profile flag',
    ],
    [
      'an old value on a new version',
      prepared(profileFile('cis-1.23'), { version: 'v1.33.2+rke2r1' }),
      'invalid value provided for --profile flag',
    ],
    [
      'protect-kernel-defaults switched off',
      prepared(profileFile('cis-1.6', 'protect-kernel-defaults: false\n')),
      '--protect-kernel-defaults must be true when using --profile=cis-1.6',
    ],
    [
      'a kernel key that is not there',
      {
        nodes: {
          'cp-1': {
            ...ready,
            kernel: { ...ready.kernel, 'kernel.panic': null },
            files: profileFile('cis-1.6'),
          },
        },
      },
      'open /proc/sys/kernel/panic: no such file or directory',
    ],
    [
      'a configuration that is no mapping',
      prepared({ '/etc/rancher/rke2/config.yaml': { text: '- a\n' } }),
      'error converting YAML to JSON: the file is not a mapping',
    ],
  ])('names %s', (_, patch, message) => expect(fatal(restarted(patch).store)).toEqual([message]));
});

describe('the configuration RKE2 reads', () => {
  const started = (files: unknown) => {
    const { store, clock } = restarted(prepared(files));
    clock.pass(2);
    return store;
  };

  it('lets the later file win, and adds where a key ends in +', () => {
    const store = started({
      '/etc/rancher/rke2/config.yaml': { text: 'profile: cis\nkube-apiserver-arg: [a=1]\n' },
      '/etc/rancher/rke2/config.yaml.d/10.yaml': { text: 'profile: cis-1.5\nkube-apiserver-arg+: [b=2]\n' },
      '/etc/rancher/rke2/config.yaml.d/20.yaml': { text: '{"profile": "cis-1.6"}' },
      '/etc/rancher/rke2/config.yaml.d/30.json': { text: 'profile: wrong' },
    });
    expect(unit(store)?.active).toBe('active');
    expect(args(store, 'kube-apiserver')).toEqual(
      expect.arrayContaining(['--a=1', '--b=2', '--audit-log-maxage=30']),
    );
  });

  it('takes the environment where no file says otherwise', () => {
    const environment = { '/etc/default/rke2-server': { text: 'RKE2_CIS_PROFILE=cis-1.6\n' } };
    expect(args(started(environment), 'kubelet')).toContain('--protect-kernel-defaults=true');
    expect(fatal(started({ ...environment, ...profileFile('cis') }))).toHaveLength(1);
  });

  it("puts the operator's argument in the place of a default, and after RKE2's own", () => {
    const store = started(
      profileFile(
        'cis-1.6',
        'kubelet-arg: [anonymous-auth=true]\nkube-apiserver-arg: [audit-log-maxage=60]\n',
      ),
    );
    expect(args(store, 'kubelet').filter((arg) => arg.includes('anonymous'))).toEqual([
      '--anonymous-auth=true',
    ]);
    expect(args(store, 'kube-apiserver').filter((arg) => arg.includes('maxage'))).toEqual([
      '--audit-log-maxage=30',
      '--audit-log-maxage=60',
    ]);
  });
});

describe('a start that comes to its end', () => {
  const cis = (common: unknown = {}, value = 'cis-1.6') => {
    const both = restarted(prepared(profileFile(value), common));
    both.clock.pass(2);
    return both;
  };

  it('takes a moment, has another process number, and says when it was', () => {
    const { store, clock } = practiceStore();
    const before = unit(store)?.pid;
    store.perform('cp-1', { kind: 'restart', unit: 'rke2-server' });
    expect(unit(store)).toMatchObject({ active: 'activating', sub: 'start', restarts: 0 });
    clock.pass(1);
    expect(unit(store)?.active).toBe('activating');
    clock.pass(1);
    expect(unit(store)).toMatchObject({ active: 'active', sub: 'running', since: 1_800_000_002 });
    expect(unit(store)?.pid).not.toBe(before);
  });

  it('warns when there is no profile, and only then', () => {
    const warned = (store: LabStore) =>
      (nodeOf(store, 'cp-1').journal['rke2-server'] ?? []).filter(
        (line) => line.at >= 1_800_000_000 && line.text.includes('not running in CIS mode'),
      ).length;
    expect(warned(restarted({}).store)).toBe(1);
    expect(warned(cis().store)).toBe(0);
  });

  it('switches on what a profile switches on', () => {
    const { store } = cis();
    const node = nodeOf(store, 'cp-1');
    expect(args(store, 'kube-apiserver')).toContain(
      '--audit-policy-file=/etc/rancher/rke2/audit-policy.yaml',
    );
    expect(args(store, 'kubelet')).toContain('--protect-kernel-defaults=true');
    expect(node.files['/var/lib/rancher/rke2/server/db/etcd']).toMatchObject({
      owner: 'etcd',
      group: 'etcd',
      mode: '0700',
    });
    expect(node.files['/var/lib/rancher/rke2/server/db/etcd/member/wal']?.owner).toBe('etcd');
    expect(node.files['/var/lib/rancher/rke2/server/tls/etcd/server-ca.crt']?.owner).toBe('etcd');
    expect(node.files['/var/lib/rancher/rke2/server/tls']?.owner).toBe('root');
    const objects = store.cluster().objects;
    const named = (kind: string) =>
      objects
        .filter((o) => o.kind === kind)
        .map((o) => `${o.metadata.namespace ?? ''}/${o.metadata.name}`)
        .sort();
    expect(named('NetworkPolicy')).toEqual([
      'default/default-network-policy',
      'kube-public/default-network-policy',
      'kube-system/default-network-dns-policy',
      'kube-system/default-network-ingress-policy',
      'kube-system/default-network-policy',
    ]);
    expect(named('PodSecurityPolicy')).toEqual(['/global-restricted-psp', '/system-unrestricted-psp']);
    const off = objects.filter(
      (o) => o.kind === 'ServiceAccount' && o.automountServiceAccountToken === false,
    );
    expect(off.map((o) => o.metadata.namespace).sort()).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ]);
  });

  it('writes the audit policy only where there is none', () => {
    const path = '/etc/rancher/rke2/audit-policy.yaml';
    const own = restarted(
      prepared({ ...profileFile('cis-1.6'), [path]: { text: 'rules: [{level: Metadata}]\n' } }),
    );
    own.clock.pass(2);
    expect(nodeOf(own.store, 'cp-1').files[path]?.text).toBe('rules: [{level: Metadata}]\n');
    const none = restarted(prepared({ ...profileFile('cis-1.6'), [path]: null }));
    none.clock.pass(2);
    expect(nodeOf(none.store, 'cp-1').files[path]).toMatchObject({
      mode: '0600',
      text: expect.stringContaining('level: None'),
    });
  });

  it.each([
    ['v1.23.17+rke2r1', 'cis-1.6', '0644'],
    ['v1.28.3+rke2r1', 'cis', '0600'],
    ['v1.33.6+rke2r1', 'cis', '0600'],
  ])('writes the manifests of %s with %s as %s', (version, value, mode) => {
    const { store } = cis({ version }, value);
    expect(nodeOf(store, 'cp-1').files['/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml']).toMatchObject({
      mode,
      text: expect.stringContaining('runAsUser: 998'),
    });
  });

  it('writes its pod security defaults anew at every start, from 1.25 on', () => {
    const path = '/etc/rancher/rke2/rke2-pss.yaml';
    const { store, clock } = cis(modern.common, 'cis');
    expect(nodeOf(store, 'cp-1').files[path]?.text).toContain('enforce: "restricted"');
    expect(nodeOf(practiceStore(modern).store, 'cp-1').files[path]?.text).toContain('enforce: "privileged"');
    expect(nodeOf(cis().store, 'cp-1').files[path]).toBeUndefined();
    const step = { kind: 'set-mode', path, mode: '0644', before: '0600' } as const;
    store.perform('cp-1', {
      kind: 'change',
      change: { id: 'c', session: 's', control: 'x', node: 'cp-1', via: 'cp-1', steps: [step] },
    });
    store.perform('cp-1', { kind: 'restart', unit: 'rke2-server' });
    clock.pass(2);
    expect(nodeOf(store, 'cp-1').files[path]?.mode).toBe('0600');
  });

  it('leaves a policy alone while its namespace has the annotation, and makes it anew without', () => {
    const deleted = (annotations: unknown) => {
      const { store, clock } = restarted({
        ...prepared(profileFile('cis-1.6')),
        objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default', annotations } }],
      });
      clock.pass(2);
      return store
        .cluster()
        .objects.some((o) => o.kind === 'NetworkPolicy' && o.metadata.namespace === 'default');
    };
    expect(deleted({ 'np.rke2.io': 'resolved' })).toBe(false);
    expect(deleted({})).toBe(true);
  });

  it('has no kubelet, and no new manifests, when a kernel value only the kubelet looks at is wrong', () => {
    const kernel = { ...ready.kernel, 'kernel.keys.root_maxkeys': '200' };
    const { store, clock } = practiceStore({ nodes: { 'cp-1': { ...ready, kernel } } });
    switchOn(store, 'cp-1', 'cis-1.6');
    store.perform('cp-1', { kind: 'restart', unit: 'rke2-server' });
    clock.pass(2);
    expect(unit(store)?.active).toBe('active');
    expect(args(store, 'kubelet')).toEqual([]);
    expect(args(store, 'kube-apiserver').some((arg) => arg.includes('audit'))).toBe(false);
    expect(nodeOf(store, 'cp-1').files['/var/lib/rancher/rke2/agent/logs/kubelet.log']?.text).toContain(
      'invalid kernel flag: kernel/keys/root_maxkeys, expected value: 1000000, actual value: 200',
    );
  });

  it('hangs once where the old etcd left its database to root, until it is given away', () => {
    const quirks = ['etcd-database-stays-root'];
    const { store, clock } = practiceStore({ nodes: { 'cp-1': { ...ready, quirks } } });
    switchOn(store, 'cp-1', 'cis-1.6');
    store.perform('cp-1', { kind: 'restart', unit: 'rke2-server' });
    clock.pass(60);
    const database = '/var/lib/rancher/rke2/server/db/etcd/member/snap/db';
    expect(unit(store)).toMatchObject({ active: 'activating', sub: 'start' });
    expect(nodeOf(store, 'cp-1').files[database]?.owner).toBe('root');
    expect(nodeOf(store, 'cp-1').journal['rke2-server']?.at(-1)?.text).toContain(
      `open ${database}: permission denied`,
    );
    store.perform('cp-1', { kind: 'restart', unit: 'rke2-server' });
    clock.pass(2);
    expect(unit(store)?.active).toBe('active');
    expect(nodeOf(store, 'cp-1').files[database]?.owner).toBe('etcd');
  });

  it('goes with the data folder when that was moved', () => {
    const { store } = cis({}, 'cis-1.6\ndata-dir: /srv/rke2');
    expect(nodeOf(store, 'cp-1').files['/srv/rke2/server/db/etcd']?.owner).toBe('etcd');
  });

  it('keeps the account and the objects when the profile goes again', () => {
    const { store, clock } = cis();
    const path = '/etc/rancher/rke2/config.yaml.d/90-k8s-harden.yaml';
    remove(store, clock, path);
    expect(args(store, 'kubelet')).not.toContain('--protect-kernel-defaults=true');
    expect(nodeOf(store, 'cp-1').files['/var/lib/rancher/rke2/server/db/etcd']?.owner).toBe('etcd');
    expect(store.cluster().objects.some((o) => o.kind === 'NetworkPolicy')).toBe(true);
    expect(store.cluster().objects.some((o) => o.metadata.name === 'global-unrestricted-psp')).toBe(true);
  });
});

/** Takes the profile out of the configuration and restarts. */
function remove(store: LabStore, clock: HandClock, path: string): void {
  const file = nodeOf(store, 'cp-1').files[path];
  expect(file).toBeDefined();
  const change = {
    id: 'out',
    session: 's',
    control: 'x',
    node: 'cp-1',
    via: 'cp-1',
    steps: [
      {
        kind: 'write-file' as const,
        path: '/etc/rancher/rke2/config.yaml.d/95-out.yaml',
        content: 'profile: ""\n',
        mode: '0600',
        owner: 'root',
        group: 'root',
        before: { kind: 'absent' as const },
      },
    ],
  };
  expect(store.perform('cp-1', { kind: 'change', change }).kind).toBe('done');
  store.perform('cp-1', { kind: 'restart', unit: 'rke2-server' });
  clock.pass(2);
}
