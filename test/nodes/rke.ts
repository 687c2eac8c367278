import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { bootNodes, type Cluster, type NodeSpec, type Suite } from './cluster.ts';
import { must } from './command.ts';
import { copyTree } from './layer.ts';
import { place, placeLink } from './place.ts';
import { sleeper } from './sleeper.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const LIB = 'usr/local/lib';

/** Programs that containers of the images start. */
const PROGRAMS = ['opt/rke-tools/entrypoint.sh', 'usr/local/bin/etcd', 'usr/bin/nginx-proxy', 'bin/bash'];

async function placeStandin(layer: string, base: string): Promise<void> {
  await copyTree(join(HERE, 'standin'), layer, base, `${LIB}/rke2-standin`);
  await copyTree(join(HERE, 'rke/system'), layer, base, '.');
  await copyTree(join(HERE, 'rke/standin'), layer, base, `${LIB}/rke-standin`);
  for (const program of PROGRAMS)
    await place(layer, base, `${LIB}/rke-standin/image/${program}`, { content: sleeper(), mode: 0o755 });
  // Docker starts its own, in the same mounts.
  await placeLink(layer, base, 'etc/systemd/system/containerd.service', '/dev/null');
}

/** Boots Debian nodes with Debian's own docker, which runs no container yet. */
export async function bootDocker(
  nodes: readonly NodeSpec[],
  options: { readonly version?: string; readonly suite?: Suite } = {},
): Promise<Cluster> {
  const { version = 'v1.24.17-rancher1', suite = 'bookworm' } = options;
  const below = (await must(join(HERE, 'rke/docker.sh'), [suite])).trim().split('\n').at(-1) ?? '';
  return bootNodes({
    rke2: false,
    suite,
    nodes,
    standin: {
      version,
      below,
      about: { parts: 'always' },
      // What runc does when it starts a container, and what nspawn would refuse.
      bootFlags: ['add_key', 'keyctl', 'bpf'].map((call) => `--system-call-filter=${call}`),
      place: placeStandin,
    },
  });
}

/** The operator's side of a cluster that rke makes: where cluster.yml is, and the folder of rke and kubectl. */
export interface RkeSide {
  readonly clusterFile: string;
  readonly stateFile: string;
  readonly bin: string;
}

/** Writes what the operator has in a folder: cluster.yml, the kubeconfig that rke leaves, and stand-ins of rke and kubectl. */
export async function writeRkeSide(
  cluster: Cluster,
  folder: string,
  version = 'v1.24.17-rancher1-1',
): Promise<RkeSide> {
  const bin = join(folder, 'bin');
  await mkdir(bin, { recursive: true });
  for (const program of ['rke', 'kubectl']) {
    const script = join(HERE, 'rke', `${program}.js`);
    await writeFile(join(bin, program), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, {
      mode: 0o755,
    });
  }
  const nodes = cluster.nodes.map(({ name, address, port, role }) => ({
    address: '127.0.0.1',
    port: String(port),
    internal_address: address,
    hostname_override: name,
    user: 'root',
    role: role === 'server' ? ['controlplane', 'etcd'] : ['worker'],
  }));
  const clusterFile = join(folder, 'cluster.yml');
  const about = { cluster_name: 'prod', kubernetes_version: version, ssh_key_path: cluster.keyPath };
  const rest = { network: { plugin: 'canal' }, services: { etcd: { snapshot: true } } };
  await writeFile(clusterFile, `# The cluster of the shop.\n${stringify({ ...about, nodes, ...rest })}`);
  await writeFile(join(folder, 'kube_config_cluster.yml'), 'apiVersion: v1\nkind: Config\n', { mode: 0o600 });
  return { clusterFile, stateFile: join(folder, 'cluster.rkestate'), bin };
}

/** Has rke make the cluster as its file says, as the operator did before the wizard came. */
export async function rkeUp({ bin, clusterFile }: RkeSide): Promise<void> {
  await must(join(bin, 'rke'), ['up', '--config', clusterFile]);
}

/** What docker says of every container of a node that rke decides, a line each: image, arguments, mounts and state. */
export async function containersOn(node: Cluster['nodes'][number]): Promise<readonly string[]> {
  const format =
    '{{.Name}} {{.Config.Image}} {{.Path}} {{json .Args}} {{.State.Status}}|{{json .HostConfig.Binds}}';
  const said = await node.must(`docker inspect --type container --format '${format}' $(docker ps -aq)`);
  const line = (text: string): string => {
    const [rest, binds = ''] = text.split('|');
    // Docker gives them in any order.
    return `${rest} ${((JSON.parse(binds) as string[] | null) ?? []).toSorted().join(' ')}`;
  };
  return said.trim().split('\n').map(line).toSorted();
}

/** The bytes of the operator's two files. */
export async function filesOf(side: RkeSide): Promise<readonly string[]> {
  return Promise.all([side.clusterFile, side.stateFile].map((path) => readFile(path, 'utf8')));
}
