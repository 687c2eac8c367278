import { statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { systemWords } from '../domain/system-error.ts';
import { typeOfKey } from './host-key.ts';
import { shortPath } from './paths.ts';

/** A key file of the operator's, looked at without any passphrase. */
export type Identity = {
  readonly path: string;
  /** As the public half says; empty when it cannot be told. */
  readonly type: string;
  /** The public half, to find the key in an agent. */
  readonly publicKey?: Buffer;
  /** The text of the private half; undefined when only the public half is there. */
  readonly text?: string;
  readonly encrypted: boolean;
  /** Why the private half cannot be used, in words that follow "cannot be used:". */
  readonly problem?: string;
};

/** Looks at key files. */
export type IdentityReader = (path: string) => Promise<Identity | undefined>;

/** How long a look at a key file holds: nodes that are connected together share it; who mends a file and tries again is heard. */
const holdsMs = 1000;

/** Makes a reader that looks at a file once for all nodes that are connected together. */
export function createIdentityReader(now: () => number = () => performance.now()): IdentityReader {
  const looks = new Map<string, { readonly at: number; readonly found: ReturnType<IdentityReader> }>();
  return (path) => {
    const before = looks.get(path);
    if (before && now() - before.at < holdsMs) return before.found;
    const found = readIdentity(path);
    looks.set(path, { at: now(), found });
    return found;
  };
}

/** Looks at a key file and its `.pub`; undefined when there is neither. */
export async function readIdentity(path: string): Promise<Identity | undefined> {
  const file = `${path}.pub`;
  const publicKey = publicKeyOf(isAbsent(file) ? '' : await readFile(file, 'utf8').catch(() => ''));
  let text: string;
  try {
    if (publicKey === undefined && isAbsent(path)) return undefined;
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const seen = { path, type: publicKey ? typeOfKey(publicKey) : '', ...(publicKey ? { publicKey } : {}) };
    if (code === 'ENOENT' || code === 'ENOTDIR') return publicKey && { ...seen, encrypted: false };
    return { ...seen, encrypted: false, problem: systemWords(error) };
  }
  // IdentityFile may name the public half, for a key that only an agent holds.
  const named = publicKeyOf(text);
  if (named) return { path, type: typeOfKey(named), publicKey: named, encrypted: false };
  const seen = inspectKey(text);
  const half = seen.publicKey ?? publicKey;
  const type = seen.type || (half ? typeOfKey(half) : '');
  const problem = (await tooOpen(path)) ?? unsupported(type) ?? seen.problem;
  return {
    path,
    type,
    text,
    encrypted: seen.encrypted,
    ...(half ? { publicKey: half } : {}),
    ...(problem ? { problem } : {}),
  };
}

/** Why a key of this type cannot be used here; undefined when it can. */
export function unsupported(type: string): string | undefined {
  if (type.startsWith('sk-')) return 'it is a FIDO security key, which is not supported here';
  if (type.includes('-cert-v0')) return 'it is an OpenSSH certificate, which is not supported here';
  if (type === 'ssh-dss' || type.startsWith('ssh-xmss')) return `${type} keys are not supported here`;
  return undefined;
}

/** What a private key's text says without its passphrase. */
export function inspectKey(text: string): {
  readonly encrypted: boolean;
  readonly type: string;
  readonly publicKey?: Buffer;
  readonly problem?: string;
} {
  const openssh = /-----BEGIN OPENSSH (?:PRIVATE) KEY-----([\s\S]+?)-----END/.exec(text);
  if (openssh) return inspectOpenSsh(Buffer.from(openssh[1] ?? '', 'base64'));
  if (/-----BEGIN (RSA|EC|DSA) PRIVATE KEY-----/.test(text))
    return { encrypted: /Proc-Type: 4,ENCRYPTED/.test(text), type: '' };
  if (/-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/.test(text)) {
    const problem = 'it is in PKCS#8 form; ssh-keygen -p -f rewrites it in OpenSSH form';
    return { encrypted: text.includes('BEGIN ENCRYPTED'), type: '', problem };
  }
  if (text.startsWith('PuTTY-User-Key-File-'))
    return { encrypted: !/^Encryption: none/m.test(text), type: '' };
  return { encrypted: false, type: '', problem: 'it is not a private key in a form known here' };
}

function inspectOpenSsh(bytes: Buffer): {
  encrypted: boolean;
  type: string;
  publicKey?: Buffer;
  problem?: string;
} {
  const broken = { encrypted: false, type: '', problem: 'its OpenSSH form is damaged' };
  let at = 15;
  if (bytes.toString('latin1', 0, 14) !== 'openssh-key-v1') return broken;
  const next = (): Buffer | undefined => {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    const part = bytes.subarray(at + 4, end);
    at = end;
    return end <= bytes.length ? part : undefined;
  };
  const cipher = next();
  const kdf = next();
  const options = next();
  at += 4;
  const publicKey = next();
  if (!cipher || !kdf || !options || !publicKey) return broken;
  return { encrypted: cipher.toString('latin1') !== 'none', type: typeOfKey(publicKey), publicKey };
}

/** Asked at once, for most of OpenSSH's default names are not there. What cannot be looked at is there. */
function isAbsent(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) === undefined;
  } catch {
    return false;
  }
}

function publicKeyOf(text: string): Buffer | undefined {
  const found = /^(?:ssh|ecdsa|sk)-[^\s]+ +([A-Za-z0-9+/=]+)/.exec(text);
  return found ? Buffer.from(found[1] ?? '', 'base64') : undefined;
}

async function tooOpen(path: string): Promise<string | undefined> {
  const { mode, uid } = await stat(path);
  if ((mode & 0o077) === 0 || uid !== process.getuid?.()) return undefined;
  return `others may read it (mode ${(mode & 0o777).toString(8).padStart(4, '0')}); chmod 600 ${shortPath(path)}`;
}
