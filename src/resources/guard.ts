/** A change of everything below a path, as a control names it. */
export type TreeChange = { readonly path: string; readonly owner: string; readonly group: string };

/** Folders whose contents belong to container images and running pods: a recursive change there cannot be repaired. */
const sealed = [
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/kubelet/pods',
  '/var/lib/rancher/rke2/agent/containerd',
  '/run/k3s',
  '/run/containerd',
  '/var/snap/k8s/common/var/lib/containerd',
];

const sealedNames = ['containerd', 'snapshots', 'io.containerd.snapshotter.v1.overlayfs', 'overlay2'];

/** Folders of the system: nothing below them is ours to change as a whole. */
const systemFolders = /^\/(?:[^/]*|(?:usr|var|etc|run|opt|lib|snap|home|mnt|srv)\/[^/]*|var\/lib\/[^/]*)$/;

/**
 * Why a recursive change of owner is refused; undefined when it may be made. Refused is whatever is, contains or lies in
 * container storage or a system folder. Of etcd's data only the tree itself may change, and only to etcd's own account,
 * which must be named by the control.
 */
export function refuseTree(
  change: TreeChange,
  dataDir: string | undefined,
  account = 'etcd',
): string | undefined {
  const path = plainPath(change.path);
  if (path === undefined) return `${change.path} is not a plain absolute path`;
  if (
    systemFolders.test(path) ||
    path === dataDir ||
    path === `${dataDir}/server` ||
    path === `${dataDir}/agent`
  ) {
    return `${path} holds more than one program's files; its owner is never changed as a whole`;
  }
  const parts = path.split('/');
  const inside = sealed.find((s) => isWithin(path, s) || isWithin(s, path));
  if (inside !== undefined || parts.some((part) => sealedNames.includes(part))) {
    return `${path} touches container storage${inside ? ` (${inside})` : ''}, where owners and modes belong to the images`;
  }
  const etcd = parts.lastIndexOf('etcd');
  if (etcd < 0) return undefined;
  if (etcd !== parts.length - 1)
    return `${path} is only a part of etcd's data; the tree changes as one or not at all`;
  if (change.owner !== account || change.group !== account) {
    return `${path} is etcd's data; it may only go to ${account}:${account}, not to ${change.owner}:${change.group}`;
  }
  return undefined;
}

function plainPath(path: string): string | undefined {
  const parts = path.replace(/\/+$/, '').split('/');
  const plain = path.startsWith('/') && !parts.slice(1).some((p) => p === '' || p === '.' || p === '..');
  return plain ? parts.join('/') || '/' : undefined;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
