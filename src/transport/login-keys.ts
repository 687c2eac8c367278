import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import type { Answerer } from '../domain/ports.ts';
import { lateKey, listAgent, onlyKey } from './agent.ts';
import { fingerprintOf, typeOfKey } from './host-key.ts';
import { type Identity, type IdentityReader, unsupported } from './keys.ts';
import { shortPath } from './paths.ts';
import type { HostConfig } from './ssh-config.ts';
import { oneLine } from './wire/clean.ts';

/** A key to log in with: an attempt at a time. */
export type LoginKey = { readonly label: string; readonly id: string; readonly method: AnyAuthMethod };

/** All keys to try, in order, and in words those that cannot be tried. */
export type LoginKeys = {
  readonly keys: readonly LoginKey[];
  readonly unusable: readonly { readonly path: string; readonly problem: string }[];
};

/** The problem of a key whose passphrase nobody typed: the operator gives up on the node. */
export const noPassphrase = 'no passphrase was given';

/** What `findLoginKeys` works with. */
export type KeyRing = {
  readonly ssh2: typeof import('ssh2');
  readonly node: string;
  readonly ask: Answerer;
  /** Keys that were opened, by path. */
  readonly opened: Map<string, ParsedKey>;
  readonly onSecret: (secret: string) => void;
  readonly readIdentity: IdentityReader;
};

/**
 * The order is made for servers that allow two attempts: keys that the configuration names and the agent holds; named key
 * files; the agent's other keys; default key files. Keys the server refused before come last (`auth.ts`).
 */
export async function findLoginKeys(config: HostConfig, ring: KeyRing): Promise<LoginKeys> {
  const [agent, ...files] = await Promise.all([
    config.agent === undefined ? [] : listAgent(config.agent),
    ...config.identities.map(ring.readIdentity),
  ]);
  const identities = files.filter((file) => file !== undefined);
  const unusable: { path: string; problem: string }[] = config.certificates.map((path) => ({
    path: shortPath(path),
    problem: 'it is an OpenSSH certificate, which is not supported here',
  }));
  if ('problem' in agent) unusable.push({ path: `agent ${config.agent}`, problem: agent.problem });
  const held = 'problem' in agent ? [] : agent;
  const inAgent = (file: Identity): boolean =>
    file.publicKey !== undefined && held.some((k) => k.key.equals(file.publicKey as Buffer));

  const ofAgent: LoginKey[] = [];
  const others: LoginKey[] = [];
  for (const { key, comment } of held) {
    const named = identities.some((file) => file.publicKey?.equals(key));
    if (!named && config.identitiesOnly) continue;
    const parsed = ring.ssh2.utils.parseKey(key);
    const problem = unsupported(typeOfKey(key));
    const label = `agent key ${typeOfKey(key)} ${fingerprintOf(key)}${comment ? ` (${oneLine(comment)})` : ''}`;
    if (problem || parsed instanceof Error) {
      unusable.push({ path: label, problem: problem ?? 'its type is not supported here' });
      continue;
    }
    const method = {
      type: 'agent',
      username: config.user,
      agent: onlyKey(ring.ssh2, config.agent ?? '', parsed),
    } as const;
    (named ? ofAgent : others).push({ label, id: fingerprintOf(key), method });
  }
  const ofFiles: LoginKey[] = [];
  for (const file of identities.filter((f) => f.text !== undefined && !inAgent(f))) {
    if (file.problem) unusable.push({ path: shortPath(file.path), problem: file.problem });
    else ofFiles.push(fileKey(file, config.user, ring));
  }
  const keys = config.named ? [...ofAgent, ...ofFiles, ...others] : [...ofAgent, ...others, ...ofFiles];
  return { keys, unusable };
}

function fileKey(file: Identity, username: string, ring: KeyRing): LoginKey {
  const label = `key file ${shortPath(file.path)}`;
  const half = file.publicKey && readOnce(file.publicKey, ring);
  const open = (): Promise<ParsedKey | { readonly problem: string }> => openKey(file, ring);
  const id = file.publicKey ? fingerprintOf(file.publicKey) : file.path;
  // A PEM key tells nothing of itself before it is opened; its public half is then read from the private one.
  const shown = !half || half instanceof Error ? readOnce(file, ring) : half;
  if (!(shown instanceof Error))
    return { label, id, method: { type: 'agent', username, agent: lateKey(ring.ssh2, shown, open) } };
  const agent = lateKey(ring.ssh2, undefined as unknown as ParsedKey, open);
  agent.getIdentities = (callback) => {
    open().then(
      (key) => ('problem' in key ? callback(new Error(key.problem)) : callback(undefined, [key])),
      (error: Error) => callback(error),
    );
  };
  return { label, id, method: { type: 'agent', username, agent } };
}

async function openKey(file: Identity, ring: KeyRing): Promise<ParsedKey | { readonly problem: string }> {
  const { parseKey } = ring.ssh2.utils;
  if (!file.encrypted) return usable(readOnce(file, ring));
  const before = ring.opened.get(file.path);
  if (before) return before;
  const passphrase = await ring.ask({ kind: 'passphrase', node: ring.node, keyPath: shortPath(file.path) });
  if (passphrase === undefined) return { problem: noPassphrase };
  ring.onSecret(passphrase);
  const key = usable(parseKey(file.text ?? '', passphrase));
  if ('problem' in key) return { problem: 'the passphrase does not open it' };
  ring.opened.set(file.path, key);
  return key;
}

/** Reads a public half, or a private one that has no passphrase, once for all nodes that are connected with it. */
function readOnce(of: Buffer | Identity, { ssh2 }: KeyRing): ParsedKey | Error {
  const key = keysRead.get(of) ?? ssh2.utils.parseKey(Buffer.isBuffer(of) ? of : (of.text ?? ''));
  keysRead.set(of, key);
  return key;
}

const keysRead = new WeakMap<Buffer | Identity, ParsedKey | Error>();

function usable(key: ParsedKey | Error): ParsedKey | { readonly problem: string } {
  const one = Array.isArray(key) ? (key[0] as ParsedKey) : key;
  return one instanceof Error ? { problem: one.message } : one;
}
