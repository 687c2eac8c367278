import { readFile } from 'node:fs/promises';
import { type Document, isMap, isSeq, type Node, parseDocument, visit } from 'yaml';
import * as z from 'zod';
import { fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';
import { whyUnseen } from '../domain/unseen.ts';
import { isDay, isOf, type Waivable, type Waiver } from '../domain/waiver.ts';
import { parseProfileDocument } from './document.ts';
import { validate } from './validate.ts';

const word = z.string().trim().min(1);
const entry = z.strictObject({
  control: word,
  place: word,
  cluster: word.optional(),
  nodes: z.array(word).min(1).optional(),
  benchmark: word.optional(),
  reason: word,
  owner: word,
  expires: word.optional(),
  found: z.string(),
});
const shape = z.strictObject({ waivers: z.array(entry).nullable() });

const heading = `# What somebody answers for as it is; k8s-harden counts it as waived, not as open.
# A waiver holds until the end of its last day, in UTC, and only for what was found when it was written.
`;

/** What stands in a waiver for people. What was found is compared, as it was. */
const shown = ['control', 'place', 'cluster', 'nodes', 'benchmark', 'reason', 'owner', 'expires'] as const;

/** Lines, and what some scripts and emoji join or part their signs with. */
const ofWriting = /[\n\t\u061c\u200b-\u200f\u2060\ufeff]/g;

/** Waivers as a file has them, with the very text it had then; undefined where there is no such file. */
export type WaiversText = { readonly text: string | undefined; readonly waivers: readonly Waiver[] };

/** Reads a file of waivers; one that is not there holds none. */
export async function readWaivers(file: string): Promise<Result<WaiversText>> {
  try {
    return parseWaivers(file, await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok({ text: undefined, waivers: [] });
    return fail({ code: 'file-unreadable', path: file, message: systemWords(error) });
  }
}

/** The waivers that a text holds; the failure names file, line and key. */
export function parseWaivers(file: string, text: string): Result<WaiversText> {
  const document = parseProfileDocument(file, text);
  if (!document.ok) return document;
  // Nothing but comments is a file without waivers.
  if (document.value.data === null) return ok({ text, waivers: [] });
  const read = validate(document.value, shape);
  if (!read.ok) return read;
  const waivers = (read.value.waivers ?? []).map(toWaiver);
  for (const [index, waiver] of waivers.entries()) {
    const at = (key: string, why: string) =>
      document.value.invalid<WaiversText>(['waivers', index, key], why);
    for (const key of shown) {
      const why = whyUnseen([waiver[key] ?? ''].flat().join(' ').replaceAll(ofWriting, ' '));
      if (why !== undefined) return at(key, why);
    }
    if (waiver.nodes && waiver.cluster === undefined)
      return at(
        'nodes',
        'it counts only beside “cluster: cluster”, the name of a cluster that has none; write that too, or leave the nodes out',
      );
    const { expires } = waiver;
    if (expires !== undefined && !isDay(expires))
      return at('expires', `“${expires}” is no day; write it as 2027-03-31`);
  }
  return ok({ text, waivers });
}

/** The text with these waivers in it, in the place of those that stood for the same; all else, comments too, stays as it is. */
export function addedTo(
  text: string | undefined,
  waivers: readonly Waiver[],
  at: (waiver: Waiver) => Waivable,
): string {
  const document = spelledOut(text?.trim() ? text : `${heading}waivers: []\n`);
  if (document.contents === null) document.set('waivers', []);
  if (!isSeq(document.get('waivers'))) document.set('waivers', document.createNode([]));
  for (const waiver of waivers) {
    drop(document, at(waiver));
    document.addIn(['waivers'], document.createNode(waiver));
  }
  return written(document);
}

/** The text without the waivers that stand for exactly these findings. */
export function takenFrom(text: string, at: readonly Waivable[]): string {
  const document = spelledOut(text);
  for (const one of at) drop(document, one);
  return written(document);
}

/** The document with every alias written out, so that none is left behind by a waiver that is taken out. */
function spelledOut(text: string): Document {
  const document: Document = parseDocument(text, { keepSourceTokens: true });
  let aliases = 0;
  visit(document, {
    Alias: (_, alias) => {
      aliases += 1;
      return alias.resolve(document)?.clone() as Node | undefined;
    },
  });
  if (aliases > 0)
    visit(document, {
      Value: (_, node) => {
        delete node.anchor;
      },
    });
  return document;
}

function drop(document: Document, at: Waivable): void {
  const list = document.get('waivers');
  if (!isSeq(list)) return;
  const kept = list.items.filter((item) => !(isMap(item) && isOf(toWaiver(item.toJSON()), at)));
  if (kept.length === list.items.length) return;
  list.items = kept;
}

function written(document: Document): string {
  const list = document.get('waivers');
  // An empty list is written on one line; a list with something in it is not to stay there.
  if (isSeq(list)) list.flow = list.items.length === 0;
  return document.toString({ lineWidth: 0 });
}

function toWaiver(read: z.infer<typeof entry>): Waiver {
  const { control, place, cluster, nodes, benchmark, reason, owner, expires, found } = read;
  return {
    control,
    place,
    ...(cluster === undefined ? {} : { cluster }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(benchmark === undefined ? {} : { benchmark }),
    reason,
    owner,
    ...(expires === undefined ? {} : { expires }),
    found,
  };
}
