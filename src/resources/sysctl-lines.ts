import { perText } from '../domain/per-text.ts';

/** One line of a sysctl file that says something of a key. Keys are in the form of a path below /proc/sys. */
export type SysctlLine = {
  /** Counted from 1, as an editor counts. */
  readonly line: number;
  readonly key: string;
  readonly glob: boolean;
  /** Undefined for a line that only keeps patterns away from its key (`-key` without a value). */
  readonly value: string | undefined;
  /** False where a lone carriage return or a NUL ends another line within it: such a line is not to be edited. */
  readonly alone: boolean;
};

/** The lines of a sysctl file that say something; comments, blanks and lines without `=` are left out. */
export const parseSysctl = perText((text): readonly SysctlLine[] =>
  text.split('\n').flatMap((raw, index) => {
    const parts = raw.replace(/\r$/, '').split(/[\r\0]/);
    return parts.flatMap((part): SysctlLine[] => {
      const line = stripped(part);
      if (line === '' || line.startsWith('#') || line.startsWith(';')) return [];
      const optional = line.startsWith('-');
      const body = optional ? line.slice(1) : line;
      const at = body.indexOf('=');
      if (at < 0 && !optional) return [];
      const key = sysctlPath(stripped(at < 0 ? body : body.slice(0, at)));
      const value = at < 0 ? undefined : sysctlValue(body.slice(at + 1));
      if (key === '') return [];
      return [{ line: index + 1, key, glob: /[*?[]/.test(key), value, alone: parts.length === 1 }];
    });
  }),
);

/** A key as a path below /proc/sys. When its first separator is a dot, dots and slashes change places; empty parts go. */
export function sysctlPath(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  const path = first === '.' ? key.replaceAll(/[./]/g, (c) => (c === '.' ? '/' : '.')) : key;
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

/** Every name of a key, as paths below /proc/sys: one value of the kernel has two. */
export function namesOf(key: string): readonly string[] {
  const path = sysctlPath(key);
  return twins.includes(path) ? twins : [path];
}

const twins: readonly string[] = ['net/ipv4/ip_forward', 'net/ipv4/conf/all/forwarding'];

/** A value with its blanks made single, for the kernel separates numbers by tabs. */
export function sysctlValue(text: string): string {
  return stripped(text).replaceAll(/[ \t\n\r]+/g, ' ');
}

/** A value as the kernel takes it: of one number only itself, whatever follows it after a blank, and in decimal. */
export function kernelValue(text: string): string {
  const [, sign, digits] = /^(-?)(0[xX][0-9a-fA-F]+|\d+)(?: [^-\d].*)?$/.exec(text) ?? [];
  if (digits === undefined) return text;
  if (/^0[xX]/.test(digits)) return `${sign}${BigInt(digits)}`;
  if (!/^0\d/.test(digits)) return `${sign}${digits}`;
  return /[89]/.test(digits) ? text : `${sign}${BigInt(`0o${digits.slice(1)}`)}`;
}

/** Without the blanks that systemd strips; a byte order mark is none of them, so it spoils a line. */
function stripped(text: string): string {
  return text.replace(/^[ \t\n\r]+/, '').replace(/[ \t\n\r]+$/, '');
}

/** Whether a pattern covers a key; no wildcard crosses a slash. */
export function covers(pattern: string, key: string): boolean {
  const source = pattern.replaceAll(/\[!?[^\]]*\]|[\s\S]/g, (part) => {
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.length > 1) return part.replace('[!', '[^').replaceAll('\\', '\\\\');
    return part.replace(/[\\^$.*+?()[\]{}|]/, '\\$&');
  });
  return new RegExp(`^${source}$`).test(key);
}

/** The text of a sysctl file with a key set: its last own line is changed, or a line is added; all else stays as it is. */
export function withSysctl(text: string, key: string, value: string): string {
  const names = namesOf(key);
  const last = parseSysctl(text).findLast((l) => !l.glob && names.includes(l.key));
  const lines = text.split('\n');
  if (last?.alone && last.value !== undefined) {
    const at = last.line - 1;
    lines[at] = (lines[at] ?? '').replace(/=(\s*)[^\r]*?(\s*)$/, (_, before: string, after: string) => {
      return `=${before}${value}${after}`;
    });
    return lines.join('\n');
  }
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${whole}${key} = ${value}\n`;
}
