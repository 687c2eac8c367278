import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../domain/answer.ts';
import { putFile, putNew } from './put-file.ts';
import { stateFolder } from './state-folder.ts';

/** Where the originals of a change stay. */
export function keptFolder(session: string, change: string): string {
  for (const name of [session, change])
    if (!/^[A-Za-z0-9][\w.:-]*$/.test(name)) throw new Error(`${name} cannot name a folder`);
  return join(stateFolder(), 'kept', session, change);
}

/** What a file was before a change. */
export type Original =
  | { readonly kind: 'absent'; readonly path: string }
  | {
      readonly kind: 'present';
      readonly path: string;
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
      /** Milliseconds since 1970. */
      readonly modified: number;
    };

type Mark = 'begun' | 'done' | 'undone';

/** The originals and the progress of one change; every file is 0600 and on the disk before its promise resolves. */
export type Kept = {
  readonly keep: (step: number, original: Original, bytes: Buffer) => Promise<void>;
  /** Keeps a copy of what goes with the file of a step and is not changed. */
  readonly copy: (step: number, n: number, path: string, bytes: Buffer) => Promise<void>;
  readonly original: (
    step: number,
  ) => Promise<{ readonly original: Original; readonly bytes: Buffer } | undefined>;
  /** Leaves the script that takes the change back by hand. */
  readonly script: (text: string) => Promise<void>;
  readonly mark: (step: number, mark: Mark, text?: string) => Promise<void>;
  readonly marked: (step: number, mark: Mark) => Promise<string | undefined>;
  readonly end: (how: 'done' | 'put-back' | 'undone') => Promise<void>;
};

/** Opens (and makes, 0700) the folder of a change. */
export async function openKept(folder: string): Promise<Kept> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const at = (name: string): string => join(folder, name);
  const read = (name: string): Promise<Buffer | undefined> => readFile(at(name)).catch(() => undefined);
  return {
    keep: async (step, original, bytes) => {
      // The first original is the true one: a second run of the same change must not keep our own work over it.
      await putNew(at(`${step}.0.original`), bytes);
      await putNew(at(`${step}.0.json`), Buffer.from(JSON.stringify(original)));
    },
    copy: async (step, n, path, bytes) => {
      await putNew(at(`${step}.${n}.original`), bytes);
      await putNew(at(`${step}.${n}.json`), Buffer.from(JSON.stringify({ kind: 'present', path })));
    },
    original: async (step) => {
      const [bytes, about] = [await read(`${step}.0.original`), await read(`${step}.0.json`)];
      return bytes && about ? { original: JSON.parse(about.toString('utf8')) as Original, bytes } : undefined;
    },
    script: (text) => putNew(at('undo.sh'), Buffer.from(text)),
    mark: (step, mark, text = '') => putFile(at(`${step}.${mark}`), Buffer.from(text), { mode: 0o600 }),
    marked: async (step, mark) => (await read(`${step}.${mark}`))?.toString('utf8'),
    end: (how) => putFile(at('ended'), Buffer.from(`${how}\n`), { mode: 0o600 }),
  };
}

/** How far a change got, in the words that nodes use too. */
export async function keptState(session: string, change: string): Promise<Answer> {
  const folder = keptFolder(session, change);
  const names = await readdir(folder);
  const lines = (['begun', 'done', 'undone'] as const).flatMap((mark) =>
    names.filter((name) => name.endsWith(`.${mark}`)).map((name) => `${mark} ${name.split('.')[0]}`),
  );
  const ended = await readFile(join(folder, 'ended'), 'utf8').catch(() => '');
  if (ended) lines.push(`ended ${ended.trim()}`);
  return { kind: 'said', text: lines.map((line) => `${line}\n`).join('') };
}
