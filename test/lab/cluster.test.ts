import { describe, expect, it } from 'vitest';
import { labCluster, overlay } from '../../src/lab/cluster.ts';
import { practiceCluster, practiceStore } from './practice.ts';

const least = { distribution: 'rke2', nodes: { a: { roles: ['server'], version: 'v1.23.17+rke2r1' } } };

function faultOf(patch: unknown) {
  const read = labCluster(overlay(least, patch), 'practice.yaml');
  return read.ok ? undefined : read.failure;
}

describe('practice data', () => {
  it('is what we ship: three servers and two agents', () => {
    const nodes = Object.values(practiceCluster().nodes);
    expect(nodes.map((n) => [n.name, n.roles[0]])).toEqual([
      ['cp-1', 'server'],
      ['cp-2', 'server'],
      ['cp-3', 'server'],
      ['worker-1', 'agent'],
      ['worker-2', 'agent'],
    ]);
  });

  it('lays common under every node, the node over it, and takes away what is null', () => {
    const read = labCluster(
      overlay(least, {
        common: { kernel: { a: 1, b: 2 }, files: { '/x': { text: 'common' } } },
        nodes: {
          a: { kernel: { b: 3 } },
          b: { roles: ['agent'], version: 'v1', kernel: { a: null }, files: null },
        },
      }),
    );
    expect(read.ok && read.value.nodes.a?.kernel).toEqual({ a: '1', b: '3' });
    expect(read.ok && read.value.nodes.b?.kernel).toEqual({ b: '2' });
    expect(read.ok && read.value.nodes.b?.files).toEqual({});
    expect(read.ok && read.value.nodes.a?.files['/x']).toMatchObject({
      mode: '0644',
      owner: 'root',
      text: 'common',
    });
  });

  it('gives every node ids of its own that stay the same', () => {
    const ids = () => Object.values(practiceCluster().nodes).map((n) => `${n.machineId} ${n.bootId}`);
    expect(new Set(ids()).size).toBe(5);
    expect(ids()).toEqual(ids());
  });

  it.each<readonly [unknown, string, RegExp]>([
    [{ nodes: { a: { roles: [] } } }, 'nodes.a.roles', /./],
    [
      { nodes: { a: { files: { '/x': { mode: 600 } } } } },
      'nodes.a.files./x.mode',
      /four octal digits, in quotes/,
    ],
    [{ nodes: { a: { files: { x: {} } } } }, 'nodes.a.files.x', /./],
    [
      { nodes: { a: { files: { '/x': { owner: 'etcd' } } } } },
      'nodes.a.files./x',
      /etcd:root is nobody on this node/,
    ],
    [{ nodes: { a: { units: { x: { active: 'up' } } } } }, 'nodes.a.units.x.active', /./],
    [{ nodes: { a: { colour: 'red' } } }, 'nodes.a', /colour/],
    [{ objects: [{ kind: 'Pod' }] }, 'objects.0.apiVersion', /./],
    [{ colour: 'red' }, '', /colour/],
  ])('refuses %j and names %s', (patch, key, message) => {
    expect(faultOf(patch)).toEqual({
      code: 'profile-invalid',
      file: 'practice.yaml',
      line: 1,
      key,
      message: expect.stringMatching(message),
    });
  });

  it('lays a patch over objects by kind, namespace and name', () => {
    const patch = {
      objects: [
        {
          kind: 'ServiceAccount',
          metadata: { name: 'coredns', namespace: 'kube-system' },
          automountServiceAccountToken: false,
        },
        { kind: 'Pod', metadata: { name: 'disk-report-0', namespace: 'shop' }, absent: true },
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'till' } },
      ],
    };
    const { objects } = practiceCluster(patch);
    const find = (name: string) => objects.find((o) => o.metadata.name === name);
    expect(find('coredns')).toMatchObject({ apiVersion: 'v1', automountServiceAccountToken: false });
    expect(find('disk-report-0')).toBeUndefined();
    expect(find('till')).toBeDefined();
  });
});

describe('the store of a lab', () => {
  it('fills up what a running RKE2 has made, and leaves what the data states', () => {
    const { store } = practiceStore({ nodes: { 'cp-1': { processes: { kubelet: ['kubelet', '--mine'] } } } });
    const { nodes, objects } = store.cluster();
    expect(nodes['cp-1']?.processes.kubelet).toEqual([['kubelet', '--mine']]);
    expect(nodes['cp-2']?.processes['kube-apiserver']?.[0]).toContain('--anonymous-auth=false');
    expect(nodes['worker-1']?.processes.etcd).toBeUndefined();
    expect(nodes['cp-1']?.files['/var/lib/rancher/rke2/agent/pod-manifests/etcd.yaml']?.mode).toBe('0644');
    expect(objects.filter((o) => o.kind === 'ServiceAccount' && o.metadata.name === 'default')).toHaveLength(
      5,
    );
  });

  it('gives nothing to a node on which nothing runs', () => {
    const { store } = practiceStore({
      nodes: { 'cp-1': { units: { 'rke2-server': { active: 'inactive' } } } },
    });
    expect(store.cluster().nodes['cp-1']?.processes).toEqual({});
  });
});
