import { known, type Read, unread } from '../domain/answer.ts';
import { type ArgumentWord, argumentWords } from './argument-words.ts';
import { flagKind } from './flag-kinds.ts';
import { givenFlags, looksLikeFlag, whyDoubtful } from './flags.ts';

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
export type ArgumentText = {
  readonly words: readonly string[];
  readonly entries: readonly ArgumentEntry[];
  /** Why it must not be edited: with the line, which word belongs to which flag is not certain. */
  readonly doubt: string | undefined;
};

/** Takes an argument file apart; why it cannot be, with the line, otherwise. */
export function readArguments(text: string, path: string): Read<ArgumentText> {
  const words = argumentWords(text, path);
  if (!words.known) return words;
  const plain = words.value.map(({ value }) => value);
  return known({ words: plain, entries: entriesOf(words.value, plain), doubt: doubtIn(words.value, path) });
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
  const doubt = read.value.doubt ?? doubtAbout(read.value.words, key, path);
  if (doubt !== undefined) return unread(doubt);
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
  const doubt = read.value.doubt ?? doubtAbout(read.value.words, key, path);
  if (doubt !== undefined) return unread(doubt);
  const trouble = cannotWrite(key, value);
  if (trouble) return trouble;
  const line = `--${key}="${value}"`;
  const there = parted(read.value, key).own;
  return readAgain(text, inserted(text, read.value.entries, line), [...there, bare(line)], key, path);
}

function doubtAbout(words: readonly string[], key: string, path: string): string | undefined {
  const why = whyDoubtful(words, key);
  return why && `in ${path} ${why}`;
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

function entriesOf(words: readonly ArgumentWord[], plain: readonly string[]): readonly ArgumentEntry[] {
  return givenFlags(plain).flatMap(({ name, at, words: count }): ArgumentEntry[] => {
    const first = words[at];
    if (!first) return [];
    const next = words[at + 1];
    // A truth value takes no word, but one that stands there for it keeps the component from starting, and goes with it.
    const takesNext = count === 2 || (isTruth(name, first.value) && isTruthWord(next?.value));
    const last = takesNext && next ? next : first;
    const numbers = last === first ? [at] : [at, at + 1];
    return [{ key: name, line: first.line, from: first.from, to: last.to, words: numbers }];
  });
}

function isTruth(name: string, word: string): boolean {
  return flagKind(name) === 'truth' && !word.includes('=');
}

function isTruthWord(word: string | undefined): boolean {
  return word !== undefined && /^(?:true|false)$/i.test(word);
}

/** A word with one dash after a flag of no known kind may be its value: left alone when that flag goes, it would stop the component. */
function doubtIn(words: readonly ArgumentWord[], path: string): string | undefined {
  const doubt = givenFlags(words.map(({ value }) => value)).find(
    ({ doubtful }) => doubtful !== undefined && !looksLikeFlag(doubtful),
  );
  return (
    doubt &&
    `${path}:${words[doubt.at]?.line} has --${doubt.name} before ${doubt.doubtful}, and whether that is its value cannot be told; write it as --${doubt.name}=VALUE`
  );
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
