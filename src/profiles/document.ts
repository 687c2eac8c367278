import { readFileSync } from 'node:fs';
import {
  type Alias,
  type Document,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';

/** Where in a document: keys and list positions from the top. */
export type Path = readonly PropertyKey[];

/** A YAML file as data, with the line on which each part of it stands. */
export type ProfileDocument = {
  readonly file: string;
  readonly data: unknown;
  /** The line (from 1) of the key or list item at `path`, or of the nearest part above it that is there. */
  readonly lineOf: (path: Path) => number;
  /** A failure that names this file, the line of `path`, and `path` itself. */
  readonly invalid: <T>(path: Path, message: string) => Result<T>;
};

/** Reads one YAML file; a file that cannot be read or is not whole YAML is a failure. */
export async function readDocument(file: string): Promise<Result<ProfileDocument>> {
  let text: string;
  try {
    // At once: a check waits for its inventory, and `fs/promises` alone takes two milliseconds to load.
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return fail({ code: 'file-unreadable', path: file, message: systemWords(error) });
  }
  return parseProfileDocument(file, text);
}

/** Takes apart the text of one YAML file; keys that stand twice are refused by the parser. */
export function parseProfileDocument(file: string, text: string): Result<ProfileDocument> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) {
    const message = brokenWords(broken.code, broken.message.split('\n')[0] ?? '');
    return fail({
      code: 'profile-invalid',
      file,
      line: lines.linePos(broken.pos[0]).line,
      key: '',
      message,
    });
  }
  const dangling = danglingAlias(document);
  if (dangling) {
    const line = lines.linePos(dangling.range?.[0] ?? 0).line;
    const message = `*${dangling.source} repeats nothing that stands above; write &${dangling.source} there, or put it in quotes`;
    return fail({ code: 'profile-invalid', file, line, key: '', message });
  }
  const lineOf = (path: Path): number => {
    const offset = offsetOf(document.contents, path);
    return offset === undefined ? 1 : lines.linePos(offset).line;
  };
  const invalid = <T>(path: Path, message: string): Result<T> =>
    fail({ code: 'profile-invalid', file, line: lineOf(path), key: keyText(path), message });
  try {
    return ok({ file, data: document.toJS(), lineOf, invalid });
  } catch {
    return invalid([], 'repeats itself too often by aliases; write it out');
  }
}

/** What keeps a text from being YAML, for people. */
function brokenWords(code: string, message: string): string {
  if (code === 'TAB_AS_INDENT') return 'is indented with a tab; use spaces';
  if (code === 'DUPLICATE_KEY')
    return 'has a key that stands there already, and keys are unique; take one out';
  if (code === 'MULTIPLE_DOCS') return 'begins a second document; a file holds one, so take the line --- out';
  return `is not whole YAML (${message}); look at the indentation, and put text with braces, colons or quotes in quotes`;
}

/** The first alias that stands for nothing. */
function danglingAlias(document: Document.Parsed): Alias.Parsed | undefined {
  let found: Alias.Parsed | undefined;
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined) return undefined;
      found = alias as Alias.Parsed;
      return visit.BREAK;
    },
  });
  return found;
}

/** The path as a person writes it: `items.3.control`. */
function keyText(path: Path): string {
  return path.map(String).join('.');
}

/** The offset of the deepest part of `path` that exists: for a map the key, for a list the item. */
function offsetOf(top: unknown, path: Path): number | undefined {
  let node = top;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((p) => isScalar(p.key) && String(p.key.value) === String(step));
      if (!pair || !isScalar(pair.key)) return offset;
      offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (!isNode(item)) return offset;
      offset = item.range?.[0] ?? offset;
      node = item;
    } else {
      return offset;
    }
  }
  return offset;
}
