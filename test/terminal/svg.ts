type Style = { readonly bold: boolean; readonly dim: boolean; readonly colour: number | undefined };
type Run = { readonly column: number; readonly text: string; readonly style: Style };

const plain: Style = { bold: false, dim: false, colour: undefined };
const cell = { width: 8.4, height: 18 };
const margin = 16;
const paper = '#16181d';
const ink = { plain: '#d5d8de', bold: '#ffffff', dim: '#8b919d' };
/** The named colours of the program, by their number in the terminal. */
const colours: Readonly<Record<number, string>> = {
  31: '#f0717a',
  32: '#7fca72',
  33: '#e5bb62',
  36: '#5cc3d3',
};

/** A terminal's screen as a picture: `lines` carry colours as a terminal writes them. */
export function screenToSvg(lines: readonly string[], columns: number, title: string): string {
  const width = columns * cell.width + 2 * margin;
  const height = lines.length * cell.height + 2 * margin;
  const rows = lines.map((line, row) => {
    const y = margin + row * cell.height + 13;
    return runs(line)
      .filter(({ text }) => text.trim() !== '')
      .map(({ column, text, style }) => piece(column, y, text, style))
      .join('');
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${paper}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">`,
    ...rows.filter((row) => row !== ''),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

/** The words of a picture, line by line, as a reader of its source finds them. */
export function svgToText(svg: string): string {
  return svg
    .split('\n')
    .filter((line) => line.startsWith('<text'))
    .map((line) => line.replaceAll(/<[^>]+>/g, ''))
    .join('\n');
}

// Every run is fitted to its cells: fonts differ in the width of symbols, a terminal does not.
function piece(column: number, y: number, text: string, style: Style): string {
  const colour = style.colour === undefined ? undefined : colours[style.colour];
  const fill = colour ?? (style.dim ? ink.dim : style.bold ? ink.bold : ink.plain);
  const weight = style.bold ? ' font-weight="bold"' : '';
  const x = round(margin + column * cell.width);
  const long = round([...text].length * cell.width);
  return `<text x="${x}" y="${y}" fill="${fill}"${weight} textLength="${long}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}

/** Pieces of one style each; a symbol is a piece of its own, so that no font can push what follows it. */
function runs(line: string): readonly Run[] {
  const out: Run[] = [];
  let style = plain;
  let column = 0;
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    if (part.startsWith('\x1b')) {
      for (const code of part.slice(2, -1).split(';')) style = styled(style, Number(code));
      continue;
    }
    for (const text of part.match(/[\x20-\x7e]+|[^\x20-\x7e]/gu) ?? []) {
      const before = out.at(-1);
      if (before?.style === style && !/^[\x20-\x7e]/.test(text) && before.text.startsWith(text)) {
        out[out.length - 1] = { ...before, text: before.text + text };
      } else {
        const start = /^ */.exec(text)?.[0].length ?? 0;
        out.push({ column: column + start, text: text.slice(start).trimEnd(), style });
      }
      column += [...text].length;
    }
  }
  return out;
}

function styled(style: Style, code: number): Style {
  switch (code) {
    case 0:
      return plain;
    case 1:
      return { ...style, bold: true };
    case 2:
      return { ...style, dim: true };
    case 22:
      return { ...style, bold: false, dim: false };
    case 39:
      return { ...style, colour: undefined };
    default:
      return code in colours ? { ...style, colour: code } : style;
  }
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
