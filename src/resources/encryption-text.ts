import { known, type Read, unread } from '../domain/answer.ts';
import { fingerprint } from './fingerprint.ts';
import { valueAt } from './tree.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

/** What may be told of an encryption configuration: everything but its keys. */
export type EncryptionText = {
  /** Whether its kind is one that the API server takes. */
  readonly kind: boolean;
  /** Whether a rule is for Secrets; of several the first counts. */
  readonly secrets: boolean;
  /** Names of the providers of that rule, in order. */
  readonly providers: readonly string[];
  /** Its keys: what each is called, whether it is 32 bytes, and the SHA-256 of its text. */
  readonly keys: readonly { readonly name: string; readonly whole: boolean; readonly fingerprint: string }[];
};

/** Reads an encryption configuration; `path` names it in the reason why it could not be, which never quotes it. */
export function readEncryption(text: string, path: string): Read<EncryptionText> {
  const parsed = parseYaml(text, path);
  const tree = parsed.known ? valuesOf(parsed.value, path) : parsed;
  if (!tree.known) return unread(`${path} is not YAML that can be read`);
  const rules = valueAt(tree.value, ['resources']);
  const all = Array.isArray(rules) ? rules : [];
  const ofSecrets = all.find(isForSecrets);
  const rule: unknown = ofSecrets ?? all[0];
  const providers = valueAt(rule, ['providers']);
  const list: readonly unknown[] = Array.isArray(providers) ? providers : [];
  const named = list.map((provider) =>
    typeof provider === 'object' && provider !== null ? Object.entries(provider)[0] : undefined,
  );
  return known({
    kind: ['EncryptionConfig', 'EncryptionConfiguration'].includes(String(valueAt(tree.value, ['kind']))),
    secrets: ofSecrets !== undefined,
    providers: named.map((entry) => entry?.[0] ?? 'nothing'),
    keys: named.flatMap((entry) => keysOf(entry?.[1])),
  });
}

function isForSecrets(rule: unknown): boolean {
  const resources = valueAt(rule, ['resources']);
  return Array.isArray(resources) && resources.some((each) => ['secrets', '*.', '*.*'].includes(each));
}

function keysOf(provider: unknown): EncryptionText['keys'] {
  const keys = valueAt(provider, ['keys']);
  return (Array.isArray(keys) ? keys : []).map((key: unknown, index) => {
    const name = valueAt(key, ['name']);
    const secret = valueAt(key, ['secret']);
    const written = typeof secret === 'string' ? secret.trim() : '';
    const print = fingerprint(written);
    return {
      name: typeof name === 'string' && /^[\w.-]{1,40}$/.test(name) ? name : `key ${index + 1}`,
      // 32 bytes are 43 characters and one to fill up; the last of them carries two bits fewer.
      whole: /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(written),
      fingerprint: print.kind === 'present' ? print.sha256 : '',
    };
  });
}
