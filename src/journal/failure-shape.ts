import type { Failure } from '../domain/failure.ts';
import { members, number, type Shape, text, variants } from './shape.ts';

const message = { message: text };
const user = { node: text, user: text };
const key = { node: text, fingerprint: text, keyType: text };
const path = { path: text, message: text };
const onNode = { node: text, path: text };

const failures: Readonly<Record<Failure['code'], Readonly<Record<string, Shape>>>> = {
  usage: message,
  'no-terminal': {},
  'profile-invalid': { file: text, line: number, key: text, message: text },
  'file-unreadable': path,
  'file-unwritable': path,
  'node-unreachable': { node: text, host: text, message: text },
  'connect-timeout': { node: text, seconds: number },
  'host-key-unknown': key,
  'host-key-refused': key,
  'host-key-changed': { ...key, where: text },
  'host-key-revoked': { node: text, fingerprint: text },
  'known-hosts-unreadable': path,
  'auth-failed': { ...user, offered: text, tried: text },
  'key-unusable': path,
  'handshake-failed': { node: text, message: text },
  'sudo-password-needed': user,
  'sudo-wrong-password': user,
  'sudo-not-allowed': user,
  'sudo-needs-tty': user,
  'sudo-missing': user,
  'same-machine': { node: text, other: text, machine: text },
  'link-lost': { node: text, message: text },
  bug: { node: text, message: text },
  deadline: { node: text, seconds: number, last: text },
  'read-only': { what: text },
  locked: { node: text, holder: text },
  drifted: onNode,
  refused: message,
  'node-full': onNode,
  'node-read-only': onNode,
  'change-failed': { node: text, message: text },
  'undo-failed': { node: text, message: text, script: text },
  'journal-unwritable': path,
  'session-not-found': { session: text },
  'chain-broken': { path: text, line: number, message: text },
  'lab-cannot': { what: text },
};

/** A failure with the facts that its words need. */
export const failure: Shape = variants(
  'code',
  Object.fromEntries(Object.entries(failures).map(([code, facts]) => [code, members(facts)])),
);
