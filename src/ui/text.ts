const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const printable = /^[\x20-\x7e]*$/;
// Characters that are one code unit and one column each: those of most lines, frames and marks included.
const narrow =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u259f\u26a0\u2713-\u2718\u276f]*$/;
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f000}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation})/u;

const direction = /[\u200e\u200f\u2028-\u202e\u2060-\u206f]/;

/** Text that may be shown: no control character, no escape sequence, nothing that turns the reading direction. */
export function clean(text: string): string {
  if (printable.test(text) || (narrow.test(text) && !direction.test(text))) return text;
  return text
    .replaceAll(/\x1b\[[0-?]*[ -/]*[@-~]/g, '')
    .replaceAll(/\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?/g, '')
    .replaceAll('\t', '  ')
    .replaceAll(/[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]/g, '');
}

/** How many columns a text takes. */
export function width(text: string): number {
  if (narrow.test(text)) return text.length;
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) columns += segmentWidth(segment);
  return columns;
}

/** The text cut to at most `columns`, with `..` where something was left out. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (width(text) <= columns) return text;
  const mark = columns > 3 ? '..' : '';
  if (narrow.test(text)) return text.slice(0, columns - mark.length) + mark;
  let kept = '';
  let used = mark.length;
  for (const { segment } of segmenter.segment(text)) {
    used += segmentWidth(segment);
    if (used > columns) break;
    kept += segment;
  }
  return kept + mark;
}

/** The same with what was left out at the beginning. */
export function cutStart(text: string, columns: number): string {
  if (width(text) <= columns) return text;
  const mark = columns > 3 ? '..' : '';
  let kept = '';
  for (const { segment } of [...segmenter.segment(text)].toReversed()) {
    if (width(kept) + segmentWidth(segment) + mark.length > columns) break;
    kept = segment + kept;
  }
  return mark + kept;
}

/** The text cut or filled with blanks to exactly `columns`. */
export function padTo(text: string, columns: number): string {
  const shown = cut(text, columns);
  return shown + ' '.repeat(Math.max(0, columns - width(shown)));
}

/** The text broken into lines of at most `columns`, at blanks where there are any. */
export function wrap(text: string, columns: number): readonly string[] {
  const at = Math.max(1, columns);
  return text.split('\n').flatMap((line) => wrapLine(line, at));
}

function wrapLine(line: string, columns: number): readonly string[] {
  if (width(line) <= columns) return [line];
  const lines: string[] = [];
  let current: string | undefined;
  for (const word of line.split(' ')) {
    const joined: string = current === undefined ? word : `${current} ${word}`;
    if (width(joined) <= columns) {
      current = joined;
      continue;
    }
    // A word that is longer than a line begins on this one; any other begins the next.
    if (width(word) > columns && current !== undefined) {
      current = joined;
    } else {
      if (current !== undefined && current.trim() !== '') lines.push(current);
      current = word;
    }
    while (width(current) > columns) {
      const head = uncut(takeColumns(current, columns));
      lines.push(head);
      current = current.slice(head.length);
    }
  }
  if (current !== undefined) lines.push(current);
  return lines;
}

/** The beginning of a path up to its last slash, so that none of its names is cut; any other text as it is. */
function uncut(head: string): string {
  const slash = head.lastIndexOf('/');
  const word = head.lastIndexOf(' ') + 1;
  return slash > word ? head.slice(0, slash + 1) : head;
}

function takeColumns(text: string, columns: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    used += segmentWidth(segment);
    if (used > columns && taken !== '') break;
    taken += segment;
  }
  return taken;
}

function segmentWidth(segment: string): number {
  if (zeroWidth.test(segment)) return 0;
  return wide.test(segment) || segment.includes('\ufe0f') ? 2 : 1;
}
