import type { NamedText } from '../domain/evidence.ts';

/** A rule about a module: it bars it for good, only when it is asked for by an alias, or nobody knows what its command does. */
export type Ban = {
  readonly path: string;
  /** The first of its lines, counted from 1, and how many it has. */
  readonly line: number;
  readonly lines: number;
  readonly raw: string;
  readonly kind: 'hard' | 'by-alias' | 'not-known';
};

/** The folders of modprobe's rules; a file hides those of its name in the folders behind. */
export const ruleFolders = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];

/** The files that count, of those in all folders in their order. */
export function inForce(rules: readonly NamedText[]): readonly NamedText[] {
  const nameOf = ({ path }: NamedText): string => path.slice(path.lastIndexOf('/') + 1);
  return rules.filter((file, n) => rules.findIndex((other) => nameOf(other) === nameOf(file)) === n);
}

/** The rules of a file that keep a module away, or may. */
export function bansIn({ path, text }: NamedText, name: string): readonly Ban[] {
  const lines = text.split('\n');
  const bans: Ban[] = [];
  for (let at = 0; at < lines.length; ) {
    let end = at;
    // A line that ends in a backslash goes on in the next.
    while (lines[end]?.endsWith('\\') && end + 1 < lines.length) end++;
    const own = lines.slice(at, end + 1);
    const whole = own.map((line, n) => (n < own.length - 1 ? line.slice(0, -1) : line)).join('');
    const kind = kindOf(whole, name);
    const raw = whole.trim().replaceAll(/\s+/g, ' ');
    if (kind) bans.push({ path, line: at + 1, lines: own.length, raw, kind });
    at = end + 1;
  }
  return bans;
}

/** The text of a file with these rules of it made comments. */
export function withoutBans(text: string, bans: readonly Ban[]): string {
  const isOf = (n: number): boolean => bans.some(({ line, lines }) => n >= line && n < line + lines);
  return text
    .split('\n')
    .map((line, n) => (isOf(n + 1) ? `# was: ${line.trim()}` : line))
    .join('\n');
}

/** What a rule does to a module; undefined when it leaves it alone. Dashes and underscores are one. */
function kindOf(line: string, name: string): Ban['kind'] | undefined {
  const [word, module = '', ...command] = line.trim().split(/\s+/);
  if (!matches(module.replaceAll('-', '_'), name)) return undefined;
  if (word === 'blacklist') return 'by-alias';
  if (word !== 'install' || command.length === 0) return undefined;
  const said = command.join(' ');
  if (/\bmodprobe\b.*\s(--ignore-install|-\w*i\w*)\s/.test(`${said} `)) return undefined;
  const doesNothing = /^(\S*\/)?(true|false|:|exit|logger|echo)([\s;]|$)/;
  const shell = /^(\S*\/)?(ba|da)?sh -c (["']?)\s*(exit( \d+)?|true|false|:)\s*;?\s*\3(\s*#.*)?$/;
  const goesOn = /[;&|]\s*[^\s;&|]/.test(said.replace(/#.*/, ''));
  return (doesNothing.test(said) && !goesOn) || shell.test(said) ? 'hard' : 'not-known';
}

/** Whether a name, or a pattern of the shell, means this module. */
function matches(pattern: string, name: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^');
  try {
    return new RegExp(`^${source}$`).test(name);
  } catch {
    return false;
  }
}
