import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ParsedKey } from 'ssh2';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Answerer } from '../domain/ports.ts';
import { createLogin } from './auth.ts';
import { type Deadline, fired, rest } from './deadline.ts';
import { createHostKeyCheck } from './host-key.ts';
import type { IdentityReader } from './keys.ts';
import { hostKeyAlgorithms, knownName, lookUpHost } from './known-hosts.ts';
import type { KnownHostsReader } from './known-hosts-file.ts';
import { type Attempted, ended, type Link, openLink } from './link.ts';
import { findLoginKeys } from './login-keys.ts';
import { type LinkError, reasonOf } from './reasons.ts';
import { rememberHost } from './remember-host.ts';
import type { HostConfig } from './ssh-config.ts';

/** What all connections of a connector share. */
export type Memory = {
  readonly readKnownHosts: KnownHostsReader;
  readonly readIdentity: IdentityReader;
  readonly keepaliveMs: number;
  readonly onSecret: (secret: string) => void;
  /** Private keys that a passphrase has opened, by path. */
  readonly opened: Map<string, ParsedKey>;
  /** Keys that a server refused, by `user@host:port`. */
  readonly refused: Map<string, Set<string>>;
  /** Host keys accepted by a person that could not be written to known_hosts. */
  readonly accepted: Set<string>;
};

/** One connection to be made. */
export type Call = {
  /** The node's name in questions. */
  readonly node: string;
  /** Its name in failures: the node's, or the jump host's. */
  readonly label: string;
  /** Whether this is a jump host on the way. */
  readonly jump: boolean;
  readonly config: HostConfig;
  readonly via: Link | undefined;
  readonly deadline: Deadline;
  readonly seconds: number;
  readonly ask: Answerer;
};

const pauses = [200, 600];

/** Connects to one host, directly or through a link. Only what broke before any login was tried is tried again. */
export async function dial(call: Call, memory: Memory): Promise<Result<Link>> {
  for (const pause of pauses) {
    const attempt = await dialOnce(call, memory);
    if (attempt.ok || !attempt.again) return attempt;
    await rest(pause, call.deadline.signal);
  }
  return dialOnce(call, memory);
}

async function dialOnce(call: Call, memory: Memory): Promise<Attempted> {
  const { config, deadline } = call;
  const way = { node: call.label, seconds: call.seconds, deadline };
  const opening = openSocket(call);
  const files = [...config.userKnownHosts, ...config.globalKnownHosts].filter((file) => file !== '/dev/null');
  const host = { hostname: config.hostname, port: config.port, alias: config.hostKeyAlias };
  const [sock, known] = await Promise.all([opening, lookUpHost(files, host, memory.readKnownHosts)]);
  if (!sock.ok) return deadline.signal.aborted ? fail(ended(way)) : sock;
  if (!known.ok) {
    sock.value.destroy();
    return known;
  }
  const ssh2 = (await import('ssh2')).default;
  const name = knownName(config.hostname, config.port, config.hostKeyAlias);
  const place = `${config.user}@${config.hostname}:${config.port}`;
  const refused = memory.refused.get(place) ?? new Set<string>();
  memory.refused.set(place, refused);
  const { opened, onSecret, readIdentity } = memory;
  const ring = { ssh2, node: call.node, ask: call.ask, opened, onSecret, readIdentity };
  // Read while the key exchange goes on.
  const keys = findLoginKeys(config, ring);
  keys.catch(() => undefined);
  return openLink({
    node: call.label,
    host: config.hostname,
    user: config.user,
    seconds: call.seconds,
    sock: sock.value,
    deadline,
    keepaliveMs: memory.keepaliveMs,
    algorithms: hostKeyAlgorithms(known.value),
    rsaSignatures: config.rsaSignatures,
    check: createHostKeyCheck({
      node: call.node,
      host: call.jump ? `${config.hostname} (jump host)` : config.hostname,
      label: call.label,
      known: known.value,
      strict: config.strict,
      ask: call.ask,
      accepted: (key) => memory.accepted.has(`${name} ${key}`),
      remember: async (type, key) => {
        memory.accepted.add(`${name} ${key}`);
        const [file] = config.userKnownHosts;
        if (file === undefined || file === '/dev/null') return;
        // Not being able to write is no reason to distrust what a person has just compared.
        await rememberHost(file, { name, type, key, hashed: config.hashKnownHosts }).catch(() => undefined);
      },
    }),
    login: createLogin({
      node: call.node,
      label: call.label,
      user: config.user,
      who: call.jump ? `${config.user}@${config.hostname}` : config.user,
      keys: () => keys,
      refused,
      ask: call.ask,
      onSecret: memory.onSecret,
    }),
  });
}

async function openSocket(call: Call): Promise<Result<Duplex>> {
  const { hostname, port } = call.config;
  const unreachable = (message: string): Result<never> =>
    fail({ code: 'node-unreachable', node: call.label, host: hostname, message });
  if (call.via) {
    const channel = call.via.ssh.forwardOut('127.0.0.1', 0, hostname, port);
    channel.then(
      (late) => call.deadline.signal.aborted && late.destroy(),
      () => undefined,
    );
    try {
      const won = await Promise.race([channel, fired(call.deadline.signal)]);
      return won === 'fired' ? unreachable('the jump host does not answer') : ok(won as unknown as Duplex);
    } catch (error) {
      return unreachable(`from the jump host: ${reasonOf(error as LinkError)}`);
    }
  }
  const sock = connect({ host: hostname, port, noDelay: true });
  return new Promise((resolve) => {
    const give = (result: Result<Duplex>): void => {
      call.deadline.signal.removeEventListener('abort', late);
      if (!result.ok) sock.destroy();
      resolve(result);
    };
    const late = (): void => give(unreachable('it does not answer'));
    sock.on('error', (error) => give(unreachable(reasonOf(error))));
    sock.once('connect', () => give(ok(sock)));
    call.deadline.signal.addEventListener('abort', late, { once: true });
    if (call.deadline.signal.aborted) late();
  });
}
