import { manyLines, oneLine } from './clean.ts';

// Entities where a backslash would not do: a pipe ends a cell whatever stands before it, addresses become links by themselves.
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '|': '&#124;',
  '://': '&#58;//',
};

/** Text as plain words of a Markdown document, in a table or anywhere else: nothing in it is markup any more. */
export function inline(text: string): string {
  return oneLine(text)
    .replaceAll(
      /:\/\/|(?<=\bwww)\.|[&<>|\\`*[\]~$#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/gi,
      (sign) => entities[sign] ?? (sign === '.' ? '&#46;' : `\\${sign}`),
    )
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
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
