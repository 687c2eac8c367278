import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type AuthContext, type Connection, type ServerChannel } from 'ssh2';
import type { NodeAddress } from '../../../src/domain/event.ts';
import type { Answerer, Connector, ConnectQuestion } from '../../../src/domain/ports.ts';
import { type ConnectorOptions, createConnector } from '../../../src/transport/ssh.ts';

/** What a misbehaving server does at each stage; what is not said goes right. */
export type Manners = {
  readonly socket?: (socket: Socket) => void;
  readonly authenticate?: (context: AuthContext, attempts: readonly string[]) => void;
  readonly ready?: (connection: Connection, socket: Socket) => void;
  readonly session?: (accept: () => ssh2.Session, reject: () => void) => boolean;
  readonly exec?: (channel: ServerChannel, command: string, socket: Socket) => boolean;
  readonly environment?: Record<string, string>;
  readonly output?: (bytes: Buffer, channel: ServerChannel) => void;
  readonly keepStatus?: boolean;
  readonly algorithms?: ssh2.Algorithms;
  readonly greeting?: string;
};

let pretended: string | undefined;

/** A PATH on which whoever runs the tests passes for root when the login is asked who it is; nothing else changes. */
function rootPath(): string {
  const path = process.env.PATH ?? '';
  if (process.getuid?.() === 0) return path;
  if (pretended === undefined) {
    pretended = mkdtempSync(join(tmpdir(), 'k8s-harden-as-root-'));
    const folder = pretended;
    writeFileSync(join(folder, 'id'), '#!/bin/sh\n[ "$*" = -u ] && echo 0 || exec /usr/bin/id "$@"\n', {
      mode: 0o755,
    });
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  }
  return `${pretended}:${path}`;
}

/** An SSH server in this process, on loopback; commands run in a real shell. */
export type Loopback = {
  readonly port: number;
  readonly hostKey: ssh2.ParsedKey;
  readonly attempts: string[];
  readonly connections: () => number;
  readonly sessions: () => number;
  readonly close: () => Promise<void>;
};

/** A key pair made for this run. One in some hundred that ssh2 makes cannot be read by itself; such a pair is made anew. */
function newKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const made = ssh2.utils.generateKeyPairSync('ed25519');
    const bytes = Buffer.from(made.public.split(' ')[1] ?? '', 'base64').length;
    if (bytes === 51 && !(ssh2.utils.parseKey(made.private) instanceof Error)) return made;
  }
}

/** Starts a server with the given manners. */
export async function startLoopback(manners: Manners = {}): Promise<Loopback> {
  const pair = newKey();
  const attempts: string[] = [];
  const children = new Set<ChildProcess>();
  const sockets = new Set<Socket>();
  let connections = 0;
  let sessions = 0;
  const { greeting, algorithms } = manners;
  const config = {
    hostKeys: [pair.private],
    ...(greeting ? { greeting } : {}),
    ...(algorithms ? { algorithms } : {}),
  };
  const onClient = (client: Connection, socket: Socket): void => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      attempts.push(context.method);
      if (manners.authenticate) manners.authenticate(context, attempts);
      else context.accept();
    });
    client.on('ready', () => {
      manners.ready?.(client, socket);
      client.on('session', (accept, reject) => {
        sessions++;
        if (manners.session?.(accept, reject)) return;
        accept().on('exec', (acceptExec, _reject, { command }) => {
          const channel = acceptExec();
          channel.on('error', () => undefined);
          if (!manners.exec?.(channel, command, socket)) run(channel, command);
        });
      });
    });
  };
  const run = (channel: ServerChannel, command: string): void => {
    const child = spawn('/bin/sh', ['-c', command], {
      env: { ...process.env, PATH: rootPath(), ...manners.environment },
    });
    children.add(child);
    child.stdin.on('error', () => undefined);
    channel.pipe(child.stdin);
    const write = manners.output ?? ((bytes: Buffer) => void channel.write(bytes));
    child.stdout.on('data', (bytes: Buffer) => write(bytes, channel));
    child.stderr.on('data', (bytes: Buffer) => void channel.stderr.write(bytes));
    channel.on('close', () => child.kill('SIGKILL'));
    child.on('close', (code) => {
      children.delete(child);
      if (manners.keepStatus !== true) channel.exit(code ?? 1);
      channel.end();
    });
  };
  // The server hands its connection but not its socket: they arrive in the same order.
  const arrived: Socket[] = [];
  const server = new ssh2.Server(config as never, (client) => onClient(client, arrived.shift() as Socket));
  const door = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    manners.socket?.(socket);
    if (socket.destroyed) return;
    arrived.push(socket);
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  return {
    port: (door.address() as AddressInfo).port,
    hostKey: ssh2.utils.parseKey(pair.private) as ssh2.ParsedKey,
    attempts,
    connections: () => connections,
    sessions: () => sessions,
    close: async () => {
      for (const child of children) child.kill('SIGKILL');
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => door.close(() => resolve()));
    },
  };
}

/** A folder for one test, and its removal. */
export function newFolder(): {
  readonly path: string;
  readonly at: (name: string) => string;
  readonly remove: () => void;
} {
  const path = mkdtempSync(join(tmpdir(), 'k8s-harden-test-'));
  return {
    path,
    at: (name) => join(path, name),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** An operator who answers from a table and remembers what was asked. */
export function operator(
  says: Partial<
    Record<ConnectQuestion['kind'], string | ((question: ConnectQuestion) => string | undefined)>
  >,
): { readonly answerer: Answerer; readonly asked: ConnectQuestion[] } {
  const asked: ConnectQuestion[] = [];
  return {
    asked,
    answerer: async (question) => {
      asked.push(question);
      const said = says[question.kind];
      return typeof said === 'function' ? said(question) : said;
    },
  };
}

/** A connector that uses nothing of this machine's own OpenSSH configuration, keys or agent. */
export function plainConnector(knownHosts: string, options: ConnectorOptions = {}): Connector {
  return createConnector({ sshConfig: false, agent: false, knownHosts, keepaliveMs: 10_000, ...options });
}

/** A node on loopback. */
export function nodeAt(port: number, user = 'root'): NodeAddress {
  return { name: 'n1', host: '127.0.0.1', port, user };
}
