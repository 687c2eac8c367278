import { perText } from '../domain/per-text.ts';
import { isSensitiveName } from '../domain/secret-name.ts';
import { diffRanges, objectRanges } from './kept-secret.ts';
import { type KnownSecret, knownRanges, knownSecret, mayHold } from './known-secret.ts';
import { isHarmless, isSaidOfFlag, isSensitiveFlag, namedRanges } from './named-secret.ts';
import { cover, coverLines, type Range, redactionMark } from './ranges.ts';
import { shapeRanges } from './secret-shapes.ts';
import { spokenRanges } from './spoken-secret.ts';

/** Takes secrets out of anything that is about to be kept. */
export type Redactor = {
  /** Tells it a secret that was typed or read, so that it and its encodings are found anywhere. */
  readonly add: (secret: string) => void;
  /** A copy of a JSON value without secrets. */
  readonly redact: <T>(value: T) => T;
};

// Fields by which a session finds its nodes and changes again. A weak password that equals a user's name is not covered here.
const identity: ReadonlySet<string> = new Set(
  [
    'kind',
    'id',
    'name',
    'host',
    'user',
    'node',
    'place',
    'places',
    'control',
    'change',
    'session',
    'hostname',
  ].concat([
    'operator',
    'owner',
    'group',
    'unit',
    'path',
    'key',
    'value',
    'before',
    'mode',
    'role',
    'roles',
    'distribution',
  ]),
);

const zeroWidth = /[\u200b-\u200d\u2060\ufeff]/g;

/** A redactor that knows no secret yet; the shapes and names of secrets it knows from the start. */
export function createRedactor(): Redactor {
  const secrets: KnownSecret[] = [];
  const heard = new Set<string>();
  // Of this redactor alone: what it has seen goes with it.
  const tellingRanges = perText(giveaways);

  function rangesIn(text: string, field: string, known: boolean): readonly Range[] {
    const told = tellingRanges(text);
    return known ? [...knownRanges(text, secrets, identity.has(field)), ...told] : told;
  }

  function text(value: string, field: string, known: boolean): string {
    if (isSensitiveName(field) && !isHarmless(value)) return redactionMark;
    const covered = cover(value, rangesIn(value, field, known));
    const bare = value.replaceAll(zeroWidth, '');
    if (bare === value) return covered;
    // A name or a secret may be split by what nobody sees; the text stays as it is unless that hid one.
    const seen = cover(bare, rangesIn(bare, field, known));
    return seen === covered.replaceAll(zeroWidth, '') ? covered : seen;
  }

  function list(items: readonly unknown[], field: string, known: boolean): readonly unknown[] {
    // Lines of an output come one by one; a key or a secret may run across them.
    if (items.every((item) => typeof item === 'string')) {
      const covered = coverLines(items, rangesIn(items.join('\n'), field, known));
      return covered.map((item, i) =>
        ((isSensitiveFlag(items[i - 1] ?? '') && !item.startsWith('--') && !isSaidOfFlag(item)) ||
          isSensitiveName(field)) &&
        !isHarmless(item)
          ? redactionMark
          : text(item, field, known),
      );
    }
    return items.map((item) => walk(item, field, known));
  }

  function walk(value: unknown, field: string, known: boolean): unknown {
    if (typeof value === 'string') return text(value, field, known);
    if (typeof value === 'number' && isSensitiveName(field)) return redactionMark;
    if (Array.isArray(value)) return list(value, field, known);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [text(key, '', known), walk(item, key, known)]),
    );
  }

  return {
    add(secret) {
      // Every connection tells its password again.
      const text = secret.trim();
      if (heard.has(text)) return;
      heard.add(text);
      const known = knownSecret(text);
      if (known) secrets.push(known);
    },
    redact<T>(value: T): T {
      const known = secrets.length > 0 && mayHold(texts(value).join('\n'), secrets);
      return walk(value, '', known) as T;
    },
  };
}

/** Where a text gives a secret away by its shape or its name. */
function giveaways(text: string): readonly Range[] {
  return [
    ...shapeRanges(text),
    ...namedRanges(text),
    ...spokenRanges(text),
    ...objectRanges(text),
    ...diffRanges(text),
  ];
}

/** Every text in a value, keys too; lines of a list stay neighbours. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(texts);
  return Object.entries(value).flatMap(([key, item]) => [key, ...texts(item)]);
}
