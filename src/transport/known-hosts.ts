import { ok, type Result } from '../domain/failure.ts';
import type { KnownHostsReader } from './known-hosts-file.ts';
import type { KnownLine } from './known-hosts-lines.ts';
import { shortPath } from './paths.ts';

/** One line of a known_hosts file that speaks of a host. */
export type KnownKey = {
  readonly marker: KnownLine['marker'];
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

/** Everything the files say of a host, as `ssh-keygen -F` finds it. */
export async function lookUpHost(
  files: readonly string[],
  host: { readonly hostname: string; readonly port: number; readonly alias?: string | undefined },
  read: KnownHostsReader,
): Promise<Result<readonly KnownKey[]>> {
  const name = knownName(host.hostname, host.port, host.alias);
  const found: KnownKey[] = [];
  for (const file of files) {
    const lines = await read(file);
    if (!lines.ok) return lines;
    const exact = lines.value.filter((line) => line.isFor(name));
    found.push(...exact.map((line) => knownKey(file, line, false)));
    if (host.alias !== undefined || host.port === 22 || exact.some((k) => k.marker === 'key')) continue;
    const bare = host.hostname.toLowerCase();
    const loose = lines.value.filter((line) => line.marker !== 'authority' && line.isFor(bare));
    found.push(...loose.map((line) => knownKey(file, line, true)));
  }
  return ok(found);
}

function knownKey(file: string, { marker, type, key, number }: KnownLine, loose: boolean): KnownKey {
  return { marker, type, key, where: `${shortPath(file)}:${number}`, loose };
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
