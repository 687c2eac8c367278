import { randomBytes } from 'node:crypto';
import type { NodeSSH } from 'node-ssh';
import type { Privilege } from '../domain/ports.ts';
import { type Shell, type ShellEnd, startShell } from './shell.ts';
import type { Marks } from './sudo.ts';
import { oneLine } from './wire/clean.ts';

/** Something that happened while a shell was on its way to root. */
export type Progress =
  | { readonly kind: 'ready'; readonly privilege: Privilege }
  | { readonly kind: 'missing' }
  /** sudo wants a password, or refused; `said` is what it wrote before. */
  | { readonly kind: 'asks'; readonly said: string }
  | { readonly kind: 'prompt' }
  /** It talks on and on, and no shell of ours answers. One that does so after it was ready just ends. */
  | { readonly kind: 'flood' }
  | { readonly kind: 'ended'; readonly end: ShellEnd; readonly said: string };

/** A shell on its way to root, and after that: one that waits for a script. */
export type Conversation = {
  readonly shell: Shell;
  /** The next thing that happens; `ready` and `ended` are the last. */
  readonly next: () => Promise<Progress>;
  /** What came on standard error since the last thing that happened, while the shell is not ready. */
  readonly said: () => string;
  /** From when the shell is ready, its output goes here. */
  readonly listen: (to: {
    readonly out: (chunk: Buffer) => void;
    readonly error: (chunk: Buffer) => void;
  }) => void;
};

/** New random marks for one conversation. */
export function newMarks(): Marks {
  return { ready: randomBytes(12).toString('hex'), prompt: randomBytes(12).toString('hex') };
}

const keep = 16 * 1024;
const mostNoise = 256 * 1024;

/** Starts a command of `sudo.ts` and watches both streams for its marks; what comes before a mark is login noise. */
export function startConversation(ssh: NodeSSH, command: string, marks: Marks): Conversation {
  const happened: Progress[] = [];
  const waiting: ((progress: Progress) => void)[] = [];
  const held: { stream: 'out' | 'error'; chunk: Buffer }[] = [];
  let listener: { out: (chunk: Buffer) => void; error: (chunk: Buffer) => void } | undefined;
  let ready = false;
  let noise = '';
  let said = '';
  let heard = 0;

  const happen = (progress: Progress): void => {
    const first = waiting.shift();
    if (first) first(progress);
    else happened.push(progress);
  };
  const pass = (stream: 'out' | 'error', chunk: Buffer): void => {
    if (chunk.length === 0) return;
    if (listener) listener[stream](chunk);
    else if (!endless(chunk)) held.push({ stream, chunk });
  };
  const endless = (chunk: Buffer): boolean => {
    heard += chunk.length;
    if (heard <= mostNoise) return false;
    shell.close();
    happen({ kind: 'flood' });
    return true;
  };
  const out = (chunk: Buffer): void => {
    if (ready) {
      pass('out', chunk);
      return;
    }
    // latin1 keeps every byte where it is, so that what follows the mark goes on untouched.
    noise += chunk.toString('latin1');
    const found = new RegExp(`${marks.ready} (root|passwordless|password)\n`).exec(noise);
    if (!found) {
      noise = noise.slice(-keep);
      endless(chunk);
      return;
    }
    ready = true;
    const rest = noise.slice(found.index + found[0].length);
    noise = '';
    happen({ kind: 'ready', privilege: found[1] as Privilege });
    pass('out', Buffer.from(rest, 'latin1'));
  };
  const error = (chunk: Buffer): void => {
    if (ready) {
      pass('error', chunk);
      return;
    }
    if (endless(chunk)) return;
    said = (said + chunk.toString('latin1')).slice(-keep);
    for (;;) {
      const found = new RegExp(`${marks.ready} (missing|asks)\n|${marks.prompt}`).exec(said);
      if (!found) return;
      const before = text(said.slice(0, found.index));
      said = said.slice(found.index + found[0].length);
      if (found[1] === 'asks') happen({ kind: 'asks', said: before });
      else happen({ kind: found[1] === 'missing' ? 'missing' : 'prompt' });
    }
  };
  const shell = startShell(ssh, command, { out, error });
  void shell.done.then((end) => {
    if (!ready) happen({ kind: 'ended', end, said: text(said) });
  });
  return {
    shell,
    next: () => {
      const first = happened.shift();
      return first ? Promise.resolve(first) : new Promise((resolve) => waiting.push(resolve));
    },
    said: () => text(said),
    listen: (to) => {
      listener = to;
      for (const { stream, chunk } of held.splice(0)) to[stream](chunk);
    },
  };
}

function text(latin1: string): string {
  return oneLine(Buffer.from(latin1, 'latin1').toString('utf8'));
}
