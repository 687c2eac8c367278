import { open } from 'node:fs/promises';
import { type Failure, fail, ok, type Result } from '../domain/failure.ts';
import { shortPath } from './paths.ts';
import { runTool } from './tool.ts';

/** One line of a known_hosts file that speaks of a host. */
export type KnownKey = {
  readonly marker: 'key' | 'revoked' | 'authority';
  readonly type: string;
  /** The public key in base64. */
  readonly key: string;
  /** `file:line`. */
  readonly where: string;
  /** Found under the name without its port; OpenSSH lets such a key vouch, but not accuse. */
  readonly loose: boolean;
};

/** What known_hosts says of a key that a host shows. */
export type HostKeyVerdict =
  | { readonly kind: 'known' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'changed'; readonly where: string }
  | { readonly kind: 'unknown'; readonly note?: string };

/** The name under which a host stands in known_hosts. */
export function knownName(hostname: string, port: number, alias?: string): string {
  return alias ?? (port === 22 ? hostname.toLowerCase() : `[${hostname.toLowerCase()}]:${port}`);
}

/** Everything the files say of a host, asked of `ssh-keygen -F`, which knows hashes, wildcards and negation. */
export async function lookUpHost(
  files: readonly string[],
  host: { readonly hostname: string; readonly port: number; readonly alias?: string | undefined },
  sshKeygen: string,
): Promise<Result<readonly KnownKey[]>> {
  const name = knownName(host.hostname, host.port, host.alias);
  const found: KnownKey[] = [];
  for (const file of files) {
    const readable = await isThere(file);
    if (!readable.ok) return readable;
    if (!readable.value) continue;
    const exact = await findIn(file, name, sshKeygen, false);
    if (!exact.ok) return exact;
    found.push(...exact.value);
    if (host.alias !== undefined || host.port === 22 || exact.value.some((k) => k.marker === 'key')) continue;
    const loose = await findIn(file, host.hostname.toLowerCase(), sshKeygen, true);
    if (!loose.ok) return loose;
    found.push(...loose.value.filter((k) => k.marker !== 'authority'));
  }
  return ok(found);
}

/** Judges the key a host shows by what the files say of it. */
export function judgeHostKey(known: readonly KnownKey[], type: string, key: string): HostKeyVerdict {
  if (known.some((k) => k.marker === 'revoked' && k.key === key)) return { kind: 'revoked' };
  const keys = known.filter((k) => k.marker === 'key');
  if (keys.some((k) => k.key === key)) return { kind: 'known' };
  // A host that is known, but only by keys of other types, counts as changed: all types that are known were asked for first.
  const accusing = keys.filter((k) => !k.loose);
  const worst = accusing.find((k) => k.type === type) ?? accusing[0];
  if (worst) return { kind: 'changed', where: worst.where };
  const authority = known.find((k) => k.marker === 'authority');
  if (!authority) return { kind: 'unknown' };
  return {
    kind: 'unknown',
    note: `${authority.where} trusts a certificate authority for this host (@cert-authority), which is not supported here.`,
  };
}

const algorithmsOf: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};

/** Host key algorithms in the order to offer: types the host is known by first. SHA-1 signatures are never offered. */
export function hostKeyAlgorithms(known: readonly KnownKey[]): readonly string[] {
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ];
  const first = known
    .filter((k) => k.marker === 'key')
    .toSorted((a, b) => Number(a.loose) - Number(b.loose))
    .flatMap((k) => algorithmsOf[k.type] ?? [k.type]);
  return [...new Set([...first.filter((name) => all.includes(name)), ...all])];
}

async function isThere(file: string): Promise<Result<boolean>> {
  try {
    const handle = await open(file, 'r');
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) return fail(unreadable(file, 'it is a folder'));
      return ok(stat.size > 0);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return ok(false);
    return fail(unreadable(file, code === 'EACCES' ? 'permission denied' : String(code)));
  }
}

async function findIn(
  file: string,
  name: string,
  sshKeygen: string,
  loose: boolean,
): Promise<Result<readonly KnownKey[]>> {
  const run = await runTool(sshKeygen, ['-F', name, '-f', file]);
  if (run.kind === 'missing')
    return fail(
      unreadable(file, `OpenSSH's ssh-keygen was not found (${sshKeygen}); install the OpenSSH client`),
    );
  if (run.exit > 1) return fail(unreadable(file, run.err.trim() || `ssh-keygen ended with ${run.exit}`));
  const keys: KnownKey[] = [];
  let where = shortPath(file);
  for (const line of run.out.split('\n')) {
    const at = /^# Host .* found: line (\d+)/.exec(line);
    if (at) where = `${shortPath(file)}:${at[1]}`;
    else if (line !== '') keys.push(...readLine(line, where, loose));
  }
  return ok(keys);
}

function readLine(line: string, where: string, loose: boolean): readonly KnownKey[] {
  const words = line.split(/\s+/);
  const marker = words[0]?.startsWith('@') ? words.shift() : undefined;
  const [, type, key] = words;
  if (!type || !key) return [];
  const kind = marker === '@revoked' ? 'revoked' : marker === '@cert-authority' ? 'authority' : 'key';
  return [{ marker: kind, type, key, where, loose }];
}

function unreadable(path: string, message: string): Failure {
  return { code: 'known-hosts-unreadable', path, message };
}
