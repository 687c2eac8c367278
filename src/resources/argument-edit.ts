import { known, type Read, unread } from '../domain/answer.ts';
import { type ArgumentWord, argumentWords } from './argument-words.ts';
import { flagName } from './flags.ts';

/** One flag of an argument file, however it is spelled, and where it stands. */
export type ArgumentEntry = {
  readonly key: string;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** Which words it is made of: one, or two where its value stands apart. */
  readonly words: readonly number[];
};

/** An argument file taken apart: the words as the program gets them, and its flags. */
export type ArgumentText = { readonly words: readonly string[]; readonly entries: readonly ArgumentEntry[] };

/** Takes an argument file apart; why it cannot be, with the line, otherwise. */
export function readArguments(text: string, path: string): Read<ArgumentText> {
  const words = argumentWords(text, path);
  return words.known
    ? known({ words: words.value.map(({ value }) => value), entries: entriesOf(words.value) })
    : words;
}

/** The lines on which a flag stands. */
export function linesOf({ entries }: ArgumentText, key: string): readonly number[] {
  return entries.filter((e) => e.key === key).map((e) => e.line);
}

/**
 * The text with one line for a flag, `--key="value"`: in place of the first that is there, else where it belongs by the order of
 * the lines. All others of that flag go. Without a value the flag is taken out. Everything else keeps its bytes.
 */
export function withArgument(
  text: string,
  key: string,
  value: string | undefined,
  path: string,
): Read<string> {
  const read = readArguments(text, path);
  if (!read.known) return read;
  const trouble = value === undefined ? undefined : cannotWrite(key, value);
  if (trouble) return trouble;
  const own = read.value.entries.filter((e) => e.key === key);
  const [first, ...others] = own;
  const line = `--${key}="${value}"`;
  if (!first)
    return value === undefined
      ? known(text)
      : readAgain(text, inserted(text, read.value.entries, line), [bare(line)], key, path);
  const gone = value === undefined ? own : others;
  let edited = text;
  for (const entry of gone.toReversed()) edited = removed(edited, entry);
  if (value === undefined) return readAgain(text, edited, [], key, path);
  return readAgain(
    text,
    edited.slice(0, first.from) + line + edited.slice(first.to),
    [bare(line)],
    key,
    path,
  );
}

/** The text with one more line for a flag that is given once for each of its values. */
export function withOneMore(text: string, key: string, value: string, path: string): Read<string> {
  const read = readArguments(text, path);
  if (!read.known) return read;
  const trouble = cannotWrite(key, value);
  if (trouble) return trouble;
  const line = `--${key}="${value}"`;
  const there = parted(read.value, key).own;
  return readAgain(text, inserted(text, read.value.entries, line), [...there, bare(line)], key, path);
}

function cannotWrite(key: string, value: string): Read<never> | undefined {
  return /["$`\\\r\n]/.test(value) ? unread(`${key} cannot be written as ${value}`) : undefined;
}

/** An edit after which another flag would differ, or bash would stumble, is not made. */
function readAgain(
  text: string,
  edited: string,
  wanted: readonly string[],
  key: string,
  path: string,
): Read<string> {
  const [before, after] = [readArguments(text, path), readArguments(edited, path)];
  const same = (a: readonly string[], b: readonly string[]) =>
    a.length === b.length && a.every((word, n) => word === b[n]);
  const safe =
    before.known &&
    after.known &&
    same(parted(after.value, key).own.toSorted(), wanted.toSorted()) &&
    same(parted(after.value, key).others, parted(before.value, key).others);
  return safe ? known(edited) : unread(`--${key} stands in ${path} in a form that cannot be edited safely`);
}

/** What a flag is given, and all other words; those that belong together are one text. */
function parted(
  { words, entries }: ArgumentText,
  key: string,
): { readonly own: readonly string[]; readonly others: readonly string[] } {
  const textOf = (entry: ArgumentEntry) => entry.words.map((n) => words[n]).join('\n');
  const taken = new Set(entries.flatMap((e) => e.words));
  const others = entries.filter((e) => e.key !== key).map(textOf);
  return {
    own: entries.filter((e) => e.key === key).map(textOf),
    others: [...others, ...words.filter((_, n) => !taken.has(n))],
  };
}

function bare(line: string): string {
  return line.replaceAll('"', '');
}

function entriesOf(words: readonly ArgumentWord[]): readonly ArgumentEntry[] {
  return words.flatMap((word, n): ArgumentEntry[] => {
    const key = /^--?([^-=][^=]*)/.exec(word.value)?.[1];
    if (key === undefined) return [];
    const next = words[n + 1];
    const takesNext = !word.value.includes('=') && next !== undefined && !next.value.startsWith('-');
    const to = takesNext ? next.to : word.to;
    return [
      { key: flagName(key), line: word.line, from: word.from, to, words: takesNext ? [n, n + 1] : [n] },
    ];
  });
}

/** After the last line that sorts before it: k8sd sorts the lines whenever it writes the file. */
function inserted(text: string, entries: readonly ArgumentEntry[], line: string): string {
  const before = entries.findLast((e) => text.slice(e.from, e.to) < line);
  if (before) {
    const end = text.indexOf('\n', before.to);
    return end < 0 ? `${text}\n${line}\n` : `${text.slice(0, end + 1)}${line}\n${text.slice(end + 1)}`;
  }
  const [first] = entries;
  const at = first ? text.lastIndexOf('\n', first.from - 1) + 1 : text.length;
  const apart = at > 0 && text[at - 1] !== '\n' ? '\n' : '';
  return `${text.slice(0, at)}${apart}${line}\n${text.slice(at)}`;
}

/** A line that held nothing else goes with it. */
function removed(text: string, { from, to }: ArgumentEntry): string {
  const start = text.lastIndexOf('\n', from - 1) + 1;
  const end = text.indexOf('\n', to);
  const before = text.slice(start, from);
  const after = text.slice(to, end < 0 ? text.length : end);
  if (`${before}${after}`.trim() === '') return text.slice(0, start) + (end < 0 ? '' : text.slice(end + 1));
  return before.trim() === ''
    ? text.slice(0, start) + text.slice(to).trimStart()
    : text.slice(0, from).trimEnd() + text.slice(to);
}
