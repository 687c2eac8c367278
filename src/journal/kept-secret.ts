import { namedRanges } from './named-secret.ts';
import { quotedLength } from './quoted.ts';
import type { Range } from './ranges.ts';

const secretObject = /\bkind\\*["']?\s*:\s*\\*["']?Secret(?:List)?\b/;
// What holds the values, and what follows it: a map in braces, or lines below.
const held = /(?<![\w.:-])\\*["']?(?:data|stringData)\\*["']?\s*:(?:(?:\s|\\+[nrt])*(\{)|[ \t]*\r?\n)/g;
const between = /(?:[\s,]|\\+[nrt])*/y;
const colon = /(?:\s|\\+[nrt])*:(?:\s|\\+[nrt])*/y;
const quote = /(\\*)(["'])/y;
const line = /([ \t]*)([^\n]*)\n?/y;
const entry = /^(?:"[^"]*"|'[^']*'|[^\s#:"'][^:]*):(?=\s|$)[ \t]*/;

/** Where a manifest of a Secret says what it holds, whatever the names. */
export function objectRanges(text: string): readonly Range[] {
  if (!secretObject.test(text)) return [];
  const ranges: Range[] = [];
  let done = 0;
  for (const match of text.matchAll(held)) {
    if (match.index < done) continue;
    const from = match.index + match[0].length;
    const found = match[1] === undefined ? inLines(text, match.index, from) : inBraces(text, from);
    ranges.push(...found);
    done = found.at(-1)?.[1] ?? from;
  }
  return ranges;
}

/** The values of a map in JSON or in the flow style of YAML; braces in quotes are no end of it. */
function inBraces(text: string, from: number): readonly Range[] {
  const ranges: Range[] = [];
  let at = from;
  for (;;) {
    at += lengthAt(text, between, at);
    const key = word(text, at, /[^\s:,{}"']+/y);
    const said = key.end + lengthAt(text, colon, key.end);
    if (key.end === at || said === key.end) return ranges;
    const value = word(text, said, /[^\s,{}[\]"'][^,}\n]*/y);
    if (value.end === said) return ranges;
    ranges.push(value.inside);
    at = value.end;
  }
}

/** A word in (escaped) quotes or a plain one, and where it ends; it ends where it began when there is none. */
function word(text: string, at: number, plain: RegExp): { readonly inside: Range; readonly end: number } {
  quote.lastIndex = at;
  const [open = '', slashes = '', mark = ''] = quote.exec(text) ?? [];
  if (open === '') {
    const end = at + lengthAt(text, plain, at);
    return { inside: [at, end], end };
  }
  const begin = at + open.length;
  const end = begin + quotedLength(text.slice(begin), slashes, mark);
  return { inside: [begin, end], end: end + (text.startsWith(open, end) ? open.length : 0) };
}

/** The values of the lines that stand deeper than their key, each with all its own lines. */
function inLines(text: string, key: number, from: number): readonly Range[] {
  const before = text.slice(text.lastIndexOf('\n', key - 1) + 1, key);
  if (!/^[ \t]*(?:- +)*$/.test(before)) return [];
  const ranges: [number, number][] = [];
  let depth = 0;
  let open = false;
  for (let at = from; at < text.length; ) {
    line.lastIndex = at;
    const [whole = '', indent = '', rest = ''] = line.exec(text) ?? [];
    const begin = at + indent.length;
    at += whole.length;
    const said = rest.trimEnd();
    if (said === '') continue;
    if (indent.length <= before.length) break;
    depth ||= indent.length;
    const last = ranges.at(-1);
    if (indent.length <= depth) {
      const name = entry.exec(said)?.[0];
      const value = said.slice(name?.length ?? 0);
      open = name !== undefined;
      const below = /^(?:[|>&!][^\s]*)?(?:\s+#.*)?$/.test(value);
      if (open) ranges.push([below ? -1 : begin + said.length - value.length, begin + said.length]);
    } else if (open && last) {
      if (last[0] === -1) last[0] = begin;
      last[1] = begin + said.length;
    }
  }
  return ranges.filter(([start]) => start !== -1);
}

function lengthAt(text: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/** Where a difference adds or takes away what a secret's name or a Secret holds: its lines begin with a sign of their own. */
export function diffRanges(text: string): readonly Range[] {
  const block = /^[+-][^\n]*:[ \t]*[|>][-+\d]*[ \t]*$/m.test(text);
  if (!block && !(/^[+-]/m.test(text) && secretObject.test(text))) return [];
  const plain = text.replaceAll(/^[+-]/gm, ' ');
  return [...(block ? namedRanges(plain) : []), ...objectRanges(plain)];
}
