import type { Duplex } from 'node:stream';
import type { NodeSSH } from 'node-ssh';
import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import type { Login } from './auth.ts';
import { hearLogin } from './auth-messages.ts';
import type { Deadline } from './deadline.ts';
import type { HostKeyCheck } from './host-key.ts';
import { brokenLink, createOfferLog, type LinkError, reasonOf } from './reasons.ts';

/** An SSH connection that is up: its errors have a listener for as long as it lives. */
export type Link = {
  readonly ssh: NodeSSH;
  /** Why the link is gone; undefined while it stands. */
  readonly lost: () => Failure | undefined;
  readonly onLost: (listener: (failure: Failure) => void) => void;
  /** Gives the link up because of `message`; everything under way on it ends. */
  readonly drop: (failure: Failure) => void;
  readonly close: () => Promise<void>;
};

/** What one connection is made from. */
export type LinkSetting = {
  readonly node: string;
  readonly host: string;
  readonly user: string;
  readonly seconds: number;
  readonly sock: Duplex;
  readonly algorithms: readonly string[];
  /** How RSA keys may sign, the preferred first. */
  readonly rsaSignatures: readonly string[];
  readonly check: HostKeyCheck;
  readonly login: Login;
  readonly deadline: Deadline;
  readonly keepaliveMs: number;
};

/** A failed attempt; `again` when nothing was tried yet that the server could count against us. */
export type Attempted = Result<Link> & { readonly again?: boolean };

/** Brings one connection up over a socket (or over a channel of a jump host). */
export async function openLink(of: LinkSetting): Promise<Attempted> {
  const { NodeSSH } = await import('node-ssh');
  // Nobody listened for its end while the host was looked up.
  if (of.sock.destroyed) return explain(of, 'closed', '');
  const ssh = new NodeSSH();
  const offers = createOfferLog();
  let over = false;
  let leftToDo: ReturnType<typeof hearLogin> = (left) => ({ left, partial: false });
  let end: (error: LinkError | 'closed') => void = () => undefined;
  const started = ssh.connect({
    sock: of.sock as never,
    username: of.user,
    readyTimeout: 0,
    keepaliveInterval: of.keepaliveMs,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: [...of.algorithms] as never },
    debug: offers.debug,
    hostVerifier: (key: Buffer, decide: (accepted: boolean) => void): void => {
      of.check.verify(key, (accepted) => {
        if (!over) decide(accepted);
      });
    },
    authHandler: (left, _partial, next) => {
      of.login.next(leftToDo(left)).then((method) => {
        if (!over) next(method as never);
      }, end);
    },
  });
  // node-ssh's own promise ends at the first error, fatal or not, and calls every early close a timeout.
  started.catch(() => undefined);
  const client = ssh.connection;
  if (!client) throw new Error('node-ssh made no connection');
  leftToDo = hearLogin(client, of.rsaSignatures);

  const result = await new Promise<LinkError | 'ready' | 'closed'>((resolve) => {
    let first: LinkError | undefined;
    end = (error) => {
      over = true;
      resolve(error);
    };
    client.on('error', (error: LinkError) => {
      if (error.level === 'agent') return of.login.note(error.message);
      first ??= error;
      end(first);
    });
    client.on('change password', () => {
      of.login.note('it has expired, and the server wants a new one');
      end(new Error(expired));
    });
    let talk = 0;
    // ssh2 sets no bound to what a server says before it says what it speaks, and none to its banners.
    const hear = (said: { readonly length: number }): void => {
      talk += said.length;
      if (talk > talkCap) end(Object.assign(new Error(tooTalkative), { level: 'handshake' }));
    };
    of.sock.on('data', hear);
    client.once('handshake', () => of.sock.off('data', hear));
    client.on('banner', hear);
    // What a server asks and nobody answers stays unanswered: an empty answer is a failed login there.
    of.login.onGivenUp(() => end(Object.assign(new Error(givenUp), { level: 'client-authentication' })));
    client.once('ready', () => resolve('ready'));
    client.once('close', () => end(first ?? 'closed'));
    const late = (): void => end(new Error('deadline'));
    of.deadline.signal.addEventListener('abort', late, { once: true });
    if (of.deadline.signal.aborted) late();
  });
  if (result === 'ready') return ok(keepLink(ssh, of));
  client.destroy();
  of.sock.destroy();
  if (of.deadline.signal.aborted) return fail(ended(of));
  // The server may give up while a person still compares the fingerprint; the answer counts nevertheless.
  await of.check.settled();
  return explain(of, result, offers.lists());
}

const talkCap = 64 * 1024;
const tooTalkative = `it sent more than ${talkCap / 1024} KiB of greetings`;
const expired = 'the password has expired';
const givenUp = 'the login was given up';

function explain(of: LinkSetting, result: LinkError | 'closed', lists: string): Attempted {
  const refusal = of.check.refusal();
  if (refusal) return fail(refusal);
  if (result === 'closed') {
    if (of.login.started()) return fail(of.login.failure('it closed the connection'));
    const message = 'it closed the connection';
    return {
      ...fail<Link>({ code: 'node-unreachable', node: of.node, host: of.host, message }),
      again: true,
    };
  }
  if (result.level === 'client-authentication' || result.message === expired) return fail(of.login.failure());
  if (of.login.started() && typeof result.code === 'number')
    return fail(of.login.failure(`the server said: ${reasonOf(result)}`));
  const again =
    !of.login.started() && /ECONNRESET|EPIPE|Connection lost/.test(`${result.code} ${result.message}`);
  return { ...fail<Link>(brokenLink(of.node, of.host, result, lists)), again };
}

/** The failure of a connection whose deadline fired or that was called off. */
export function ended(of: {
  readonly node: string;
  readonly seconds: number;
  readonly deadline: Deadline;
}): Failure {
  return of.deadline.signal.reason === 'cancelled'
    ? { code: 'refused', message: `Connecting to ${of.node} was called off.` }
    : { code: 'connect-timeout', node: of.node, seconds: of.seconds };
}

function keepLink(ssh: NodeSSH, of: LinkSetting): Link {
  const client = ssh.connection;
  let lost: Failure | undefined;
  let closing = false;
  let listeners: ((failure: Failure) => void)[] = [];
  const lose = (failure: Failure): void => {
    if (lost) return;
    lost = failure;
    const told = closing ? [] : listeners;
    listeners = [];
    for (const listener of told) listener(failure);
  };
  const linkLost = (message: string): Failure => ({ code: 'link-lost', node: of.node, message });
  const tearDown = (): void => {
    client?.destroy();
    of.sock.destroy();
  };
  client?.on('error', (error: LinkError) => {
    lose(linkLost(reasonOf(error)));
    tearDown();
  });
  const gone = (): void => lose(linkLost('the connection was closed'));
  client?.on('end', gone);
  client?.on('close', gone);
  if (!ssh.isConnected()) gone();
  return {
    ssh,
    lost: () => lost,
    onLost: (listener) => {
      if (lost && !closing) queueMicrotask(() => listener(lost as Failure));
      else listeners.push(listener);
    },
    drop: (failure) => {
      lose(failure);
      tearDown();
    },
    close: async () => {
      closing = true;
      lose(linkLost('it was closed here'));
      if (!client || of.sock.destroyed) return;
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      client.end();
      const timer = setTimeout(tearDown, 300);
      await closed;
      clearTimeout(timer);
    },
  };
}
