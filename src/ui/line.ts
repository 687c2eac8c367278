import { clean, cut, padTo, width, wrap } from './text.ts';

/** What a piece of text means for the eye; `theme.ts` gives it a colour. */
export type Tone = 'plain' | 'dim' | 'strong' | 'good' | 'bad' | 'warn' | 'busy' | 'cursor';

/** A piece of a line. */
export type Span = { readonly text: string; readonly tone: Tone };

/** One line of the screen. */
export type Line = readonly Span[];

/** A piece of text, cleaned. */
export function span(text: string, tone: Tone = 'plain'): Span {
  return { text: clean(text), tone };
}

/** A line of one piece or several. */
export function line(...spans: readonly (Span | string)[]): Line {
  return spans.map((s) => (typeof s === 'string' ? span(s) : s));
}

/** An empty line. */
export const blank: Line = [];

/** The columns a line takes. */
export function lineWidth(of: Line): number {
  return of.reduce((sum, s) => sum + width(s.text), 0);
}

/** A line cut to the columns there are. */
export function cutLine(of: Line, columns: number): Line {
  let left = columns;
  return of.flatMap((s) => {
    const text = cut(s.text, left);
    left -= width(text);
    return text === '' ? [] : [{ ...s, text }];
  });
}

/** The line with neighbours of one tone made one piece. */
export function merged(of: Line): Line {
  const pieces: Span[] = [];
  for (const s of of) {
    const last = pieces.at(-1);
    if (last && (last.tone === s.tone || s.text.trim() === ''))
      pieces[pieces.length - 1] = { ...last, text: last.text + s.text };
    else pieces.push(s);
  }
  return pieces;
}

/** A piece of exactly `columns`. */
export function padSpan(of: Span, columns: number): Span {
  return { ...of, text: padTo(of.text, columns) };
}

/** A paragraph, wrapped, every line indented by `indent` blanks. */
export function paragraph(text: string, columns: number, tone: Tone = 'plain', indent = 1): readonly Line[] {
  const safe = text.split('\n').map(clean).join('\n');
  return wrap(safe, columns - indent - 1).map((l) => [{ text: ' '.repeat(indent) + l, tone }]);
}

/** A paragraph of at most `most` lines; what was cut ends with `more`. */
export function shortParagraph(
  text: string,
  columns: number,
  most: number,
  tone: Tone = 'plain',
  indent = 1,
  more = '..',
): readonly Line[] {
  return shortLines(clean(text.replaceAll(/\s*\n\s*/g, ' ')), columns - indent - 1, most, more).map((l) => [
    { text: ' '.repeat(indent) + l, tone },
  ]);
}

/** A word in the margin and a paragraph beside it, cut to `most` lines; what was cut ends with `more`. */
export function labelled(
  label: string,
  text: string,
  columns: number,
  most = Number.POSITIVE_INFINITY,
  tone: Tone = 'plain',
  more = '..',
): readonly Line[] {
  const margin = 9;
  const room = columns - margin - 1;
  return shortLines(clean(text.replaceAll(/\s*\n\s*/g, ' ')), room, most, more).map((l, i) => [
    { text: padTo(i === 0 ? ` ${label}` : '', margin), tone: 'strong' },
    { text: l, tone },
  ]);
}

/** A text wrapped to at most `most` lines; what was cut ends with `more`. */
export function shortLines(text: string, room: number, most: number, more: string): readonly string[] {
  const lines = wrap(text, room);
  const shown = lines.slice(0, most);
  if (lines.length > shown.length && shown.length > 0)
    shown[shown.length - 1] = shortened(shown.at(-1) ?? '', more, room);
  return shown;
}

/** A text with `more` after it: whole words give way until it fits, part of a word only where there is no other. */
function shortened(text: string, more: string, room: number): string {
  let kept = text;
  while (width(kept) + 1 + width(more) > room && kept.includes(' '))
    kept = kept.slice(0, kept.lastIndexOf(' '));
  const left = room - 1 - width(more);
  return `${width(kept) > left ? cut(kept, Math.max(0, left)) : kept} ${more}`;
}

/** Two ends of one line; what is between them is blank. The left end gives way. */
export function ends(left: Line, right: Line, columns: number): Line {
  const room = columns - lineWidth(right);
  const kept = cutLine(left, Math.max(0, room - 1));
  return [
    ...kept,
    { text: ' '.repeat(Math.max(0, room - lineWidth(kept))), tone: 'plain' },
    ...cutLine(right, columns),
  ];
}
