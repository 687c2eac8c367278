/** One line of a sysctl file that says something of a key. Keys are in the form of a path below /proc/sys. */
export type SysctlLine = {
  /** Counted from 1. */
  readonly line: number;
  readonly key: string;
  readonly glob: boolean;
  /** Undefined for a line that only keeps patterns away from its key (`-key` without a value). */
  readonly value: string | undefined;
};

/** The lines of a sysctl file that say something; comments, blanks and lines without `=` are left out. */
export function parseSysctl(text: string): readonly SysctlLine[] {
  return text.split('\n').flatMap((raw, index): SysctlLine[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || line.startsWith(';')) return [];
    const optional = line.startsWith('-');
    const body = optional ? line.slice(1) : line;
    const at = body.indexOf('=');
    if (at < 0 && !optional) return [];
    const key = sysctlPath((at < 0 ? body : body.slice(0, at)).trim());
    const value = at < 0 ? undefined : sysctlValue(body.slice(at + 1));
    return key === '' ? [] : [{ line: index + 1, key, glob: /[*?[]/.test(key), value }];
  });
}

/** A key as a path below /proc/sys. When its first separator is a dot, dots and slashes change places. */
export function sysctlPath(key: string): string {
  const first = /[./]/.exec(key)?.[0];
  return first === '.' ? key.replaceAll(/[./]/g, (c) => (c === '.' ? '/' : '.')) : key;
}

/** A value with its blanks made single, for the kernel separates numbers by tabs. */
export function sysctlValue(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
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
  const path = sysctlPath(key);
  const last = parseSysctl(text).findLast((l) => !l.glob && l.key === path);
  const lines = text.split('\n');
  if (last && last.value !== undefined) {
    const at = last.line - 1;
    lines[at] = (lines[at] ?? '').replace(/=(\s*)[^\r]*?(\s*)$/, (_, before: string, after: string) => {
      return `=${before}${value}${after}`;
    });
    return lines.join('\n');
  }
  const whole = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return `${whole}${key} = ${value}\n`;
}
