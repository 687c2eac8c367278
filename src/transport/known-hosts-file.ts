import type { Stats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';
import { type KnownLine, readKnownLines } from './known-hosts-lines.ts';

/** Reads known_hosts files; one that is not there has no lines. */
export type KnownHostsReader = (file: string) => Promise<Result<readonly KnownLine[]>>;

/** Makes a reader that reads a file again only when it has changed since, as it does when a key is accepted. */
export function createKnownHostsReader(): KnownHostsReader {
  const copies = new Map<string, { readonly stamp: string; readonly lines: readonly KnownLine[] }>();
  const underWay = new Map<string, ReturnType<KnownHostsReader>>();

  const look: KnownHostsReader = async (file) => {
    try {
      const found = await stat(file);
      if (found.isDirectory()) return unreadable(file, 'it is a folder');
      // Stamped before it is read: a file that changes in between is read once more, never once too few.
      const stamp = stampOf(found);
      const copy = copies.get(file);
      if (copy?.stamp === stamp) return ok(copy.lines);
      const lines = found.size === 0 ? [] : readKnownLines(await readFile(file, 'latin1'));
      copies.set(file, { stamp, lines });
      return ok(lines);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return ok([]);
      if (code === undefined) throw error;
      return unreadable(file, systemWords(error));
    }
  };

  return (file) => {
    const before = underWay.get(file);
    if (before) return before;
    const looking = look(file).finally(() => underWay.delete(file));
    underWay.set(file, looking);
    return looking;
  };
}

function stampOf(found: Stats): string {
  return [found.dev, found.ino, found.size, found.mtimeMs, found.ctimeMs].join(' ');
}

function unreadable(path: string, message: string): Result<never> {
  return fail({ code: 'known-hosts-unreadable', path, message });
}
