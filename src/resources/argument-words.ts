import { known, type Read, unread } from '../domain/answer.ts';

/** A word of an argument file, and where in the text it stands. */
export type ArgumentWord = {
  readonly value: string;
  readonly from: number;
  readonly to: number;
  readonly line: number;
};

/** What parts words for bash; every other blank becomes part of one. */
const blank = /[ \t\n]/;

/**
 * Takes an argument file apart as bash does, which reads it as the words of an array: quotes are removed, a comment begins with
 * `#` at the start of a word. What bash would run, replace or stumble over is refused, with its line.
 */
export function argumentWords(whole: string, path: string): Read<readonly ArgumentWord[]> {
  // The shell takes the line breaks at the end away before it looks at the words.
  const text = whole.replace(/\n+$/, '');
  const words: ArgumentWord[] = [];
  let line = 1;
  let at = 0;
  const refuse = (what: string): Read<never> => unread(`${path}:${line} ${what}`);
  while (at < text.length) {
    const here = text[at] ?? '';
    if (here === '\n') line++;
    if (blank.test(here)) {
      at++;
      continue;
    }
    if (text.startsWith('\\\n', at)) {
      line++;
      at += 2;
      continue;
    }
    if (here === '#') {
      while (at < text.length && text[at] !== '\n') at++;
      continue;
    }
    const word = wordAt(text, at);
    if (typeof word === 'string') return refuse(word);
    words.push({ value: word.value, from: at, to: word.to, line });
    line += text.slice(at, word.to).split('\n').length - 1;
    at = word.to;
  }
  return known(words);
}

/** The word that begins at a place, or what is wrong with it, to follow the path and line. */
function wordAt(text: string, from: number): { readonly value: string; readonly to: number } | string {
  let value = '';
  let at = from;
  while (at < text.length && !blank.test(text[at] ?? '')) {
    const here = text[at] ?? '';
    if (here === "'" || here === '"') {
      const quoted = here === "'" ? singleAt(text, at) : doubleAt(text, at);
      if (typeof quoted === 'string') return quoted;
      value += quoted.value;
      at = quoted.to;
    } else if (here === '\\') {
      if (at + 1 >= text.length) return 'ends with a backslash that stands for nothing';
      if (text[at + 1] !== '\n') value += text[at + 1];
      at += 2;
    } else {
      const trouble = troubleWith(text, at, from);
      if (trouble !== undefined) return trouble;
      value += here;
      at++;
    }
  }
  return { value, to: at };
}

function singleAt(text: string, from: number): { readonly value: string; readonly to: number } | string {
  const end = text.indexOf("'", from + 1);
  return end < 0 ? "has a ' that is never closed" : { value: text.slice(from + 1, end), to: end + 1 };
}

function doubleAt(text: string, from: number): { readonly value: string; readonly to: number } | string {
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const here = text[at] ?? '';
    if (here === '"') return { value, to: at + 1 };
    const expansion = expands(here);
    if (expansion !== undefined) return expansion;
    const next = text[at + 1] ?? '';
    if (here === '\\' && /[$`"\\\n]/.test(next)) {
      if (next !== '\n') value += next;
      at++;
    } else value += here;
  }
  return 'has a " that is never closed';
}

function troubleWith(text: string, at: number, from: number): string | undefined {
  const here = text[at] ?? '';
  if (here === '\r') return 'ends with a carriage return, which would become part of the argument';
  if (/\s/.test(here))
    return `has a blank that bash takes for a letter (${codeOf(here)}); write a plain one in its place`;
  if (/[;&|<>()]/.test(here)) return `has a bare ${here}, at which bash gives up; put the value in quotes`;
  if (here === '~' && at === from)
    return 'begins with ~, for which bash puts in a home folder; put it in quotes';
  if (here === '[' && at === from)
    return 'begins with [, which bash takes for the number of an item; put it in quotes';
  if (here === '{' || here === '}')
    return `has a bare ${here}, which bash may take for a list; put the value in quotes`;
  return expands(here);
}

function codeOf(sign: string): string {
  return `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

function expands(here: string): string | undefined {
  if (here === '`') return 'has a backtick, behind which bash would run a command; write the plain value';
  return here === '$' ? 'has a $, which bash would replace or run; write the plain value' : undefined;
}
