import { createHash } from 'node:crypto';
import type { Failure } from '../domain/failure.ts';
import type { Answerer } from '../domain/ports.ts';
import { judgeHostKey, type KnownKey } from './known-hosts.ts';

/** The fingerprint of a public key as OpenSSH prints it. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The type that a public key in wire form states of itself. */
export function typeOfKey(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return key
    .subarray(4, 4 + length)
    .toString('latin1')
    .replaceAll(/[^\x21-\x7e]/g, '?');
}

/** Checks host keys in the only form that ssh2 cannot misread: a callback, nothing returned. */
export type HostKeyCheck = {
  readonly verify: (key: Buffer, decide: (accepted: boolean) => void) => void;
  /** Why the key was not accepted; undefined while it was, or was not seen. */
  readonly refusal: () => Failure | undefined;
  /** Whether a person accepted the key during this check. */
  readonly accepted: () => boolean;
  /** Resolves when no question about the key is open. */
  readonly settled: () => Promise<void>;
};

/** Makes the check for one host; `ask` and `remember` are used for a key that nobody knows yet. */
export function createHostKeyCheck(of: {
  readonly node: string;
  /** The node's name in failures. */
  readonly label: string;
  readonly host: string;
  readonly known: readonly KnownKey[];
  readonly strict: boolean;
  readonly ask: Answerer;
  readonly remember: (type: string, key: string) => Promise<void>;
  readonly accepted: (key: string) => boolean;
}): HostKeyCheck {
  let trusted: Buffer | undefined;
  let refusal: Failure | undefined;
  let asked = false;
  let open: Promise<void> = Promise.resolve();

  const judge = async (key: Buffer): Promise<boolean> => {
    const keyType = typeOfKey(key);
    const fingerprint = fingerprintOf(key);
    const text = key.toString('base64');
    const verdict = judgeHostKey(of.known, keyType, text);
    switch (verdict.kind) {
      case 'known':
        return true;
      case 'revoked':
        refusal = { code: 'host-key-revoked', node: of.label, fingerprint };
        return false;
      case 'changed':
        refusal = { code: 'host-key-changed', node: of.label, fingerprint, keyType, where: verdict.where };
        return false;
      case 'unknown': {
        if (of.accepted(text)) return true;
        const note = verdict.note === undefined ? {} : { note: verdict.note };
        const question = {
          kind: 'host-key',
          node: of.node,
          host: of.host,
          keyType,
          fingerprint,
          ...note,
        } as const;
        if (!of.strict && (await of.ask(question)) === 'yes') {
          asked = true;
          await of.remember(keyType, text);
          return true;
        }
        refusal = { code: 'host-key-unknown', node: of.label, fingerprint, keyType, ...note };
        return false;
      }
    }
  };

  return {
    refusal: () => refusal,
    accepted: () => asked,
    settled: () => open,
    verify: (key, decide) => {
      // The same question comes again at every new key exchange of a long connection.
      if (trusted) return decide(trusted.equals(key));
      const shown = Buffer.from(key);
      open = judge(shown).then(
        (good) => {
          if (good) trusted = shown;
          decide(good);
        },
        () => decide(false),
      );
    },
  };
}
