/** The keys we know by name; everything else a keyboard can send is dropped at the door. */
export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'pageup'
  | 'pagedown'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'shift-tab'
  | 'backspace'
  | 'delete'
  | 'ctrl-a'
  | 'ctrl-c'
  | 'ctrl-d'
  | 'ctrl-e'
  | 'ctrl-k'
  | 'ctrl-l'
  | 'ctrl-n'
  | 'ctrl-o'
  | 'ctrl-p'
  | 'ctrl-s'
  | 'ctrl-u'
  | 'ctrl-z';

/** One clean key: a named one, one character as a person sees it, or a whole paste. */
export type Key =
  | { readonly kind: 'named'; readonly name: KeyName }
  | { readonly kind: 'char'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string };

/** What was read from the front of a buffer; `rest` waits for more bytes, `dropped` says that some of it became no key. */
export type Split = { readonly keys: readonly Key[]; readonly rest: string; readonly dropped: boolean };

const finals: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
};
const tildes: Readonly<Record<string, KeyName>> = {
  '1': 'home',
  '3': 'delete',
  '4': 'end',
  '5': 'pageup',
  '6': 'pagedown',
  '7': 'home',
  '8': 'end',
};
const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\x7f': 'backspace',
  ...Object.fromEntries(
    [...'acdeklnopsuz'].map((c) => [String.fromCharCode(c.charCodeAt(0) - 96), `ctrl-${c}`]),
  ),
};

/** The longest paste that is taken; the rest of it is cut. */
const longestPaste = 100_000;
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

// A sequence that is surely whole, by its kind; a prefix of one waits.
const csi = /^\x1b\[([0-?]*)([ -/]*)([@-~])/;
const csiPrefix = /^\x1b\[[0-?]*[ -/]*$/;
const stringStart = /^\x1b[\]PX^_]/;
const stringWhole = /^\x1b[\]PX^_][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)/;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Splits what came from the terminal into clean keys. Unknown sequences vanish; an unfinished one is the `rest`. */
export function splitKeys(buffer: string): Split {
  let keys: Key[] = [];
  let left = buffer;
  let dropped = false;
  let [pasted, from] = [0, 0];
  while (left !== '') {
    if (left.startsWith(pasteEnd)) {
      // Its beginning was given up or lost: what came in one packet with the end was pasted.
      const text = buffer.slice(from, -left.length);
      keys = [...keys.slice(0, pasted), ...(text === '' ? [] : [paste(text)])];
      left = left.slice(pasteEnd.length);
      dropped = true;
      [pasted, from] = [keys.length, buffer.length - left.length];
      continue;
    }
    if (left[0] === '\x1b') {
      const taken = sequence(left);
      if (!taken) break;
      if (taken.key) keys.push(taken.key);
      else dropped = true;
      left = left.slice(taken.length);
      if (taken.key?.kind === 'paste') [pasted, from] = [keys.length, buffer.length - left.length];
      continue;
    }
    const text = /^[^\x00-\x1f\x7f-\x9f]+/.exec(left)?.[0];
    if (text !== undefined) {
      for (const { segment } of segmenter.segment(text)) keys.push({ kind: 'char', text: segment });
      left = left.slice(text.length);
      continue;
    }
    const name = controls[left[0] ?? ''];
    if (name) keys.push({ kind: 'named', name });
    else dropped = true;
    left = left.slice(1);
  }
  return { keys, rest: left, dropped };
}

/** Whether a rest is inside a paste, which only its end closes. */
export function isInPaste(rest: string): boolean {
  return rest.startsWith(pasteStart);
}

/** Whether a rest is inside a paste or may be torn from the mark of one. */
export function isOfPaste(rest: string): boolean {
  return isInPaste(rest) || (rest.length > 2 && [pasteStart, pasteEnd].some((mark) => mark.startsWith(rest)));
}

/** What an unfinished rest means when nothing follows it: a lone escape is the key, a torn sequence is nothing. */
export function settleRest(rest: string): readonly Key[] {
  if (isInPaste(rest)) return [paste(rest.slice(pasteStart.length))];
  return rest === '\x1b' ? [named('escape')] : [];
}

type Taken = { readonly length: number; readonly key?: Key };

function sequence(text: string): Taken | undefined {
  if (text.length === 1) return undefined;
  const second = text[1] ?? '';
  if (second === '\x1b') return { length: 1, key: named('escape') };
  if (second === '[') return bracket(text);
  if (second === 'O') return text.length < 3 ? undefined : { length: 3, ...perhaps(ss3(text[2] ?? '')) };
  if (stringStart.test(text)) return stringSequence(text);
  // Alt with a character: not ours, and no escape either. A control byte after escape stands for itself.
  if (second < ' ' || second === '\x7f') return { length: 1, key: named('escape') };
  return { length: (text.codePointAt(1) ?? 0) > 0xffff ? 3 : 2 };
}

function bracket(text: string): Taken | undefined {
  if (text.startsWith(pasteStart)) {
    const end = text.indexOf(pasteEnd);
    if (end < 0) return undefined;
    return { length: end + pasteEnd.length, key: paste(text.slice(pasteStart.length, end)) };
  }
  // The Linux console sends F1 to F5 as ESC [ [ letter; the old mouse report is ESC [ M and three bytes.
  if (text.startsWith('\x1b[[')) return text.length < 4 ? undefined : { length: 4 };
  if (text.startsWith('\x1b[M')) return text.length < 6 ? undefined : { length: 6 };
  const whole = csi.exec(text);
  if (!whole) {
    // A byte that cannot belong to the sequence ends it; that byte is read on its own.
    return csiPrefix.test(text)
      ? undefined
      : { length: (/^\x1b\[[0-?]*[ -/]*/.exec(text)?.[0] ?? '\x1b[').length };
  }
  const [all, parameters = '', middle = '', final = ''] = whole;
  if (middle !== '') return { length: all.length };
  const name = final === '~' ? tildes[parameters] : parameters === '' ? finals[final] : undefined;
  return { length: all.length, ...perhaps(name) };
}

function stringSequence(text: string): Taken | undefined {
  const whole = stringWhole.exec(text);
  if (whole) return { length: whole[0].length };
  // Another escape inside is the end of a torn one.
  const next = text.indexOf('\x1b', 2);
  return next > 0 && next + 1 < text.length ? { length: next } : undefined;
}

function ss3(letter: string): KeyName | undefined {
  return letter === 'M' ? 'enter' : letter === 'Z' ? undefined : finals[letter];
}

function named(name: KeyName): Key {
  return { kind: 'named', name };
}

function perhaps(name: KeyName | undefined): { readonly key?: Key } {
  return name ? { key: named(name) } : {};
}

function paste(text: string): Key {
  const lines = text.replaceAll(/\r\n?/g, '\n').replaceAll('\t', ' ');
  return {
    kind: 'paste',
    text: lines.replaceAll(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, '').slice(0, longestPaste),
  };
}

/** The name under which a key stands in the key table. */
export function keyId(key: Key): string {
  if (key.kind === 'named') return key.name;
  return key.kind === 'paste' ? 'paste' : key.text === ' ' ? 'space' : key.text;
}
