import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Profile } from '../domain/control.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';
import { findDistributions, findTroubles, isThere } from './folders.ts';

/** What the first line of compiled profiles says: a hash of the files they were read from, and what the next lines are, in order. */
type Head = {
  readonly hash: string;
  /** How many bytes follow the first line. */
  readonly bytes: number;
  readonly profiles: readonly (readonly (keyof Profile)[])[];
};

/**
 * Profiles as text that `readCompiled` reads: a head, then a line for each part of each profile. It is all ASCII, so that a part
 * can be read from its bytes, and alone: who checks one distribution need not read the others.
 */
export function writeCompiled(hash: string, profiles: readonly Profile[]): string {
  const parts = profiles.map((profile) => Object.keys(profile) as (keyof Profile)[]);
  const lines = profiles.flatMap((profile, i) => parts[i]?.map((part) => ascii(profile[part])) ?? []);
  const body = lines.map((line) => `${line}\n`).join('');
  const head: Head = { hash, bytes: body.length, profiles: parts };
  return `${JSON.stringify(head)}\n${body}`;
}

/**
 * The profiles compiled into `file`, if they are what the loader would read from the folders now: nothing lies over the first
 * folder, and its files are, to the byte, those that were compiled. Else, as for a program that was not built, undefined.
 */
export function readCompiled(file: URL, folders: readonly string[]): readonly Profile[] | undefined {
  const [first = '', ...over] = folders;
  let text: Buffer;
  let head: Head;
  try {
    text = readFileSync(file);
    head = JSON.parse(text.toString('latin1', 0, text.indexOf(newline)));
  } catch {
    // The loader says what is wrong with the files, if anything is.
    return undefined;
  }
  const body = text.indexOf(newline) + 1;
  if (text.length - body !== head.bytes || over.some(isThere)) return undefined;
  const hash = hashOf(first);
  if (!hash.ok || hash.value !== head.hash) return undefined;
  let at = body;
  return head.profiles.map((parts) => {
    const profile = {};
    for (const part of parts) {
      const end = text.indexOf(newline, at);
      readLate(profile, part, text.subarray(at, end));
      at = end + 1;
    }
    return profile as Profile;
  });
}

const newline = 0x0a;

function ascii(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\0-\x7f]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Gives an object a part that is taken apart when it is first looked at. */
function readLate(whole: object, part: string, json: Buffer): void {
  const settle = (value: unknown): void => {
    Object.defineProperty(whole, part, { value, enumerable: true, configurable: true, writable: true });
  };
  Object.defineProperty(whole, part, {
    enumerable: true,
    configurable: true,
    get: () => {
      const value: unknown = JSON.parse(json.toString('latin1'));
      settle(value);
      return value;
    },
    set: settle,
  });
}

/** A hash of what the loader reads below a folder: the distributions, and of every file its name and all its bytes. */
export function hashOf(folder: string): Result<string> {
  const root = resolve(folder);
  const found = findDistributions([root]);
  if (!found.ok) return found;
  const troubles = findTroubles([root]);
  if (!troubles.ok) return troubles;
  const ofDistributions = found.value.flatMap((d) => [
    ...(d.description === undefined ? [] : [d.description]),
    ...d.gates,
    ...d.benchmarks.map((b) => b.file),
    ...d.controls.flat(),
  ]);
  const files = [...ofDistributions, ...troubles.value.map((t) => t.file)];
  const hash = createHash('sha256').update(`${found.value.map((d) => d.id)}\0`);
  for (const path of files.toSorted()) {
    let bytes: Buffer;
    try {
      // At once and not by promises: of some eighty small files each promise would take longer than the reading.
      bytes = readFileSync(path);
    } catch (error) {
      return fail({ code: 'file-unreadable', path, message: systemWords(error) });
    }
    hash.update(`${path.slice(root.length)}\0${bytes.length}\0`).update(bytes);
  }
  return ok(hash.digest('hex'));
}
