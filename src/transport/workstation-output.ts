import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const pauseMs = 100;

/** Hands on the lines that another process writes into a file; what is returned hands on the rest, and ends it. */
export function follow(file: FileHandle, say: (line: string) => void): () => Promise<void> {
  const decoder = new StringDecoder('utf8');
  const bytes = Buffer.alloc(64 * 1024);
  let at = 0;
  let rest = '';
  const more = async (): Promise<void> => {
    for (;;) {
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      const lines = (rest + decoder.write(bytes.subarray(0, bytesRead))).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) say(line);
    }
  };
  // A file that cannot be read costs its lines and not the run.
  const read = (): Promise<void> => more().catch(() => undefined);
  let turn = read();
  const timer = setInterval(() => {
    turn = turn.then(read);
  }, pauseMs);
  return async () => {
    clearInterval(timer);
    await turn.then(read);
    say(rest + decoder.end());
  };
}
