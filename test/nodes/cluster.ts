import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodesCapability } from './capability.ts';
import { must, until } from './command.ts';
import { createLayer } from './layer.ts';
import { Machine, type Role } from './machine.ts';
import { addresses, createNetwork, Keeper, REMOVE_SCRIPT, raiseInotifyLimit } from './network.ts';
import { type NodeFile, place, placeLink } from './place.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const DEFAULT_DATA_DIR = '/var/lib/rancher/rke2';

/** What the name of every cluster of this process begins with; four characters of the cluster's own follow. */
export const PROCESS_ID = process.pid.toString(36);

export type Suite = 'bookworm' | 'trixie';

export interface NodeSpec {
  readonly name: string;
  readonly role: Role;
  /** Files of this node that are there before it boots, by absolute path. */
  readonly files?: Readonly<Record<string, string | NodeFile>>;
}

export interface Rke2Options {
  /** Such as v1.33.6+rke2r1, the default. */
  readonly version?: string;
  /** Whether RKE2 starts at boot; true unless said. */
  readonly running?: boolean;
  readonly profile?: string;
  /** More lines for every node's /etc/rancher/rke2/config.yaml. */
  readonly config?: string;
  /** Whether the nodes boot with the kernel values and the etcd account a profile asks for. */
  readonly prepared?: boolean;
  /** Whether booting waits for RKE2 to be active; unless said, when it runs and nothing above makes it refuse. */
  readonly awaited?: boolean;
}

/** Another distribution than RKE2, on nodes that boot without that. */
export interface Standin {
  /** As the cluster calls it. */
  readonly version: string;
  /** More for the file that tells every node of its cluster. */
  readonly about?: Readonly<Record<string, unknown>>;
  /** A layer between the root filesystem and what all nodes share. */
  readonly below?: string;
  /** More arguments for systemd-nspawn, without blanks. */
  readonly bootFlags?: readonly string[];
  /** Puts what all nodes have of it into their shared layer. */
  readonly place: (layer: string, base: string) => Promise<void>;
}

export interface ClusterOptions {
  /** How many servers (named cp-1, cp-2, …), or each node; three servers unless said. */
  readonly nodes?: number | readonly NodeSpec[];
  readonly suite?: Suite;
  /** The stand-in RKE2, or false for bare Debian. */
  readonly rke2?: Rke2Options | false;
  /** Asks for `rke2: false`. */
  readonly standin?: Standin;
  readonly dataDir?: string;
}

export interface Cluster {
  readonly nodes: readonly Machine[];
  readonly suite: Suite;
  /** Network namespace of the cluster: nsenter --net=/run/netns/<netns> reaches every node's address. */
  readonly netns: string;
  /** Private key that every account of every node accepts. */
  readonly keyPath: string;
  /** Real host keys, under the loopback ports and under the addresses. */
  readonly knownHostsPath: string;
  /** Password of every account, made for this cluster. */
  readonly password: string;
  readonly dataDir: string;
  /** Folder with the objects that the stand-in kubectl serves, one JSON file each. */
  readonly store: string;
  node(name: string): Machine;
  /** Removes every process, mount, namespace, control group and file of the cluster. */
  close(): Promise<void>;
}

/** Builds the root filesystem of a suite, or finds it in the cache. */
export async function rootfs(suite: Suite): Promise<string> {
  return (await must(join(HERE, 'rootfs.sh'), [suite])).trim().split('\n').at(-1) ?? '';
}

function specs(nodes: number | readonly NodeSpec[]): readonly NodeSpec[] {
  if (typeof nodes !== 'number') return nodes;
  return Array.from({ length: nodes }, (_, index) => ({ name: `cp-${index + 1}`, role: 'server' }));
}

function rke2Config(options: Rke2Options, dataDir: string, first: string | undefined, token: string): string {
  const lines = [`token: ${token}`];
  if (first !== undefined) lines.push(`server: https://${first}:9345`);
  if (dataDir !== DEFAULT_DATA_DIR) lines.push(`data-dir: ${dataDir}`);
  if (options.profile !== undefined) lines.push(`profile: ${options.profile}`);
  return `${lines.join('\n')}\n${options.config ?? ''}`;
}

async function build(
  folder: string,
  options: ClusterOptions,
  onKeeper: (keeper: Keeper) => void,
): Promise<Cluster> {
  const id = folder.slice(folder.lastIndexOf('-') + 1);
  const suite = options.suite ?? 'bookworm';
  const rke2 = options.rke2 === false ? undefined : (options.rke2 ?? {});
  const dataDir = options.dataDir ?? DEFAULT_DATA_DIR;
  const wanted = specs(options.nodes ?? 3);
  const places = addresses(
    id,
    wanted.map((spec) => spec.name),
  );
  const keyPath = join(folder, 'id_ed25519');
  const layer = join(folder, 'layer');
  const store = join(folder, 'store');
  const password = randomBytes(9).toString('base64url');
  const token = randomBytes(16).toString('hex');

  const [base, netns] = await Promise.all([
    rootfs(suite),
    createNetwork(id, places),
    must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'test-nodes', '-f', keyPath]),
    mkdir(store),
    raiseInotifyLimit(folder),
  ]);
  const keeper = Keeper.start(netns, folder);
  onKeeper(keeper);
  const publicKey = await readFile(`${keyPath}.pub`, 'utf8');
  const rke2Version = rke2 && (rke2.version ?? 'v1.33.6+rke2r1');
  await createLayer({
    base,
    layer,
    publicKey,
    password,
    nodes: places,
    rke2Version,
    prepared: rke2?.prepared === true,
  });
  const { standin } = options;
  await standin?.place(layer, base);
  const members = places.map(({ name, address }, index) => ({ name, address, role: wanted[index]?.role }));
  await writeFile(
    join(store, 'cluster.json'),
    JSON.stringify({ dataDir, version: standin?.version ?? rke2Version, nodes: members, ...standin?.about }),
  );

  const knownHosts: string[] = [];
  const machine = async (spec: NodeSpec, index: number): Promise<Machine> => {
    const at = places[index];
    if (!at) throw new Error(`no address for ${spec.name}`);
    const own = join(folder, 'nodes', spec.name);
    const up = join(own, 'up');
    for (const part of ['up/etc/ssh', 'wk', 'root'])
      await mkdir(join(own, part), { recursive: true, mode: 0o755 });
    await place(up, base, 'etc/hostname', { content: `${spec.name}\n` });
    await place(up, base, 'etc/machine-id', { content: `${randomBytes(16).toString('hex')}\n`, mode: 0o444 });
    const hostKey = join(up, 'etc/ssh/ssh_host_ed25519_key');
    await must('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', `root@${spec.name}`, '-f', hostKey]);
    const [kind, key] = (await readFile(`${hostKey}.pub`, 'utf8')).split(' ');
    const fingerprint = (await must('ssh-keygen', ['-l', '-f', `${hostKey}.pub`])).split(' ')[1] ?? '';
    if (rke2) {
      const first = index > 0 ? places[0]?.address : undefined;
      const content = rke2Config(rke2, dataDir, first, token);
      await place(up, base, 'etc/rancher/rke2/config.yaml', { content, mode: 0o600 });
      const unit = `rke2-${spec.role}.service`;
      if (rke2.running !== false) {
        const link = `etc/systemd/system/multi-user.target.wants/${unit}`;
        await placeLink(up, base, link, `/usr/local/lib/systemd/system/${unit}`);
      }
    }
    for (const [path, file] of Object.entries(spec.files ?? {})) {
      await place(up, base, path, typeof file === 'string' ? { content: file } : file);
    }
    const port = await keeper.forward(at);
    knownHosts.push(`[127.0.0.1]:${port} ${kind} ${key}`, `${at.address} ${kind} ${key}`);
    const shared = {
      lower: [layer, ...(standin?.below ? [standin.below] : []), base].join(':'),
      bootFlags: standin?.bootFlags ?? [],
      cgroup: `k8s-harden-${id}`,
      clusterNetns: netns,
      store,
      keeper,
    };
    return new Machine({ ...at, ...shared, role: spec.role, folder: own, port, fingerprint });
  };
  const nodes = await Promise.all(wanted.map(machine));
  const knownHostsPath = join(folder, 'known_hosts');
  await writeFile(knownHostsPath, `${knownHosts.join('\n')}\n`);

  // More at once would only wait for the same processor.
  const waiting = [...nodes];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next.powerOn();
  };
  await Promise.all(Array.from({ length: 12 }, worker));
  const node = (name: string): Machine => {
    const found = nodes.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no node named ${name}`);
    return found;
  };
  const healthy =
    rke2 !== undefined && rke2.running !== false && (rke2.profile === undefined || rke2.prepared === true);
  if (rke2?.awaited ?? healthy) await Promise.all(nodes.map((each) => waitForRke2(each)));
  return {
    nodes,
    suite,
    netns,
    keyPath,
    knownHostsPath,
    password,
    dataDir,
    store,
    node,
    close: async () => undefined,
  };
}

/** Waits until the node's RKE2 unit is active. */
export async function waitForRke2(node: Machine, seconds = 60): Promise<void> {
  await until(
    `rke2-${node.role} on ${node.name}`,
    seconds,
    async () => {
      const state = await node.exec(`systemctl is-active rke2-${node.role}`);
      return state.stdout.trim() === 'active' ? true : undefined;
    },
    50,
  );
}

/** Boots a cluster of test nodes; whatever a failed boot made is removed before it is thrown. */
export async function bootNodes(options: ClusterOptions = {}): Promise<Cluster> {
  const capability = nodesCapability();
  if (!capability.ok) throw new Error(capability.reason);
  const unique = `${PROCESS_ID}${randomInt(36 ** 4)
    .toString(36)
    .padStart(4, '0')}`;
  const folder = join(tmpdir(), `k8s-harden-nodes-${unique}`);
  await mkdir(folder, { mode: 0o755 });
  let keeper: Keeper | undefined;
  const close = async () => {
    await must('sh', [REMOVE_SCRIPT, folder]);
    keeper?.end();
  };
  try {
    const cluster = await build(folder, options, (started) => {
      keeper = started;
    });
    return { ...cluster, close };
  } catch (error) {
    await close();
    throw error;
  }
}
