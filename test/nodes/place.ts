import { chmod, chown, mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface NodeFile {
  readonly content: string | Buffer;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

// A folder of an upper layer hides the owner and mode of the one below: repeat them.
async function folder(layer: string, base: string, path: string): Promise<void> {
  if (path === '.' || path === '/' || (await stat(join(layer, path)).catch(() => undefined))) return;
  await folder(layer, base, dirname(path));
  const below = await stat(join(base, path)).catch(() => undefined);
  await mkdir(join(layer, path), { recursive: true });
  await chmod(join(layer, path), below ? below.mode & 0o7777 : 0o755);
  await chown(join(layer, path), below?.uid ?? 0, below?.gid ?? 0);
}

/** Puts a file into an overlay layer, with the folders on the way as they are in the base. */
export async function place(layer: string, base: string, path: string, file: NodeFile): Promise<void> {
  const target = join(layer, path);
  await folder(layer, base, dirname(join('/', path)).slice(1) || '.');
  await writeFile(target, file.content);
  await chmod(target, file.mode ?? 0o644);
  await chown(target, file.uid ?? 0, file.gid ?? 0);
}

/** Puts a symbolic link into an overlay layer. */
export async function placeLink(layer: string, base: string, path: string, target: string): Promise<void> {
  await folder(layer, base, dirname(join('/', path)).slice(1) || '.');
  await symlink(target, join(layer, path));
}
