import type { Block, CellContent } from './blocks.ts';
import { manyLines, oneLine } from './clean.ts';
import { standingWords } from './counts.ts';

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
    .replaceAll(/:\/\/|[&<>|\\`*[\]~$#_.]/g, escaped)
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2');
}

/** A dot is markup only after www, which becomes a link; an underscore everywhere but within a word. */
function escaped(sign: string, at: number, whole: string): string {
  if (sign === '.') return /\bwww$/i.test(whole.slice(Math.max(0, at - 4), at)) ? '&#46;' : sign;
  if (sign === '_' && /^[A-Za-z0-9]_[A-Za-z0-9]/.test(whole.slice(Math.max(0, at - 1), at + 2))) return sign;
  return entities[sign] ?? `\\${sign}`;
}

/** A document for people in Markdown. */
export function markdownOf(blocks: readonly Block[]): string {
  return `${blocks.flatMap(blockText).join('\n\n')}\n`;
}

function blockText(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [`${'#'.repeat(block.level)} ${inline(block.text)}`];
    case 'paragraph':
      return [inline(block.text)];
    case 'list':
      return [block.items.map((item) => `- ${inline(item)}`).join('\n')];
    case 'table':
      return [table(block.head, block.rows)];
    case 'lines':
      return [fence(block.text, block.language)];
    case 'picture':
      return [];
  }
}

/** Text in a fence longer than any run of backticks in it. */
function fence(text: string, language: string): string {
  const lines = manyLines(text).replace(/\n+$/, '');
  const longest = Math.max(0, ...[...lines.matchAll(/`+/g)].map((run) => run[0].length));
  const marks = '`'.repeat(Math.max(3, longest + 1));
  return `${marks}${language}\n${lines}\n${marks}`;
}

function table(head: readonly string[], rows: readonly (readonly CellContent[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((c) => c || ' ').join(' | ')} |`;
  const words = (cell: CellContent) => inline(typeof cell === 'string' ? cell : standingWords[cell.standing]);
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(words)))].join('\n');
}
