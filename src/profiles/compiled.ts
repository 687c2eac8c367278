import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import type { Profile } from '../domain/control.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';
import { findDistributions, findTroubles } from './folders.ts';

/** The built-in profiles as the loader read them when the program was built, and a hash of the files it read them from. */
export type CompiledProfiles = { readonly hash: string; readonly profiles: readonly Profile[] };

/**
 * The profiles compiled into `file`, if they are what the loader would read from the folders now: nothing lies over the first
 * folder, and its files are, to the byte, those that were compiled. Else, as for a program that was not built, undefined.
 */
export async function readCompiled(
  file: URL,
  folders: readonly string[],
): Promise<readonly Profile[] | undefined> {
  const [first = '', ...over] = folders;
  try {
    const [compiled, hash, free] = await Promise.all([
      readFile(file, 'utf8'),
      hashOf(first),
      Promise.all(over.map(isAbsent)),
    ]);
    const read = JSON.parse(compiled) as CompiledProfiles;
    return hash.ok && hash.value === read.hash && free.every(Boolean) ? read.profiles : undefined;
  } catch {
    // The loader says what is wrong with the files, if anything is.
    return undefined;
  }
}

/** A hash of what the loader reads below a folder: the distributions, and of every file its name and all its bytes. */
export async function hashOf(folder: string): Promise<Result<string>> {
  const found = await findDistributions([folder]);
  if (!found.ok) return found;
  const troubles = await findTroubles([folder]);
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
      bytes = await readFile(path);
    } catch (error) {
      return fail({ code: 'file-unreadable', path, message: systemWords(error) });
    }
    hash.update(`${relative(folder, path).split(sep).join('/')}\0${bytes.length}\0`).update(bytes);
  }
  return ok(hash.digest('hex'));
}

async function isAbsent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
