/** One word, quoted so that every POSIX shell reads back exactly this text. The only place where quoting happens. */
export function quote(word: string): string {
  if (word.includes('\0')) throw new Error('a shell word cannot hold a NUL byte');
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word) && !word.startsWith('=')) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line from words. */
export function commandLine(words: readonly string[]): string {
  return words.map(quote).join(' ');
}
