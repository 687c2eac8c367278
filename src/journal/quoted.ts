/** How much of a text lies before its closing quote, or before the end of the line when it is not closed. */
export function quotedLength(text: string, slashes: string, mark: string): number {
  const close = slashes + mark;
  for (let at = text.indexOf(close); at !== -1; at = text.indexOf(close, at + 1)) {
    const escapes = /\\*$/.exec(text.slice(Math.max(0, at - 64), at))?.[0].length ?? 0;
    if (mark === "'" && slashes === '' && text[at + 1] === "'") at += 1;
    else if (slashes !== '' ? escapes === 0 : mark === "'" || escapes % 2 === 0) return at;
  }
  return /^[^\n]*/.exec(text)?.[0].length ?? 0;
}

/** A value without the (escaped) quotes around it. */
export function unquoted(value: string): string {
  return value.replace(/^\\*["']/, '').replace(/\\*["']$/, '');
}
