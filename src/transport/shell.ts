import type { NodeSSH } from 'node-ssh';
import type { ClientChannel } from 'ssh2';
import { type LinkError, reasonOf } from './reasons.ts';

/** How a command on a channel ended. `exit` is null when no exit status arrived: then nothing may be concluded. */
export type ShellEnd =
  | { readonly kind: 'ended'; readonly exit: number | null; readonly signal: string | null }
  | { readonly kind: 'not-opened'; readonly reason: string; readonly again: boolean };

/** One command on one channel, with its input held open. */
export type Shell = {
  readonly write: (text: string) => void;
  /** Ends the input. */
  readonly end: () => void;
  /** Asks the server to end the command; for commands that only read. */
  readonly interrupt: () => void;
  /** Closes the channel at once, whatever the command does. */
  readonly close: () => void;
  readonly done: Promise<ShellEnd>;
};

/** Starts a command; output arrives as raw bytes, never as text that was cut in the middle of a character. */
export function startShell(
  ssh: NodeSSH,
  command: string,
  on: { readonly out: (chunk: Buffer) => void; readonly error: (chunk: Buffer) => void },
): Shell {
  /** What is to be written, while the channel is not open yet. */
  let early: string[] | undefined = [];
  let ended = false;
  let channel: ClientChannel | undefined;
  let closed = false;
  const close = (): void => {
    closed = true;
    early = undefined;
    channel?.close();
  };
  // Not by execCommand: it keeps every byte that arrives, and a node that never stops talking would fill the memory.
  const done = new Promise<ShellEnd>((resolve, reject) => {
    const { connection } = ssh;
    if (!connection) throw new Error('Not connected to server');
    connection.on('error', reject);
    connection.exec(command, (refusal, opened) => {
      connection.removeListener('error', reject);
      if (refusal) return reject(refusal);
      channel = opened;
      let exit: number | null = null;
      let signal: string | null = null;
      opened.on('error', () => undefined);
      opened.on('data', (chunk: Buffer) => {
        if (!closed) on.out(chunk);
      });
      opened.stderr.on('data', (chunk: Buffer) => {
        if (!closed) on.error(chunk);
      });
      opened.on('exit', (code: number | null, name?: string) => {
        exit = code ?? null;
        signal = name ?? null;
      });
      opened.on('close', () => resolve({ kind: 'ended', exit, signal }));
      if (closed) return opened.close();
      for (const text of early ?? []) opened.write(text);
      early = undefined;
      if (ended) opened.end();
    });
  }).catch(
    (error: LinkError): ShellEnd => ({
      kind: 'not-opened',
      reason: reasonOf(error),
      // Reason 1 is the server's policy and will not change; all others are about now.
      again: /Channel open failure/.test(error.message) && error.reason !== 1,
    }),
  );
  return {
    write: (text) => {
      if (closed || ended) return;
      if (early) early.push(text);
      else channel?.write(text);
    },
    end: () => {
      if (closed || ended) return;
      ended = true;
      channel?.end();
    },
    interrupt: () => channel?.signal('TERM'),
    close,
    done,
  };
}
