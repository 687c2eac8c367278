import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';

/** A key pair as OpenSSH writes it. */
export type KeyPair = { readonly private: string; readonly public: string };

/** Makes a key pair that lives as long as the lab. */
export function newKeyPair(comment: string): KeyPair {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    // ssh2 drops zero bytes that lead a key, so that one in some two hundred is broken.
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error) && isWhole(pair.public)) return pair;
  }
}

/** A length and `ssh-ed25519`, a length and 32 bytes. */
function isWhole(publicHalf: string): boolean {
  return Buffer.from(publicHalf.split(' ')[1] ?? '', 'base64').length === 4 + 11 + 4 + 32;
}

/** The lab's own folder: nobody else's to read, and gone with the lab. */
export async function openFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'k8s-harden-lab-'));
  // A program that leaves without closing its lab takes the keys along nevertheless.
  const sweep = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', sweep);
  return {
    path,
    remove: async () => {
      process.off('exit', sweep);
      await rm(path, { recursive: true, force: true });
    },
  };
}

/** Writes the client's private key where its owner alone may read it. */
export async function writeKey(folder: string, key: KeyPair): Promise<string> {
  const path = join(folder, 'id_ed25519');
  await writeFile(path, key.private, { mode: 0o600 });
  return path;
}

/** Writes the host keys that the client knows. */
export async function writeKnownHosts(
  folder: string,
  known: readonly { readonly port: number; readonly key: KeyPair }[],
): Promise<string> {
  const path = join(folder, 'known_hosts');
  const lines = known.map(
    ({ port, key }) => `[127.0.0.1]:${port} ${key.public.split(' ').slice(0, 2).join(' ')}\n`,
  );
  await writeFile(path, lines.join(''), { mode: 0o600 });
  return path;
}
