import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2 from 'ssh2';
import type { NodeAddress } from '../domain/event.ts';
import { type KeyPair, newKeyPair, openFolder, writeKey, writeKnownHosts } from './server-keys.ts';
import { notForShells, type Speech, speak } from './speech.ts';
import type { LabCluster, LabNode, ReadYaml } from './state.ts';
import { createLabStore, type LabClock, type LabStore } from './store.ts';

/** The practice cluster on loopback, and how to reach it. */
export type Lab = {
  readonly nodes: readonly NodeAddress[];
  /** Path of a known_hosts file that knows all nodes but one. */
  readonly knownHosts: string;
  /** The node whose host key it does not know, so that the question about it can be practised. */
  readonly stranger: string;
  /** Path of the private key that every node accepts. */
  readonly clientKey: string;
  readonly store: LabStore;
  readonly close: () => Promise<void>;
};

/** How the lab is started. `stranger` names the node with the unknown host key; the last one unless said. */
export type LabOptions = {
  readonly readYaml: ReadYaml;
  readonly clock?: LabClock;
  readonly stranger?: string;
};

const user = 'root';

/** A script is a few hundred kilobytes at the very most. */
const longestScript = 32 << 20;

/** Starts one SSH server a node on 127.0.0.1, with keys made for this lab alone. */
export async function startLab(cluster: LabCluster, options: LabOptions): Promise<Lab> {
  const store = createLabStore(cluster, options);
  const folder = await openFolder();
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closing.map((each) => each()));
    await folder.remove();
  };
  try {
    const client = newKeyPair('k8s-harden lab');
    const hosts = Object.values(cluster.nodes);
    const served = await Promise.all(
      hosts.map(async (node) => {
        const key = newKeyPair(node.name);
        const { port, stop } = await serve(store, node, key, client);
        closing.push(stop);
        return { node, key, port };
      }),
    );
    const stranger = options.stranger ?? hosts.at(-1)?.name ?? '';
    return {
      nodes: served.map(({ node, port }) => ({
        name: node.name,
        host: '127.0.0.1',
        port,
        user,
        role: node.roles.includes('server') ? 'server' : 'agent',
      })),
      knownHosts: await writeKnownHosts(
        folder.path,
        served.filter(({ node }) => node.name !== stranger),
      ),
      stranger,
      clientKey: await writeKey(folder.path, client),
      store,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(store: LabStore, node: LabNode, key: KeyPair, client: KeyPair) {
  const open = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [key.private] }, (connection) => {
    open.add(connection);
    // Small frames held back would cost more than all of the lab's own time; the types do not know this method.
    (connection as ssh2.Connection & { readonly setNoDelay: (on: boolean) => void }).setNoDelay(true);
    connection.on('authentication', (attempt) => authenticate(attempt, client));
    // A client that goes away in the middle is no event for a lab.
    connection.on('error', () => undefined);
    connection.on('close', () => open.delete(connection));
    connection.on('session', (accept) => converse(accept(), store, node.name));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of open) connection.end();
    await closed;
  };
  return { port: (server.address() as AddressInfo).port, stop };
}

function authenticate(attempt: ssh2.AuthContext, client: KeyPair): void {
  if (holdsKey(attempt, client)) attempt.accept();
  else attempt.reject(['publickey']);
}

function holdsKey(attempt: ssh2.AuthContext, client: KeyPair): boolean {
  const expected = ssh2.utils.parseKey(client.public);
  if (attempt.method !== 'publickey' || attempt.username !== user || expected instanceof Error) return false;
  if (!attempt.key.data.equals(expected.getPublicSSH())) return false;
  // Without a signature the client only asks whether the key would do.
  if (!attempt.signature || !attempt.blob) return true;
  return expected.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
}

function converse(session: ssh2.Session, store: LabStore, nodeName: string): void {
  session.on('exec', (accept, _reject, { command }) => {
    const channel = accept();
    // How a real shell shows that it is ready for a script: the word that it is told to say first.
    const [, mark] = /^echo ([0-9a-f]+) root; /.exec(command) ?? [];
    if (mark !== undefined) channel.write(`${mark} root\n`);
    const parts: Buffer[] = [];
    let size = 0;
    channel.on('error', () => undefined);
    channel.on('data', (part: Buffer) => {
      size += part.length;
      if (size <= longestScript) parts.push(part);
    });
    channel.on('end', () => {
      const script = size <= longestScript ? Buffer.concat(parts).toString('utf8') : '';
      void say(channel, speak(store, nodeName, script), store.clock);
    });
  });
  session.on('shell', (accept) => {
    const channel = accept();
    channel.on('error', () => undefined);
    void say(channel, notForShells, store.clock);
  });
}

const slices = 8;

/** Says it in slices over the time it takes, as a node that works through a script would. */
async function say(channel: ssh2.ServerChannel, speech: Speech, clock: LabClock): Promise<void> {
  const out = Buffer.from(speech.out);
  const err = Buffer.from(speech.err);
  for (let n = 0; n < slices; n++) {
    if (speech.takes > 0) await clock.sleep(speech.takes / slices);
    // Where the connection is gone, ssh2 ends the second of them alone.
    if (channel.destroyed || channel.writableEnded || channel.stderr.writableEnded) return;
    channel.stderr.write(slice(err, n));
    channel.write(slice(out, n));
  }
  channel.exit(speech.exit);
  channel.end();
}

function slice(bytes: Buffer, n: number): Buffer {
  return bytes.subarray(
    Math.floor((bytes.length * n) / slices),
    Math.floor((bytes.length * (n + 1)) / slices),
  );
}
