import { secretEnding as ending } from '../domain/secret-name.ts';
import { quotedLength, unquoted } from './quoted.ts';
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

// What a sentence says of a flag, where a command line would give its value.
const saidOfFlag = /^(?:not|is|are|was|has|must|given|empty)(?=[.,;:)]*(?:\s|$))/;

// The name, perhaps in (escaped) quotes, then : or =. A slash before it makes it a path, not a name. JSON may break the line around a colon.
const named = new RegExp(
  `(?<![\\w./-])(?<open>\\\\*["']?)(?<name>[\\w.-]*?${ending})(?<close>\\\\*["']?)(?:(?<=["'])\\s{0,200}:(?:\\s{0,200}(?=\\\\*["'](?![\\w.-]+\\\\*["']\\s*:))|[ \\t]*)|[ \\t]*(?<mark>[:=])[ \\t]*)`,
  'dgi',
);
// A key of YAML on a line of its own, its value on the next.
const asked = new RegExp(
  `^[ \\t]*(?:- +)*\\?[ \\t]+["']?[\\w.-]*?${ending}["']?[ \\t]*(?:#[^\\n]*)?\\r?\\n[ \\t]*(?<colon>:[ \\t]+)`,
  'dgim',
);
// Before the quote of a whole `name=value` that may hold spaces: a unit's variables, a container's, an item of a list.
const wholeArgument =
  /(?:\bEnvironment=|(?:^|\s)(?:-e|--env|export)[ =]|^\s*- +|[[,]\s*|^\s*Environment=.*\s)$/;
const flagged = new RegExp(
  `(?<![\\w-])--?[\\w-]*?${ending}[ \\t\\u0001\\0]+(?<value>"[^"\\n]*"|'[^'\\n]*'|[^\\s"'\\u0001\\u0002\\0-][^\\s\\u0001\\u0002\\0]*)`,
  'dgi',
);
// Base64 for addresses may begin with a dash; in flags no digits stand among small and capital letters.
const dashed = new RegExp(
  `(?<![\\w-])--?[\\w-]*?${ending}[ \\t]+(?<value>-(?=[\\w-]{0,99}\\d)(?=[\\w-]{0,99}[a-z])(?=[\\w-]{0,99}[A-Z])[\\w-]{16,}(?![^\\s"']))`,
  'dg',
);
const hint = new RegExp(ending, 'i');

/** Whether a word is a flag whose next word is a secret. */
export function isSensitiveFlag(word: string): boolean {
  return sensitiveFlag.test(word);
}

/** Whether what follows such a flag speaks of it, as in `--token-auth not given`. */
export function isSaidOfFlag(text: string): boolean {
  return saidOfFlag.test(text);
}

/** Whether a value gives nothing away even under such a name. */
export function isHarmless(value: string): boolean {
  return harmless.test(value.trim()) || /^\$[A-Z_]+$/.test(value.trim());
}

/** Where a text names a secret and then says it. */
export function namedRanges(text: string): readonly Range[] {
  if (!hint.test(text)) return [];
  const ranges: Range[] = [];
  for (const match of [...text.matchAll(flagged), ...text.matchAll(dashed)]) {
    const range = match.indices?.groups?.value;
    const value = range ? text.slice(...range) : '';
    // In a sentence a sign may follow: `--anonymous-auth false, --profiling false`.
    if (range && !isSaidOfFlag(value) && !isHarmless(unquoted(value.replace(/[,;.)]$/, ''))))
      ranges.push(range);
  }
  for (const match of text.matchAll(asked)) {
    const [at, from] = match.indices?.groups?.colon ?? [0, 0];
    const range = valueAt(text, at, from);
    if (range && !isHarmless(unquoted(text.slice(...range)))) ranges.push(range);
  }
  let covered = 0;
  for (const match of text.matchAll(named)) {
    if (match.index < covered) continue;
    const groups = match.groups ?? {};
    // `passwd: files` is how nsswitch.conf speaks of the file, and useradd names it in its errors.
    const spoken = /passwd$/i.test(groups.name ?? '') && groups.mark === ':' && groups.open === '';
    if (spoken && !/^[A-Za-z]*\d/.test(text.slice(match.index + match[0].length))) continue;
    const from = match.index + match[0].length;
    const range =
      groups.close === ''
        ? (argumentAt(text, match.index, from, groups.open ?? '') ?? valueAt(text, match.index, from))
        : valueAt(text, match.index, from);
    if (!range || isHarmless(unquoted(text.slice(...range)))) continue;
    ranges.push(range);
    covered = range[1];
  }
  return ranges;
}

/** The rest of a quoted `name=value`, where the quote stands around all of it. */
function argumentAt(text: string, name: number, from: number, open: string): Range | undefined {
  if (open === '' || text[from - 1] !== '=') return undefined;
  const before = text.slice(Math.max(0, name - 200), name);
  if (!wholeArgument.test(before.slice(before.lastIndexOf('\n') + 1))) return undefined;
  return [from, from + quotedLength(text.slice(from), open.slice(0, -1), open.slice(-1))];
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
