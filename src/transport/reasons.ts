import type { Failure } from '../domain/failure.ts';
import { oneLine } from './wire/clean.ts';

/** An error of node's net, of ssh2 or of node-ssh; `level` is ssh2's, a numeric `code` is the server's reason to leave. */
export type LinkError = Error & {
  readonly level?: string;
  readonly code?: unknown;
  /** Why a channel was not opened. */
  readonly reason?: unknown;
  readonly errors?: readonly Error[];
};

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to its network',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ECONNABORTED: 'the connection was broken off',
  EADDRNOTAVAIL: 'this machine has no address from which it can be reached',
  EACCES: 'this machine does not let connections to it out; a firewall may forbid them',
  EPERM: 'this machine does not let connections to it out; a firewall may forbid them',
};

/** What ssh2 says, by how it begins, and what it means. */
const spoken: readonly (readonly [RegExp, string])[] = [
  [/^Timed out while waiting for handshake/, 'it did not finish the SSH handshake in time'],
  [/^Keepalive timeout/, 'it stopped answering'],
  [
    /^(?:Protocol version not supported|Invalid identification|Bad identification)/,
    'what answers there does not speak SSH 2',
  ],
  [
    /^(?:Invalid header|Expected|Bad packet length|Invalid packet)/,
    'what answers there does not speak SSH as it should',
  ],
  [/^(?:Max greeting lines|Header line too long)/, 'it sends greetings without end and never speaks SSH'],
  [/Channel open failure/, 'it opens no further session; MaxSessions in its sshd_config may be too low'],
  [/^(?:No response from server|Not connected)/, 'the connection was closed'],
];

/** What went wrong, in a few words that can follow a colon. */
export function reasonOf(error: LinkError): string {
  const first = error.errors?.[0] ?? error;
  const code = (first as LinkError).code;
  if (typeof code === 'string' && words[code]) return words[code];
  if (error.level === 'client-timeout') return 'it stopped answering';
  if (error.message.startsWith('Connection lost before handshake'))
    return 'it closed the connection before the SSH handshake';
  const said = oneLine(error.message.replace(/^\(SSH\) /, ''));
  return spoken.find(([form]) => form.test(said))?.[1] ?? (said || 'the connection was closed');
}

/** Collects what both sides offered, for the sentence about a handshake that failed. */
export function createOfferLog(): { readonly debug: (line: string) => void; readonly lists: () => string } {
  let ours: RegExpExecArray | null = null;
  let theirs: RegExpExecArray | null = null;
  return {
    debug: (line) => {
      if (!line.startsWith('Handshake: (')) return;
      ours = /^Handshake: \(local\) (.+?): (.*)$/.exec(line) ?? ours;
      theirs = /^Handshake: \(remote\) (.+?): (.*)$/.exec(line) ?? theirs;
    },
    lists: () => (ours && theirs ? ` (we offer ${ours[2]}; it offers ${theirs[2]})` : ''),
  };
}

/** The failure of a connection that broke before the login began or while it went on. */
export function brokenLink(node: string, host: string, error: LinkError, lists: string): Failure {
  if (error.level === 'handshake' || error.level === 'protocol') {
    const early = error.message.startsWith('Connection lost before handshake');
    if (!early) {
      const message = error.message.replace(/^Handshake failed: /, '') + lists;
      return { code: 'handshake-failed', node, message };
    }
  }
  return { code: 'node-unreachable', node, host, message: reasonOf(error) };
}
