// Controls of the terminal, signs that turn the direction of writing or cannot be seen, and what is no sign: text from a node may hold them.
const unseen =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]/g;

// Half of a surrogate pair: what is left when a text was cut inside a sign.
const halves = /\p{Surrogate}/gu;

// Most texts hold nothing else, and then there is nothing to look for.
const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** A text as one line that may be printed anywhere: line ends become ⏎, tabs spaces, and what cannot be seen a sign. */
export function oneLine(text: string): string {
  if (plain.test(text)) return text;
  return text
    .trim()
    .replaceAll(/\r?\n/g, ' ⏎ ')
    .replaceAll('\t', ' ')
    .replaceAll(unseen, '\ufffd')
    .replaceAll(halves, '\ufffd');
}

/** A text that keeps its lines and tabs, and nothing else that cannot be seen. */
export function manyLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(unseen, (sign) => (sign === '\n' || sign === '\t' ? sign : '\ufffd'))
    .replaceAll(halves, '\ufffd');
}

/** A value as JSON: signs that JSON allows but that a terminal or an editor would act on are written as escapes. */
export function jsonText(value: unknown, indent = 2): string {
  return `${JSON.stringify(value, undefined, indent).replaceAll(unseen, (sign) =>
    sign === '\n' ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )}\n`;
}

/** A recorded time for people, always with its zone. */
export function timeWords(at: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(at);
  return found ? `${found[1]} ${found[2]} UTC` : oneLine(at);
}

/** A list of names in words, cut after `most`. */
export function names(list: readonly string[], most = Number.POSITIVE_INFINITY): string {
  const shown = list.slice(0, most).map(oneLine).join(', ');
  return list.length > most ? `${shown} and ${list.length - most} more` : shown;
}

/** A number with its noun. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
