/** What stands in a record where a secret was. */
export const redactionMark = '[redacted]';

/** A piece of a text, from and up to. */
export type Range = readonly [from: number, to: number];

/** Ranges in order, those that overlap or touch made one. */
export function mergeRanges(ranges: readonly Range[]): readonly Range[] {
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (to > from) merged.push([from, to]);
  }
  return merged;
}

/** A text with one mark for every range. */
export function cover(text: string, ranges: readonly Range[]): string {
  let out = '';
  let at = 0;
  for (const [from, to] of mergeRanges(ranges)) {
    out += text.slice(at, from) + redactionMark;
    at = to;
  }
  return out + text.slice(at);
}

/** Several texts covered by ranges of the same texts joined by newlines; each stays an entry of its own. */
export function coverLines(lines: readonly string[], ranges: readonly Range[]): readonly string[] {
  const merged = mergeRanges(ranges);
  let start = 0;
  return lines.map((line) => {
    const own = merged
      .filter(([from, to]) => from < start + line.length && to > start)
      .map(([from, to]): Range => [Math.max(from - start, 0), Math.min(to - start, line.length)]);
    start += line.length + 1;
    return own.length === 0 ? line : cover(line, own);
  });
}
