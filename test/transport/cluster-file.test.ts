import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Profile, selectControls } from '../../src/domain/control.ts';
import { type Place, resolveWords } from '../../src/domain/distribution.ts';
import type { Event } from '../../src/domain/event.ts';
import { ok } from '../../src/domain/failure.ts';
import type { Change } from '../../src/domain/step.ts';
import { makeCluster } from '../../src/engine/make-cluster.ts';
import { inapplicable, namedFileWords } from '../../src/engine/place.ts';
import { planControl } from '../../src/engine/plan.ts';
import { probe } from '../../src/engine/probe.ts';
import { loadProfiles } from '../../src/profiles/index.ts';
import { resources } from '../../src/resources/index.ts';
import { createWorkstation, kubeconfigBeside } from '../../src/transport/workstation.ts';
import { newFolder } from './support/loopback.ts';

const limit = { deadlineMs: 5000 };
let folder: ReturnType<typeof newFolder>;
let profile: Profile;
const environment = { state: process.env.XDG_STATE_HOME, path: process.env.PATH };

beforeAll(async () => {
  const loaded = await loadProfiles(['profiles'], (type, spec) => resources.get(type)?.schema.parse(spec));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.failure));
  const found = loaded.value.find((p) => p.distribution.id === 'rke');
  if (!found) throw new Error('no RKE');
  profile = found;
});
beforeEach(() => {
  folder = newFolder();
  process.env.XDG_STATE_HOME = folder.at('state');
  mkdirSync(folder.at('bin'));
});
afterEach(() => {
  if (environment.state === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = environment.state;
  process.env.PATH = environment.path;
  folder.remove();
});

/** The operator's machine as a place of a cluster of this version. */
function placeAt(version: Place['version']): Place {
  const distribution = {
    ...profile.distribution,
    words: { ...profile.distribution.words, ...namedFileWords(folder.at('cluster.yml')) },
  };
  const words = resolveWords(distribution, version);
  return { node: 'workstation', roles: ['server'], distribution, version, words };
}

/** The same file for a cluster of a version; without that line rke takes the newest that it knows. */
function naming(version: Place['version'], text: string): string {
  return `kubernetes_version: v${version.join('.')}-rancher1-1${text.includes('\r\n') ? '\r\n' : '\n'}${text}`;
}

/** As `rke config` leaves it: lists at the edge, quotes, empty values. */
const generated = `# If you intended to deploy Kubernetes in an air-gapped environment,
# please consult the documentation on how to configure custom RKE images.
nodes:
- address: 192.0.2.11
  port: "22"
  internal_address: ""
  role:
  - controlplane
  - worker
  - etcd
  hostname_override: ""
  user: rancher
  docker_socket: /var/run/docker.sock
  labels: {}
  taints: []
services:
  etcd:
    image: ""
    extra_args: {}
    backup_config: null
  kube-api:
    image: ""
    extra_args: {}
    extra_binds: []
    service_cluster_ip_range: 10.43.0.0/16
    pod_security_policy: false
    always_pull_images: false
    secrets_encryption_config: null
    audit_log: null
    event_rate_limit: null
  kube-controller:
    image: ""
    extra_args: {}
    cluster_cidr: 10.42.0.0/16
  scheduler:
    image: ""
    extra_args: {}
  kubelet:
    image: ""
    extra_args: {}
    cluster_domain: cluster.local
network:
  plugin: canal
  options: {}
addons: ""
ssh_key_path: ~/.ssh/id_rsa
cluster_name: ""
`;

/** By a person: two blanks, comments everywhere, one setting wrong, no last line break. */
const byHand = `cluster_name: shop   # as in the wiki

nodes:
    - { address: 192.0.2.11, user: rancher, role: [controlplane, etcd] }   # hall 1
    - { address: 192.0.2.21, user: rancher, role: [worker] }

services:
    # Ask the platform team before you change this.
    kube-api:
        extra_args:
            profiling: 'true'   # for the load test in May
            audit-log-maxage: "7"
    kubelet:
        extra_args: { max-pods: "250" }   # agreed with the network people
# Never change this one.
network: { plugin: calico }`;

/** With anchors for what several nodes share, block text for addons, and line ends of another system. */
const shared = `# shared by all
defaults: &node
  user: rancher
  role: &roles [controlplane, etcd, worker]
nodes:
  - <<: *node
    address: 192.0.2.11
  - address: 192.0.2.12
    user: rancher
    role: *roles
services:
  scheduler:
    extra_args:
      v: "2"
addons: |-
  ---
  apiVersion: v1
  kind: Namespace   # stays as it is
  metadata:
    name: shop
`.replaceAll('\n', '\r\n');

/** In the shape of RKE's documented full example: every section, remarks before and within, alternatives as comments. */
const documented = `# A file with everything in it; take out what you do not need.
cluster_name: mycluster

nodes:
    - address: 192.0.2.31
      user: ubuntu
      role:
        - controlplane
        - etcd
      port: 2222
      docker_socket: /var/run/docker.sock
    # A second one, reached by its name
    - address: node.example.org
      user: ubuntu
      role:
        - worker
      hostname_override: node-b
      labels:
        app: ingress

# Whether to go on where docker is of another version
ignore_docker_version: false

private_registries:
    - url: registry.example.org
      user: Username
      is_default: true

bastion_host:
    address: 192.0.2.99
    user: ubuntu
    port: 22

# Whichever rke takes of itself
# kubernetes_version: v1.30.4-rancher1-1

services:
    etcd:
      # Another datastore:
      # external_urls:
      #   - https://etcd.example.org:2379
      snapshot: true
      creation: 5m0s
      retention: 24h
      extra_args:
        election-timeout: 5000
        # Not for this site
        # heartbeat-interval: 500
    kube-api:
      service_cluster_ip_range: 10.43.0.0/16
      service_node_port_range: 30000-32767
      extra_args:
        # What it says of itself
        v: 4
    kube-controller:
      cluster_cidr: 10.42.0.0/16
      service_cluster_ip_range: 10.43.0.0/16
      extra_args:
        v: 4
    kubelet:
      cluster_domain: cluster.local
      cluster_dns_server: 10.43.0.10
      fail_swap_on: false
      extra_args:
        max-pods: 250
      extra_binds:
        - "/usr/libexec/kubernetes/kubelet-plugins:/usr/libexec/kubernetes/kubelet-plugins"
    scheduler:
      extra_args:
        v: 4
    kubeproxy:
      extra_args:
        v: 4

authentication:
    strategy: x509
    sans:
      - "192.0.2.99"   # the load balancer

authorization:
    mode: rbac

network:
    plugin: canal
    mtu: 1400

ingress:
    provider: nginx
    node_selector:
      app: ingress
`;

/** Every leaf of a tree with the way to it. */
function leaves(tree: unknown, way = ''): readonly string[] {
  if (typeof tree !== 'object' || tree === null) return [`${way}=${JSON.stringify(tree)}`];
  const inner = Object.entries(tree);
  return inner.length === 0
    ? [`${way}=${JSON.stringify(tree)}`]
    : inner.flatMap(([k, v]) => leaves(v, `${way}/${k}`));
}

async function applyAll(
  version: Place['version'],
  id = 'hardening-2.1',
): Promise<{ readonly changes: readonly Change[] }> {
  const workstation = createWorkstation({ readOnly: false });
  const place = placeAt(version);
  const [benchmark] = profile.benchmarks.filter((b) => b.id === id);
  if (!benchmark) throw new Error('no benchmark');
  const controls = selectControls(profile, benchmark, 2).filter(
    (c) => c.target === 'workstation' && inapplicable(c, place) === undefined,
  );
  const changes: Change[] = [];
  for (const control of controls) {
    const { answers } = await probe(workstation, [control], place, limit);
    const plan = planControl(control, place, answers);
    if (plan.kind === 'nothing') continue;
    if (plan.kind === 'refused') throw new Error(`${control.id}: ${plan.reason}`);
    expect(plan).toMatchObject({ restarts: true, units: [`rke up --config ${folder.at('cluster.yml')}`] });
    const change: Change = {
      id: `c${changes.length}`,
      session: 's1',
      control: control.id,
      node: 'workstation',
      via: 'workstation',
      steps: plan.steps,
    };
    expect(await workstation.perform({ kind: 'change', change }, limit)).toMatchObject({ kind: 'done' });
    const { findings } = await probe(workstation, [control], place, limit);
    expect(findings[0]?.verdict.kind, JSON.stringify(findings)).toBe('pass');
    changes.push(change);
  }
  return { changes };
}

describe.each([
  ['as rke config writes it', generated],
  ['by hand', byHand],
  ['with anchors and other line ends', shared],
  ["in the shape of RKE's full example", documented],
] as const)('a cluster.yml %s', (_, written) => {
  it.each([
    ['an old cluster', 'hardening-2.1', [1, 11, 6]],
    ['a cluster of 1.24', 'hardening-2.1', [1, 24, 17]],
    ['one of the last', 'hardening-2.1', [1, 30, 4]],
    ['one of the last', 'cis-1.8', [1, 30, 4]],
  ] as const)('of %s gets %s and nothing else, and goes back to the byte', async (_, id, version) => {
    const text = naming(version, written);
    writeFileSync(folder.at('cluster.yml'), text, { mode: 0o640 });
    writeFileSync(folder.at('cluster.rkestate'), '{"secret":"state"}\n', { mode: 0o644 });
    const { changes } = await applyAll(version, id);
    expect(changes.length).toBeGreaterThan(3);
    const after = readFileSync(folder.at('cluster.yml'), 'utf8');
    for (const line of text.split(/\r?\n/).filter((each) => each.includes('# ')))
      expect(after).toContain(line.slice(line.indexOf('# ')));
    // What was there and is of no control is there still, in its order.
    const own = /^\/services\/(kubelet|kube-api|scheduler|kube-controller|etcd\/[ug]id)\b/;
    const untouched = (tree: unknown) =>
      leaves(tree).filter((leaf) => !own.test(leaf) && !/^\/addons=/.test(leaf));
    const merge = { merge: true };
    // The guide's objects are for versions that have PodSecurityPolicies, and follow what was there.
    const addonsOf = (yaml: string): string => (parse(yaml, merge) as { addons?: string }).addons ?? '';
    const [before, now] = [addonsOf(text), addonsOf(after)];
    expect(now.startsWith(before)).toBe(true);
    expect(now.slice(before.length).includes('kind: PodSecurityPolicy')).toBe(version[1] < 25);
    if (version[1] >= 25) expect(now).toBe(before);
    expect(untouched(parse(after, merge))).toEqual(
      untouched(parse(text, merge)).filter((l) => !/^\/services=/.test(l)),
    );
    const kept = new Set(leaves(parse(after, merge)));
    const lost = leaves(parse(text, merge)).filter(
      (leaf) => !kept.has(leaf) && !/={}$|=null$|=\[\]$|=false$|=0$|^\/addons=/.test(leaf),
    );
    expect(lost).toEqual(
      written === byHand
        ? [
            '/services/kube-api/extra_args/profiling="true"',
            ...(version[1] < 14 || id === 'cis-1.8'
              ? ['/services/kube-api/extra_args/audit-log-maxage="7"']
              : []),
          ]
        : [],
    );
    expect(after.includes('\r\n')).toBe(text.includes('\r\n'));
    expect(after.replaceAll('\r\n', '').includes('\n')).toBe(!text.includes('\r\n'));

    const workstation = createWorkstation({ readOnly: false });
    for (const change of changes.toReversed())
      expect(await workstation.perform({ kind: 'undo', change, force: false }, limit)).toMatchObject({
        kind: 'done',
      });
    expect(readFileSync(folder.at('cluster.yml'), 'utf8')).toBe(text);
    expect(statSync(folder.at('cluster.yml')).mode & 0o777).toBe(0o640);
    expect(readFileSync(folder.at('cluster.rkestate'), 'utf8')).toBe('{"secret":"state"}\n');
  });
});

const named = naming([1, 24, 17], byHand);

it('the file and its state are kept before an edit, each 0600, and the state stands in no step', async () => {
  writeFileSync(folder.at('cluster.yml'), named, { mode: 0o644 });
  writeFileSync(folder.at('cluster.rkestate'), '{"secret":"state"}\n', { mode: 0o644 });
  const { changes } = await applyAll([1, 24, 17]);
  const kept = folder.at('state/k8s-harden/kept/s1/c0');
  const originals = readdirSync(kept).filter((name) => name.endsWith('.original'));
  expect(originals.map((name) => readFileSync(join(kept, name), 'utf8'))).toEqual([
    named,
    '{"secret":"state"}\n',
  ]);
  for (const name of originals) expect(statSync(join(kept, name)).mode & 0o777).toBe(0o600);
  expect(JSON.stringify(changes)).not.toContain('"secret"');
});

it('without its state file nothing is edited, and the reason names it', async () => {
  writeFileSync(folder.at('cluster.yml'), named);
  await expect(applyAll([1, 24, 17])).rejects.toThrow(/cluster\.rkestate is not there/);
  expect(readFileSync(folder.at('cluster.yml'), 'utf8')).toBe(named);
});

it('a state file that goes between the look and the edit stops it', async () => {
  writeFileSync(folder.at('cluster.yml'), named);
  writeFileSync(folder.at('cluster.rkestate'), '{}\n');
  const place = placeAt([1, 24, 17]);
  const [control] = profile.controls.filter((c) => c.id === 'rke-cluster-kubelet');
  if (!control) throw new Error('no control');
  const workstation = createWorkstation({ readOnly: false });
  const { answers } = await probe(workstation, [control], place, limit);
  const plan = planControl(control, place, answers);
  if (plan.kind !== 'steps') throw new Error(JSON.stringify(plan));
  rmSync(folder.at('cluster.rkestate'));
  const change = {
    id: 'c0',
    session: 's1',
    control: 'x',
    node: 'workstation',
    via: 'workstation',
    steps: plan.steps,
  };
  expect(await workstation.perform({ kind: 'change', change }, limit)).toMatchObject({ kind: 'refused' });
  expect(readFileSync(folder.at('cluster.yml'), 'utf8')).toBe(named);
});

it('a file that leaves the version to rke is not edited, for the next rke up may upgrade the cluster', async () => {
  for (const text of [byHand, `kubernetes_version: ""\n${byHand}`]) {
    writeFileSync(folder.at('cluster.yml'), text);
    writeFileSync(folder.at('cluster.rkestate'), '{}\n');
    await expect(applyAll([1, 24, 17])).rejects.toThrow(/names no kubernetes_version.*1\.24\.17 runs/);
    expect(readFileSync(folder.at('cluster.yml'), 'utf8')).toBe(text);
  }
});

describe('rke up', () => {
  const program = (name: string, script: string): void => {
    writeFileSync(folder.at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(folder.at(`bin/${name}`), 0o755);
    process.env.PATH = `${folder.at('bin')}:${environment.path}`;
  };
  const run = async (words: readonly string[], readOnly = false) => {
    const events: Event[] = [];
    const lines: string[] = [];
    const result = await makeCluster({
      target: createWorkstation({ readOnly }),
      words,
      recorder: { record: async (event) => ok(void events.push(event)) },
      now: () => 1000,
      onOutput: (line) => lines.push(line),
    });
    return { outcome: result.ok ? result.value : undefined, events, lines };
  };

  it('gets its words as they are, streams what it prints without control sequences, and ends well', async () => {
    program('rke', 'echo "args: $*"; printf "\\033[31mred\\033[0m\\n" >&2; printf last');
    const { outcome, events, lines } = await run(['rke', 'up', '--config', "it's here/cluster.yml"]);
    expect(outcome).toEqual({ kind: 'healthy', seconds: 0 });
    expect(lines.toSorted()).toEqual(["args: up --config it's here/cluster.yml", 'last', 'red']);
    const unit = "rke up --config 'it'\\''s here/cluster.yml'";
    expect(events).toMatchObject([
      { kind: 'restart-intended', node: 'workstation', unit },
      { kind: 'restart-ended', node: 'workstation', unit, outcome: { kind: 'healthy' } },
    ]);
  });

  it('that ends with another exit code failed, with its last line', async () => {
    program('rke', 'echo "[etcd] Failed to bring up Etcd Plane" >&2; exit 1');
    const { outcome } = await run(['rke', 'up', '--config', 'cluster.yml']);
    expect(outcome).toMatchObject({
      kind: 'failed',
      line: expect.stringContaining('ended with exit code 1: [etcd] Failed to bring up Etcd Plane'),
    });
  });

  it('that is not on this machine is said plainly', async () => {
    process.env.PATH = folder.at('bin');
    const { outcome } = await run(['rke', 'up', '--config', 'cluster.yml']);
    expect(outcome).toMatchObject({
      kind: 'unknown',
      failure: { message: expect.stringContaining('There is no rke on this machine') },
    });
  });

  it('is the only thing that runs, and not in a read-only session', async () => {
    program('rke', `touch ${folder.at('ran')}`);
    for (const words of [
      ['rke', 'remove', '--config', 'x'],
      ['sh', 'up', '--config', 'x'],
      ['rke', 'up', '--config', 'x', '--init'],
    ])
      expect((await run(words)).outcome).toMatchObject({ kind: 'unknown', failure: { code: 'refused' } });
    expect((await run(['rke', 'up', '--config', 'x'], true)).outcome).toMatchObject({
      failure: { code: 'read-only' },
    });
    expect(readdirSync(folder.path)).not.toContain('ran');
  });

  it('kubectl is asked with the kubeconfig beside the file, and with no other', async () => {
    program(
      'kubectl',
      'case "$*" in *psp*) echo "Error from server (NotFound): no" >&2; exit 1 ;; *down*) echo refused >&2; exit 1 ;; esac\necho "{\\"items\\":[], \\"with\\": \\"$KUBECONFIG\\", \\"args\\": \\"$*\\"}"',
    );
    const ask = async (workstation: ReturnType<typeof createWorkstation>, ...get: readonly string[]) =>
      [...(await workstation.ask([{ kind: 'object', kubectl: ['kubectl'], get }], limit)).values()][0];
    const workstation = createWorkstation({ readOnly: true, kubeconfig: kubeconfigBeside('/x/cluster.yml') });
    expect(await ask(workstation, 'namespaces')).toMatchObject({
      kind: 'said',
      text: expect.stringMatching(/"\/x\/kube_config_cluster\.yml", "args": "get namespaces -o json"/),
    });
    expect(await ask(workstation, 'psp', 'x')).toEqual({ kind: 'absent' });
    expect(await ask(workstation, 'down')).toEqual({ kind: 'failed', exit: 1, message: 'refused' });
    expect(await ask(createWorkstation({ readOnly: true }), 'namespaces')).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('--template'),
    });
    const [command] = (
      await workstation.ask([{ kind: 'command', words: ['kubectl', 'delete', 'ns', 'x'] }], limit)
    ).values();
    expect(command).toMatchObject({ kind: 'lost' });
  });
});
