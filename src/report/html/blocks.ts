import type { Block, CellContent } from '../blocks.ts';
import { type Counts, standingWords } from '../counts.ts';
import { markupLine, markupLines } from '../markup.ts';
import { bar } from './bar.ts';
import { badge, picture } from './picture.ts';

/** The name under which the part of that number is found. */
export function partAnchor(index: number): string {
  return `part-${index + 1}`;
}

/** Blocks as HTML; the parts are numbered in their order, for the list of contents. */
export function blocksHtml(blocks: readonly Block[]): string {
  let parts = 0;
  return blocks
    .map((block) => {
      const anchor = block.kind === 'heading' && block.level === 2 ? partAnchor(parts++) : undefined;
      return blockHtml(block, anchor);
    })
    .join('\n');
}

function blockHtml(block: Block, part: string | undefined): string {
  switch (block.kind) {
    case 'heading': {
      const id = block.anchor ?? part;
      const tag = `h${block.level}`;
      return `<${tag}${id === undefined ? '' : ` id="${id}"`}>${markupLine(block.text)}</${tag}>`;
    }
    case 'paragraph':
      return `<p>${markupLine(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${markupLine(item)}</li>`).join('\n')}</ul>`;
    case 'table':
      return table(block);
    case 'lines':
      return `<pre class="${block.language}" tabindex="0">${lines(block)}</pre>`;
    case 'picture':
      return picture(block.rows, block.words);
  }
}

function table({ about, head, rows, bars = [] }: Extract<Block, { kind: 'table' }>): string {
  const heads = head.map((text) => `<th scope="col">${markupLine(text)}</th>`).join('');
  const body = rows.map((row, index) => {
    const cells = row.map((content, column) => {
      const drawing = bars.find((b) => b.column === column)?.counts[index];
      return column === 0 ? `<th scope="row">${cell(content)}</th>` : `<td>${cell(content, drawing)}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="wide" role="group" aria-label="${markupLine(about)}" tabindex="0"><table><caption>${markupLine(about)}</caption><thead><tr>${heads}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function cell(content: CellContent, counts?: Counts): string {
  if (typeof content !== 'string') return badge(content.standing, standingWords[content.standing]);
  return `${counts ? bar(counts) : ''}${markupLine(content)}`;
}

/** A difference has a class for each line that comes or goes; its sign stays, for who sees no colour. */
function lines({ language, text }: Extract<Block, { kind: 'lines' }>): string {
  if (language !== 'diff') return markupLines(text);
  return markupLines(text)
    .split('\n')
    .map((line) =>
      line.startsWith('+') ? `<ins>${line}</ins>` : line.startsWith('-') ? `<del>${line}</del>` : line,
    )
    .join('\n');
}
