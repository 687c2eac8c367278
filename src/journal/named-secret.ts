import { secretEnding as ending } from '../domain/secret-name.ts';
import type { Range } from './ranges.ts';

const plainWords =
  '(?:true|false|yes|no|on|off|null|none|nil|unset|not set|set|absent|missing|present|required|optional|enabled|disabled|0?[0-7]{3})';

const sensitiveFlag = new RegExp(`^--?[\\w.-]*${ending}$`, 'i');
// Letters and digits in one word: no placeholder, whatever stands around it.
const telling = '(?=[A-Za-z]*\\d)(?=\\d*[A-Za-z])[A-Za-z0-9+/=_-]{8,}';
// A value that tells nothing: empty, a plain word, a reference, a path of the system, or covered already.
const harmless = new RegExp(
  `^(?:${plainWords}|~|-+|\\*+|<(?!${telling}>)[^<>]*>|\\$\\{+[^{}]*\\}+|\\{{2,}[^{}]*\\}+|\\{(?!${telling}\\})[^{}]*\\}|\\[redacted\\]?|/(?:etc|var|run|opt|usr|root|home|srv|mnt|tmp|proc|sys|lib|data|snap|dev)(?:/.*)?)?$`,
  'i',
);

// The name, perhaps in (escaped) quotes, then : or =. A slash before it makes it a path, not a name.
const named = new RegExp(
  `(?<![\\w./-])(?<open>\\\\*["']?)(?<name>[\\w.-]*?${ending})\\\\*["']?[ \\t]*(?<mark>[:=])[ \\t]*`,
  'dgi',
);
const flagged = new RegExp(
  `(?<![\\w-])--?[\\w-]*?${ending}[ \\t\\u0001\\0]+(?<value>"[^"\\n]*"|'[^'\\n]*'|[^\\s"'\\u0001\\u0002\\0-][^\\s\\u0001\\u0002\\0]*)`,
  'dgi',
);
const hint = new RegExp(ending, 'i');

/** Whether a word is a flag whose next word is a secret. */
export function isSensitiveFlag(word: string): boolean {
  return sensitiveFlag.test(word);
}

/** Whether a value gives nothing away even under such a name. */
export function isHarmless(value: string): boolean {
  return harmless.test(value.trim()) || /^\$[A-Z_]+$/.test(value.trim());
}

/** Where a text names a secret and then says it. */
export function namedRanges(text: string): readonly Range[] {
  if (!hint.test(text)) return [];
  const ranges: Range[] = [];
  for (const match of text.matchAll(flagged)) {
    const range = match.indices?.groups?.value;
    if (range && !isHarmless(unquoted(text.slice(...range)))) ranges.push(range);
  }
  let covered = 0;
  for (const match of text.matchAll(named)) {
    if (match.index < covered) continue;
    const groups = match.groups ?? {};
    // `passwd: files` is how nsswitch.conf speaks of the file, and useradd names it in its errors.
    const spoken = /passwd$/i.test(groups.name ?? '') && groups.mark === ':' && groups.open === '';
    if (spoken && !/^[A-Za-z]*\d/.test(text.slice(match.index + match[0].length))) continue;
    const range = valueAt(text, match.index, match.index + match[0].length);
    if (!range || isHarmless(unquoted(text.slice(...range)))) continue;
    ranges.push(range);
    covered = range[1];
  }
  return ranges;
}

/** The value that begins at `from`: quoted, a YAML block, the rest of the line (passwords may have spaces), or one word. */
function valueAt(text: string, name: number, from: number): Range | undefined {
  const rest = text.slice(from);
  const quoted = /^(\\*)(["'])/.exec(rest);
  if (quoted) {
    const inside = from + quoted[0].length;
    return [inside, inside + quotedLength(text.slice(inside), quoted[1] ?? '', quoted[2] ?? '"')];
  }
  const alone = /(?:^|\n)([ \t]*(?:- |export )?[ \t]*)$/.exec(text.slice(Math.max(0, name - 200), name));
  const depth = alone?.[1]?.length ?? 0;
  if (alone && /^(?:[|>][-+\d]*[ \t]*)?(?:#[^\n]*)?\r?(?:\n|$)/.test(rest)) return blockAt(text, from, depth);
  if (alone && text[name] !== '-' && !/^(?:not set\b|\$?\{+[^{}\n]*\}+)/.test(rest))
    return [from, from + lineLength(rest, depth)];
  const value = /^(?:not set\b|\$?\{+[^{}\n]*\}+)|^[^\s,;&|"'\\)}\]\u0001\u0002\0]+/.exec(rest);
  return value ? [from, from + value[0].length] : undefined;
}

/** The rest of a line without its comment, and the lines that go on with it: deeper ones, and those after a backslash. */
function lineLength(rest: string, depth: number): number {
  const first = /^(?:[^\n]*\\\r?\n)*[^\n]*?(?=[ \t]+#|\s*(?:\n|$))/.exec(rest)?.[0] ?? '';
  const deeper = new RegExp(`^(?:\\r?\\n[ \\t]{${depth + 1},}(?!- |\\S*: |#)\\S[^\\n]*)+`).exec(
    rest.slice(first.length),
  );
  return first.length + (deeper?.[0].trimEnd().length ?? 0);
}

/** How much of a text lies before its closing quote, or before the end of the line when it is not closed. */
function quotedLength(text: string, slashes: string, mark: string): number {
  const close = slashes + mark;
  for (let at = text.indexOf(close); at !== -1; at = text.indexOf(close, at + 1)) {
    const escapes = /\\*$/.exec(text.slice(Math.max(0, at - 64), at))?.[0].length ?? 0;
    if (mark === "'" && slashes === '' && text[at + 1] === "'") at += 1;
    else if (slashes !== '' ? escapes === 0 : mark === "'" || escapes % 2 === 0) return at;
  }
  return /^[^\n]*/.exec(text)?.[0].length ?? 0;
}

/** The lines below that stand deeper, or a list; without `|` only when they are no keys of their own. */
function blockAt(text: string, from: number, depth: number): Range | undefined {
  const first = text.indexOf('\n', from) + 1;
  if (first === 0) return undefined;
  const below = text.slice(first);
  const deeper = new RegExp(`^(?:[ \\t]{${depth + 1},}[^\\n]*(?:\\n|$)|[ \\t]*\\r?\\n)+`);
  const list = new RegExp(`^(?:[ \\t]{${depth}}- [^\\n]*(?:\\n|$))+`);
  const block = (deeper.exec(below) ?? list.exec(below))?.[0].trimEnd() ?? '';
  const scalar =
    /[|>]/.test(text.slice(from, first)) || /^\s*(?:- +)?(?!- )[^\s:#\-[{&*!|>](?!\S*:(?:\s|$))/.test(block);
  if (!scalar || block === '') return undefined;
  const indent = /^\s*/.exec(block)?.[0].length ?? 0;
  return [first + indent, first + block.length];
}

function unquoted(value: string): string {
  return value.replace(/^\\*["']/, '').replace(/\\*["']$/, '');
}
