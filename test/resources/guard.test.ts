import { describe, expect, it } from 'vitest';
import { refuseTree } from '../../src/resources/guard.ts';

const data = '/var/lib/rancher/rke2';
const etcd = { owner: 'etcd', group: 'etcd' };

describe('refused', () => {
  it.each([
    '/',
    '/etc',
    '/var',
    '/var/lib',
    '/var/lib/rancher',
    '/var/lib/rancher/',
    data,
    `${data}/server`,
    `${data}/agent`,
    `${data}/agent/containerd`,
    `${data}/agent/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs`,
    '/srv/rke2/agent/containerd',
    '/srv/rke2/snapshots/1',
    '/var/lib/docker',
    '/var/lib/docker/overlay2/x',
    '/var/lib/kubelet',
    '/var/lib/kubelet/pods',
    '/var/lib/kubelet/pods/1/volumes',
    '/run/k3s',
    '/run/k3s/containerd',
    '/usr/bin',
    '/var/snap/k8s',
    '/home/alice',
    'etcd',
    `${data}/server/../agent/containerd`,
    `${data}//server/db/etcd`,
    `${data}/server/db/etcd/member`,
  ])('%s', (path) => {
    expect(refuseTree({ path, ...etcd }, data)).toBeTruthy();
  });

  it("etcd's data for anybody but etcd", () => {
    const path = `${data}/server/db/etcd`;
    expect(refuseTree({ path, owner: 'root', group: 'root' }, data)).toContain('only go to etcd:etcd');
    expect(refuseTree({ path, owner: 'etcd', group: 'root' }, data)).toBeTruthy();
  });

  it('a moved data folder, and what it holds of more than one program', () => {
    for (const path of ['/data/rke2/x', '/data/rke2/x/server', '/data/rke2/x/agent']) {
      expect(refuseTree({ path, ...etcd }, '/data/rke2/x')).toBeTruthy();
    }
  });
});

describe('allowed', () => {
  it.each([`${data}/server/db/etcd`, `${data}/server/db/etcd/`, `${data}/server/tls/etcd`])('%s', (path) => {
    expect(refuseTree({ path, ...etcd }, data)).toBeUndefined();
  });

  it("etcd's data below a moved data folder", () => {
    expect(refuseTree({ path: '/data/rke2/server/db/etcd', ...etcd }, '/data/rke2')).toBeUndefined();
    expect(
      refuseTree({ path: '/data/etcd/rke2/server/db/etcd', ...etcd }, '/data/etcd/rke2'),
    ).toBeUndefined();
  });
});
