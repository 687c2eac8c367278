import { type ChildProcess, fork } from 'node:child_process';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { must } from './command.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
export const REMOVE_SCRIPT = join(HERE, 'remove.sh');

export interface NodeAddress {
  readonly name: string;
  readonly address: string;
  readonly netns: string;
  readonly link: string;
}

/** The addresses of a cluster: its own 10.x.0.0/16, in namespaces that nothing leaves. */
export function addresses(id: string, names: readonly string[]): NodeAddress[] {
  const second = 64 + (Number.parseInt(id.slice(-4), 36) % 128);
  return names.map((name, index) => ({
    name,
    address: `10.${second}.${1 + Math.floor(index / 200)}.${10 + (index % 200)}`,
    netns: `kh-${id}-${index}`,
    link: `v${index}`,
  }));
}

// A node made again at the same address with a new hardware address is unreachable until the old entry is forgotten.
function hardwareAddress(address: string): string {
  const bytes = address.split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return `02:00:${bytes.join(':')}`;
}

/** Makes the cluster's namespace with a bridge, and one namespace for each node on it. */
export async function createNetwork(id: string, nodes: readonly NodeAddress[]): Promise<string> {
  const netns = `kh-${id}`;
  const gateway = `10.${nodes[0]?.address.split('.')[1] ?? '64'}.0.1`;
  await must(
    'ip',
    ['-batch', '-'],
    [netns, ...nodes.map((node) => node.netns)].map((name) => `netns add ${name}\n`).join(''),
  );
  const lines = [
    'link set lo up',
    'link add br0 type bridge',
    `addr add ${gateway}/16 dev br0`,
    'link set br0 up',
  ];
  for (const node of nodes) {
    const peer = `eth0 address ${hardwareAddress(node.address)} netns ${node.netns}`;
    lines.push(`link add ${node.link} type veth peer name ${peer}`, `link set ${node.link} master br0 up`);
  }
  await must('ip', ['-n', netns, '-batch', '-'], `${lines.join('\n')}\n`);
  const inside = (node: NodeAddress) =>
    `addr add ${node.address}/16 dev eth0\nlink set lo up\nlink set eth0 up\nroute add default via ${gateway}\n`;
  await Promise.all(nodes.map((node) => must('ip', ['-n', node.netns, '-batch', '-'], inside(node))));
  return netns;
}

// Each booted systemd takes a few inotify instances of the one user all nodes share.
/** Raises the machine's inotify limit for many nodes; remove.sh of the last cluster puts it back. */
export async function raiseInotifyLimit(folder: string): Promise<void> {
  const limit = '/proc/sys/fs/inotify/max_user_instances';
  const now = (await readFile(limit, 'utf8')).trim();
  if (Number(now) >= 1024) return;
  const saved = join(dirname(folder), 'k8s-harden-nodes.inotify');
  if (!(await stat(saved).catch(() => undefined))) await writeFile(saved, `${now}\n`);
  await writeFile(limit, '4096');
}

/** The process that carries loopback ports to the nodes and outlives a killed test long enough to clean up. */
export class Keeper {
  private readonly waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (message: { listening: string }) => this.waiting.get(message.listening)?.resolve());
    const fail = () => {
      for (const one of this.waiting.values()) one.reject(new Error('the forwarder of the test nodes ended'));
    };
    child.once('exit', fail).once('error', fail);
  }

  /** Starts the keeper inside the cluster's network namespace. */
  static start(netns: string, folder: string): Keeper {
    const child = fork(join(HERE, 'keeper.js'), [REMOVE_SCRIPT, folder], {
      execPath: 'nsenter',
      execArgv: [`--net=/run/netns/${netns}`, process.execPath],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { PATH: process.env.PATH ?? '' },
    });
    // The nodes end with close(); a test that forgot it must still be able to end.
    child.unref();
    child.channel?.unref();
    return new Keeper(child);
  }

  /** Opens a loopback port that leads to port 22 of the node. */
  async forward(node: NodeAddress): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no loopback port');
    await new Promise<void>((resolve, reject) => {
      this.waiting.set(node.name, { resolve, reject });
      this.child.send({ listen: { name: node.name, address: node.address } }, server);
    });
    server.close();
    return bound.port;
  }

  /** Delays every chunk between test and node by so many milliseconds, in each direction. */
  delay(name: string, milliseconds: number): void {
    this.child.send({ delay: { name, milliseconds } });
  }

  /** Resets every connection to the node that is open now. */
  cut(name: string): void {
    this.child.send({ cut: name });
  }

  /** Ends the keeper without its cleaning up. */
  end(): void {
    if (this.child.connected) this.child.send({ done: true });
  }
}
