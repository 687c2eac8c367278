import type { Block } from '../blocks.ts';
import { documentOf } from '../document.ts';
import type { ReportInput } from '../input.ts';
import { markupLine } from '../markup.ts';
import { recordLines, recordState } from '../record.ts';
import { blocksHtml, partAnchor } from './blocks.ts';
import { style, styleHash } from './style.ts';

/** Nothing may be loaded, run, sent or framed; only the style sheet of the page itself, by its hash. */
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** The report for people as one file that opens in any browser and asks for nothing. */
export function html(input: ReportInput): string {
  const [title, ...rest] = documentOf(input);
  const name = title?.kind === 'heading' ? title.text : '';
  return `${[
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="referrer" content="no-referrer">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${markupLine(name)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${markupLine(name)}</h1>`,
    record(input),
    contents(rest),
    blocksHtml(rest),
    '</main>',
    '</body>',
    '</html>',
  ].join('\n')}\n`;
}

/** How far the record may be believed, before anything that it says. */
function record(input: ReportInput): string {
  const lines = recordLines(input).map((text) => `<p>${markupLine(text)}</p>`);
  return `<div class="record ${recordState(input.chain)}">${lines.join('')}</div>`;
}

function contents(blocks: readonly Block[]): string {
  const titles = blocks.flatMap((block) =>
    block.kind === 'heading' && block.level === 2 ? [block.text] : [],
  );
  const links = titles.map((text, i) => `<li><a href="#${partAnchor(i)}">${markupLine(text)}</a></li>`);
  return `<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>`;
}
