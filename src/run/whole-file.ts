import { type FileHandle, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises';

/**
 * Writes a text to a file of its owner alone, whole or not at all: what stood there stays until the new one is on the disk.
 * A pipe, a terminal, and whatever cannot be replaced is written to as it is.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const to = await realpath(path).catch(() => path);
  const older = await stat(to).catch(() => undefined);
  const hasPlace = older ? older.isFile() : (await lstat(to).catch(() => undefined)) === undefined;
  const beside = `${to}.k8s-harden-${process.pid}`;
  const file = hasPlace ? await open(beside, 'wx', 0o600).catch(() => undefined) : undefined;
  if (!file) return put(await open(path, 'w', 0o600), text);
  try {
    // Only root can give a file to somebody else; to nobody else does it belong to another.
    if (older) await file.chown(older.uid, older.gid).catch(() => undefined);
    await put(file, text);
    const replaced = await rename(beside, to).then(
      () => true,
      () => false,
    );
    if (!replaced) await put(await open(path, 'w', 0o600), text);
  } finally {
    await rm(beside, { force: true });
  }
}

async function put(file: FileHandle, text: string): Promise<void> {
  try {
    // An older file keeps its mode when it is opened; terminals and pipes have none to set.
    if ((await file.stat()).isFile()) await file.chmod(0o600);
    for (const part of parts(text)) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A text in parts, so that the bytes of a long one need not stand in memory beside it; no sign is cut in two. */
function* parts(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    const end = from + 1_000_000;
    const to = /[\ud800-\udbff]/.test(text.charAt(end - 1)) ? end - 1 : end;
    yield text.slice(from, to);
    from = to;
  }
}
