import { createHmac } from 'node:crypto';

/** One line of a known_hosts file that holds a key. */
export type KnownLine = {
  readonly marker: 'key' | 'revoked' | 'authority';
  /** Whether it speaks of a host of this name, written as `knownName` writes it. */
  readonly isFor: (name: string) => boolean;
  readonly type: string;
  /** The public key in base64. */
  readonly key: string;
  /** Its number in the file, from 1. */
  readonly number: number;
};

const markers: ReadonlyMap<string, KnownLine['marker']> = new Map([
  ['@revoked', 'revoked'],
  ['@cert-authority', 'authority'],
]);

/** A marker, the names, the key's type and the key, with blanks or tabs between; what follows is a comment. */
const form = /^[ \t]*(?:(@[^ \t]+)[ \t]+)?([^ \t@#][^ \t]*)[ \t]+([^ \t]+)[ \t]+([^ \t\r#][^ \t\r]*)/;

/** The types of key that OpenSSH knows; it passes over a line with any other. */
const types =
  /^(ssh-(ed25519|rsa|dss)|rsa-sha2-(256|512)|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com|((sk-)?(ssh-(ed25519|rsa|dss)|ecdsa-sha2-nistp(256|384|521))|rsa-sha2-(256|512))-cert-v01@openssh\.com)$/;

/** Reads the text of a known_hosts file, bytes as latin1, as OpenSSH does: what it would pass over is left out. */
export function readKnownLines(text: string): readonly KnownLine[] {
  return text.split('\n').flatMap((line, index) => {
    const [, word, names = '', type = '', key = ''] = form.exec(line) ?? [];
    const marker = word === undefined ? 'key' : markers.get(word);
    if (marker === undefined || !types.test(type)) return [];
    const isFor = names.startsWith('|') ? hashedTest(names) : patternsTest(names);
    return [{ marker, isFor, type, key, number: index + 1 }];
  });
}

/** `|1|salt|hash`: one name, hashed by HMAC-SHA1; capital letters count. */
function hashedTest(names: string): KnownLine['isFor'] {
  const [, kind, salt64 = ''] = names.split('|');
  const salt = Buffer.from(salt64, 'base64');
  if (kind !== '1' || salt.length !== 20) return () => false;
  const head = `|1|${salt.toString('base64')}|`;
  return (name) => names === head + createHmac('sha1', salt).update(name).digest('base64');
}

/** Patterns with commas between; one that matches and is negated outweighs all others. */
function patternsTest(names: string): KnownLine['isFor'] {
  const patterns = lower(names)
    .split(',')
    .map((pattern) => {
      const negated = pattern.startsWith('!');
      const text = negated ? pattern.slice(1) : pattern;
      const glob = /[*?]/.test(text) ? globOf(text) : undefined;
      return { negated, matches: (name: string): boolean => (glob ? glob.test(name) : name === text) };
    });
  return (name) => {
    const small = lower(name);
    const fitting = patterns.filter((pattern) => pattern.matches(small));
    return fitting.length > 0 && !fitting.some((pattern) => pattern.negated);
  };
}

function globOf(pattern: string): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
}

/** Only A to Z: the bytes of other letters are left as they are, as OpenSSH leaves them. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
}
