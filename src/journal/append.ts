import type { Recorded } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import { type Link, sealLine } from './line.ts';
import { messageOf } from './system-message.ts';

/** What is needed of an open file (a FileHandle has it), so that tests can let the disk fail. */
export type AppendFile = {
  readonly appendFile: (bytes: Uint8Array) => Promise<void>;
  readonly sync: () => Promise<void>;
  readonly truncate: (length: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Appends sealed lines, one at a time and in the order asked; each is on the disk before its promise resolves. */
export type Appender = {
  readonly append: (at: string, event: string) => Promise<Result<Recorded>>;
  /** The lines that are on the disk, and the hash of the last of them. */
  readonly tip: () => { readonly lines: number; readonly hash: string };
  readonly close: () => Promise<void>;
};

/** Continues a chain in an open file of `length` bytes. */
export function createAppender(file: AppendFile, path: string, start: Link, length: number): Appender {
  let { seq, prev } = start;
  let size = length;
  let broken: string | undefined;
  let closed = false;
  let queue: Promise<unknown> = Promise.resolve();

  const unwritable = (message: string): Result<never> => fail({ code: 'journal-unwritable', path, message });

  async function write(at: string, event: string): Promise<Result<Recorded>> {
    if (broken !== undefined) return unwritable(broken);
    const line = sealLine({ seq, prev }, at, event);
    const bytes = Buffer.from(`${line.text}\n`);
    let written = false;
    try {
      await file.appendFile(bytes);
      written = true;
      await file.sync();
    } catch (error) {
      const message = messageOf(error);
      // After a failed fsync a later one may succeed although the data is gone, so this file is not trusted again.
      if (written) broken = `${message}; resume the session to go on`;
      await takeBack(message);
      return unwritable(message);
    }
    seq += 1;
    prev = line.hash;
    size += bytes.length;
    return ok({ at, event: JSON.parse(event) });
  }

  async function takeBack(message: string): Promise<void> {
    try {
      await file.truncate(size);
      await file.sync();
    } catch {
      broken ??= `${message}; half a line may stand at its end, resume the session to go on`;
    }
  }

  return {
    tip: () => ({ lines: seq - 1, hash: prev }),
    append(at, event) {
      if (closed) return Promise.resolve(unwritable('it is closed'));
      const done = queue.then(() => write(at, event));
      queue = done.catch(() => undefined);
      return done;
    },
    async close() {
      if (closed) return;
      closed = true;
      await queue;
      await file.close();
    },
  };
}
