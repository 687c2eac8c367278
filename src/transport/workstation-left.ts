import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { putFile } from './put-file.ts';
import { stateFolder } from './state-folder.ts';

/** Remembers what a file is now, so that it is seen when somebody else changes it before it is put to use. */
export async function noteLeft(path: string): Promise<void> {
  const hash = await hashOf(path);
  const { [resolve(path)]: _, ...others } = await notes();
  await mkdir(stateFolder(), { recursive: true, mode: 0o700 });
  const text = JSON.stringify(hash === undefined ? others : { ...others, [resolve(path)]: hash });
  await putFile(notesPath(), Buffer.from(`${text}\n`), { mode: 0o600 });
}

/** Whether a file is another than the one that was left; one that was never left is not. */
export async function isChangedSince(path: string): Promise<boolean> {
  const left = (await notes())[resolve(path)];
  return left !== undefined && left !== (await hashOf(path));
}

async function hashOf(path: string): Promise<string | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  return bytes && createHash('sha256').update(bytes).digest('hex');
}

async function notes(): Promise<Readonly<Record<string, string>>> {
  try {
    const read: unknown = JSON.parse(await readFile(notesPath(), 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, string>) : {};
  } catch {
    return {};
  }
}

function notesPath(): string {
  return join(stateFolder(), 'workstation-left.json');
}
