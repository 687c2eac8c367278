import { manyLines, oneLine } from './clean.ts';

/** Text as plain words of a Markdown document, in a table or anywhere else: nothing in it is markup any more. */
export function inline(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('|', '&#124;')
    .replaceAll('://', '&#58;//')
    .replaceAll(/\bwww\./gi, (start) => start.replace('.', '&#46;'))
    .replaceAll('@', '&#64;')
    .replaceAll(/[\\`*_[\]~!$#]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** Text in a fence longer than any run of backticks in it. */
export function fence(text: string, language = 'text'): string {
  const lines = manyLines(text).replace(/\n+$/, '');
  const longest = Math.max(0, ...[...lines.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = '`'.repeat(Math.max(3, longest + 1));
  return `${marks}${language}\n${lines}\n${marks}`;
}

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((c) => c || ' ').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A list; items are Markdown already. */
export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}
