import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Every path below a folder with its type, mode, owner and bytes: equal when and only when the trees are. */
export async function manifest(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await readdir(join(folder, below));
  const lines = await Promise.all(
    entries.map(async (name) => {
      const path = join(below, name);
      const at = join(folder, path);
      const s = await lstat(at);
      const facts = `${path} ${(s.mode & 0o177777).toString(8)} ${s.uid}:${s.gid}`;
      if (s.isDirectory()) return [facts, ...(await manifest(folder, path))];
      const bytes = s.isSymbolicLink() ? await readlink(at) : s.isFile() ? await readFile(at) : '';
      return [`${facts} ${createHash('sha256').update(bytes).digest('hex')}`];
    }),
  );
  return lines.flat().sort();
}

/** What a file holds, as a step wants to know it. */
export function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
