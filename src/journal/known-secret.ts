import { quote } from '../domain/quote.ts';
import type { Range } from './ranges.ts';

/** One spelling of a secret, without white space. */
type Form = {
  readonly text: string;
  /** Short or a plain word: looked for as a whole word only, and not in the names of nodes and users. */
  readonly weak: boolean;
};

/** A secret that was told to us, in every spelling that is looked for. */
export type KnownSecret = readonly Form[];

// Words the wizard itself says all the time. As a password they tell nobody anything, and covering them would ruin the record.
const ordinary: ReadonlySet<string> = new Set(
  [
    'root',
    'etcd',
    'admin',
    'node',
    'server',
    'agent',
    'kube',
    'rke2',
    'true',
    'false',
    'pass',
    'fail',
  ].concat(['redacted', 'unknown', 'default', 'cluster', 'none', 'enabled', 'disabled']),
);

/** Prepares a secret; undefined when it is too short or too ordinary to be told from evidence. */
export function knownSecret(secret: string): KnownSecret | undefined {
  const text = secret.trim();
  if (text.length < 4 || ordinary.has(text)) return undefined;
  const weak = text.length < 8 || /^([a-z]{1,10}|\d{1,12})$/.test(text);
  const plain = spellings(text).map((spelling) => ({ text: withoutSpace(spelling), weak }));
  // Part of a long secret is a secret too: a file of several lines may be shown from its middle.
  const parts = text.split(/\s*\n\s*/).filter((line, _, lines) => lines.length > 1 && line.length >= 16);
  const others = [...parts, ...base64Forms(text)].map((form) => ({ text: withoutSpace(form), weak: false }));
  return [...new Map([...others, ...plain].map((form) => [form.text, form])).values()];
}

/** Where known secrets stand in a text, also when lines were broken inside them. */
export function knownRanges(text: string, secrets: readonly KnownSecret[], names: boolean): readonly Range[] {
  const squeezed = squeeze(text);
  return secrets.flat().flatMap((form) => {
    const ranges: Range[] = [];
    if (form.weak && names) return ranges;
    let at = squeezed.text.indexOf(form.text);
    for (; at !== -1; at = squeezed.text.indexOf(form.text, at + 1)) {
      const from = squeezed.position(at);
      const to = squeezed.position(at + form.text.length - 1) + 1;
      if (!form.weak || isWholeWord(text, from, to, form.text)) ranges.push([from, to]);
    }
    return ranges;
  });
}

/** Whether any spelling of any secret is in a text at all; cheap, and never wrong with its no. */
export function mayHold(text: string, secrets: readonly KnownSecret[]): boolean {
  const bare = withoutSpace(text);
  return secrets.some((forms) => forms.some((form) => bare.includes(form.text)));
}

function spellings(text: string): readonly string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const url = encodeURIComponent(text);
  const strict = url.replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const urls = [url, strict].flatMap((u) => [
    u,
    u.replaceAll('%20', '+'),
    u.replaceAll(/%[0-9A-F]{2}/g, lower),
  ]);
  const shell = text.includes('\0') ? [] : [quote(text).replace(/^'(.*)'$/s, '$1')];
  const escaped = [json, JSON.stringify(json).slice(1, -1), json.replaceAll('/', '\\/')];
  return [text, ...escaped, ...urls, ...shell, text.replaceAll("'", "''")];
}

/** The part of a secret's base64 that is the same whatever stands before and after it, for each of the three alignments. */
function base64Forms(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const from = Math.ceil((offset * 8) / 6);
    const to = Math.floor(((offset + bytes.length) * 8) / 6);
    const form = encoded.slice(from, to);
    const urlSafe = form.replaceAll('+', '-').replaceAll('/', '_');
    return form.length < 6 ? [] : [form, urlSafe, encodeURIComponent(form)];
  });
}

/** A weak form may be broken by a line end, as terminals and folding do, but not by a space. */
function isWholeWord(text: string, from: number, to: number, form: string): boolean {
  const word = /[A-Za-z0-9]/;
  const found = text.slice(from, to).replaceAll(/\\?\r?\n[ \t]*/g, '');
  return found === form && !word.test(text[from - 1] ?? '') && !word.test(text[to] ?? '');
}

/** A text without white space, and where each of its characters stood. */
function squeeze(text: string): { readonly text: string; readonly position: (at: number) => number } {
  if (!/[\s\\]/.test(text)) return { text, position: (at) => at };
  const positions: number[] = [];
  let bare = '';
  // A backslash before a line break is how shells and YAML continue a line.
  for (const part of text.matchAll(/(?:(?!\\\r?\n)\S)+/g)) {
    bare += part[0];
    for (let i = 0; i < part[0].length; i++) positions.push(part.index + i);
  }
  return { text: bare, position: (at) => positions[at] ?? text.length };
}

function withoutSpace(text: string): string {
  return text.replaceAll(/\\\r?\n|\s+/g, '');
}

function lower(text: string): string {
  return text.toLowerCase();
}
