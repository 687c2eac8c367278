import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/profiles/inventory.ts';
import { withFolder } from './bench.ts';

const read = (text: string) =>
  withFolder({ 'prod.yaml': text }, (folder) => readInventory(`${folder}/prod.yaml`));

describe('an inventory', () => {
  it('names nodes by their hosts and leaves the rest to the ssh configuration', async () => {
    const text =
      'cluster: prod\nnodes:\n  - { host: 10.0.0.1, role: server }\n  - { host: b, name: w, port: 7 }\n';
    expect(await read(text)).toEqual({
      ok: true,
      value: {
        cluster: 'prod',
        nodes: [
          { name: '10.0.0.1', host: '10.0.0.1', port: 0, user: '', role: 'server' },
          { name: 'w', host: 'b', port: 7, user: '' },
        ],
      },
    });
  });

  it.each([
    ['nodes:\n  - host: a\n    port: 70000\n', 3, 'nodes.0.port', '65535'],
    ['nodes:\n  - host: a\n    sudo: true\n', 3, 'nodes.0.sudo', 'not a key'],
    ['nodes:\n  - host: a\n  - host: b\n    name: a\n', 4, 'nodes.1.name', 'a is named twice'],
    ['nodes:\n  - host: a\n  - host: a\n', 3, 'nodes.1.host', 'a is named twice'],
    ['nodes:\n  - host: a\n  - host: cluster\n', 3, 'nodes.1.host', 'no node may be called cluster'],
    ["nodes:\n  - host: a\n    name: '*'\n", 3, 'nodes.0.name', 'no node may be called *'],
    ['nodes:\n  - host: a\n  - host: "a\\0b"\n', 3, 'nodes.1.host', 'it holds U+0000'],
    ['nodes:\n  - host: "a\\e[31mb"\n', 2, 'nodes.0.host', 'it holds U+001B'],
    ['nodes:\n  - host: a\n    name: "x\\u202Ey"\n', 3, 'nodes.0.name', 'it holds U+202E'],
    ['nodes:\n  - host: a\n    user: "r\\u200boot"\n', 3, 'nodes.0.user', 'it holds U+200B'],
    ['cluster: "p\\u009b31m"\nnodes:\n  - host: a\n', 1, 'cluster', 'it holds U+009B'],
    ['nodes:\n  - host: "-oProxyCommand=x"\n', 2, 'nodes.0.host', 'a host is a name or an address'],
    ['nodes:\n  - host: a:22\n', 2, 'nodes.0.host', 'have keys of their own'],
    ['nodes:\n  - host: a\n    user: -oProxyCommand=x\n', 3, 'nodes.0.user', 'does not begin with a dash'],
    ['nodes:\n  - host: a\n    name: b c\n', 3, 'nodes.0.name', 'a name has no spaces'],
    ['nodes: []\n', 1, 'nodes', 'at least one'],
    ['nodes:\n  - host: a\n    host: b\n', 3, '', 'unique'],
    ['', 1, '', 'a map of keys'],
  ])('%j is refused at line %i, %s', async (text, line, key, message) => {
    const refused = await read(text);
    expect(refused).toMatchObject({
      ok: false,
      failure: { code: 'profile-invalid', line, key, message: expect.stringContaining(message) },
    });
  });

  it('says which file cannot be read', async () => {
    expect(await readInventory('/nowhere/prod.yaml')).toMatchObject({
      ok: false,
      failure: { code: 'file-unreadable', path: '/nowhere/prod.yaml' },
    });
  });

  it.each([
    [
      'as rke config writes it',
      `nodes:
- address: 192.0.2.11
  port: "22"
  internal_address: 10.0.0.11
  role:
  - controlplane
  - worker
  - etcd
  hostname_override: cp-1
  user: rancher
  docker_socket: /var/run/docker.sock
  ssh_key: ""
  labels: {}
- address: 192.0.2.21
  port: "2222"
  role:
  - worker
  hostname_override: ""
  user: rancher
services: { etcd: { image: "" } }
cluster_name: ""
`,
    ],
    [
      'with anchors',
      `cluster_name:
defaults: &all { user: rancher, port: 22 }
nodes:
  - <<: *all
    address: 192.0.2.11
    hostname_override: cp-1
    role: [controlplane, etcd]
  - { <<: *all, port: 2222, address: 192.0.2.21, role: worker }
`,
    ],
  ])('reads nodes and roles of a cluster.yml %s', async (_, text) => {
    expect(await read(text)).toEqual({
      ok: true,
      value: {
        cluster: '',
        nodes: [
          { name: 'cp-1', host: '192.0.2.11', port: 22, user: 'rancher', role: 'server' },
          { name: '192.0.2.21', host: '192.0.2.21', port: 2222, user: 'rancher', role: 'agent' },
        ],
      },
    });
  });

  it.each([
    ['nodes:\n- address: a\n- address: a\n', 3, 'nodes.1.address', 'a is named twice'],
    ['nodes:\n- address: a\n- role: [etcd]\n', 3, 'nodes.1.address', ''],
    ['nodes:\n- address: a\n  port: x\n', 3, 'nodes.0.port', ''],
    ['nodes:\n- address: -oProxyCommand=x\n', 2, 'nodes.0.address', 'a host is a name or an address'],
    ['nodes:\n- address: a\n  hostname_override: b c\n', 3, 'nodes.0.hostname_override', 'no spaces'],
    ['nodes:\n- address: a\n  user: -x\n', 3, 'nodes.0.user', 'does not begin with a dash'],
    ['cluster_name: "a\\u202Eb"\nnodes:\n- address: a\n', 1, 'cluster_name', ''],
  ])('a cluster.yml %j is refused at line %i, %s', async (text, line, key, message) => {
    expect(await read(text)).toMatchObject({
      ok: false,
      failure: { code: 'profile-invalid', line, key, message: expect.stringContaining(message) },
    });
  });

  it('a node of a cluster.yml that takes over itself is read as it stands', async () => {
    expect(await read('nodes:\n- &x { <<: *x, address: a }\n')).toMatchObject({
      value: { nodes: [{ host: 'a' }] },
    });
  });

  it('what a cluster.yml leaves blank is not said', async () => {
    const text = 'nodes:\n- address: a\n  port: ""\n  user:\n  hostname_override:\n  role: [etcd]\n';
    expect(await read(text)).toEqual({
      ok: true,
      value: { cluster: '', nodes: [{ name: 'a', host: 'a', port: 0, user: '', role: 'etcd' }] },
    });
  });
});
