import { isHarmless } from './named-secret.ts';
import type { Range } from './ranges.ts';

// Letters and digits in one word that is no version, no duration and no name of an algorithm.
const telling =
  '(?!v\\d|sha\\d|md5|base64|bcrypt|pbkdf|utf|x509|aes\\d|[ehr]s\\d|(?:\\d+(?:ms|us|ns|[dhms]))+\\b)(?=[^\\s"\']{0,128}\\d)(?=[^\\s"\']{0,128}[A-Za-z])';
const letters = '[A-Za-z0-9!#$%&*+=?@^_~]{8,128}';
const wordEnd = '(?=\\\\*["\']|[.,;!?)]*(?:\\s|$))';
const login = '\\s+(?:login|user)\\s+\\S{1,200}\\s+(?:account\\s+\\S{1,200}\\s+)?';

// Whose it is, up to a colon or an equals sign: `password for the root user on cp-1: `.
const whose =
  '(?:password|passphrase|passwd|pwd|pw|token|credential)s?[ \\t]+(?:(?:for|of)[ \\t]+(?:[^\\s{}]{1,64}[ \\t]{1,8}){0,6}?[^\\s={}]{1,100}?|\\([^\\n()]{1,100}\\))[ \\t]*(?::[ \\t]+|=[ \\t]*|->[ \\t]*)';
// What such a line says where there is no secret.
const stateWords =
  '(?!(?:see|above|below|here|there|vault|same|blank|empty|default|unknown|expired|locked|changed|unchanged|rotated|wrong|refused|rejected|removed|deleted|hidden|secret|todo|tbd)\\b)';

// A name and then its secret, without a colon or an equals sign between. `secret` is left out: it is a kind of object, named in quotes.
const spoken: readonly RegExp[] = [
  // In quotes, perhaps escaped: a password may be any word, and several of them where one has a digit.
  /(?<![./])(?:password|passphrase|passwd)[ \t]+\\*["'](?<secret>[^\s\\"']{4,128}|(?=[^\\"'\n]{0,128}\d)[^\\"'\n]{4,128})(?=\\*["'])/dgi,
  new RegExp(`(?<![./])token[ \\t]+\\\\*["'](?<secret>${telling}${letters})(?=\\\\*["'])`, 'dgi'),
  // In a sentence.
  new RegExp(
    `(?<![\\w./])(?:password|passphrase|passwd|token)[ \\t]+(?:is|was)[ \\t]*:?[ \\t]+\\\\*["']?(?<secret>${telling}${letters})${wordEnd}`,
    'dgi',
  ),
  new RegExp(
    `(?<![\\w./])(?:password|passphrase|passwd)[ \\t]+(?<secret>${telling}${letters})${wordEnd}`,
    'dgi',
  ),
  // With its owner between: in quotes, at the end of what is said, in the midst of it, and alone in a comment.
  new RegExp(
    `(?<![\\w./-])${whose}\\\\*["'](?<secret>[^\\s\\\\"']{4,128}|(?=[^\\\\"'\\n]{0,128}\\d)[^\\\\"'\\n]{4,128})(?=\\\\*["'])`,
    'dgi',
  ),
  new RegExp(
    `(?<![\\w./-])${whose}(?<secret>${telling}[^\\s"'\\\\]{6,128})(?=[ \\t]*(?:[\\\\"'#(;,]|\\r?$))`,
    'dgim',
  ),
  new RegExp(`(?<![\\w./-])${whose}(?<secret>${telling}${letters})${wordEnd}`, 'dgi'),
  new RegExp(
    `(?<=(?:#|//|;)[^\\n]{0,80})(?<![\\w./-])${whose}${stateWords}(?<secret>[^\\s"'\\\\]{4,128})(?=[ \\t]*(?:[\\\\"'#(;,]|\\r?$))`,
    'dgim',
  ),
  new RegExp(
    `(?<![\\w./-])(?:password|passphrase|passwd|token)[ \\t]+(?:for|of)[ \\t]+(?:\\S{1,64}[ \\t]{1,8}){1,6}?(?:is|was)[ \\t]*:?[ \\t]+\\\\*["']?(?<secret>${telling}${letters})${wordEnd}`,
    'dgi',
  ),
  // .netrc, and a line that holds nothing else.
  new RegExp(`\\b(?:machine\\s+\\S{1,200}|default)${login}password\\s+(?<secret>\\S+)`, 'dg'),
  new RegExp(`^[ \\t]*password[ \\t]+(?<secret>${telling}\\S{6,})[ \\t]*\\r?$`, 'dgm'),
];

const hint = /password|passphrase|passwd|pwd|\bpw|token|credential/i;

/** Where a text says a secret in words: its name, and then the secret itself. */
export function spokenRanges(text: string): readonly Range[] {
  if (!hint.test(text)) return [];
  return spoken.flatMap((form) =>
    [...text.matchAll(form)].flatMap((match): Range[] => {
      const range = match.indices?.groups?.secret;
      return range && !isHarmless(text.slice(...range)) ? [range] : [];
    }),
  );
}
