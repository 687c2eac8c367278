import { StringDecoder } from 'node:string_decoder';
import { isInPaste, isOfPaste, type Key, settleRest, splitKeys } from './keys.ts';

/** What the door needs of the terminal's input. */
export type KeySource = {
  readonly on: (event: 'data', listener: (chunk: Buffer | string) => void) => unknown;
  readonly off: (event: 'data', listener: (chunk: Buffer | string) => void) => unknown;
  readonly resume: () => unknown;
  readonly pause: () => unknown;
  readonly setRawMode?: (on: boolean) => unknown;
};

/** Runs `f` after `ms` unless the returned function is called first. */
export type After = (ms: number, f: () => void) => () => void;

/** How long an escape waits for the rest of its sequence, how long a torn sequence and how long a paste waits for its end. */
const escapeMs = 50;
const tornMs = 500;
const pasteMs = 10_000;

/** Takes the keys of one packet; one that is `alone` had a packet to itself, and so was pressed on purpose. */
export type OnKeys = (keys: readonly Key[], alone: boolean) => void;

/** Turns the terminal's bytes into clean keys. */
export class KeyDoor {
  readonly #source: KeySource;
  readonly #after: After;
  readonly #onKeys: OnKeys;
  readonly #onTaken: (bytes: number) => void;
  #received = 0;
  #decoder = new StringDecoder('utf8');
  #rest = '';
  #afterReturn = false;
  #torn = false;
  #cancel: () => void = () => {};
  #open = false;

  /** `onTaken` hears how many bytes came in all that are keys now or nothing; those of a torn sequence count when it is settled. */
  constructor(source: KeySource, after: After, onKeys: OnKeys, onTaken: (bytes: number) => void = () => {}) {
    this.#source = source;
    this.#after = after;
    this.#onKeys = onKeys;
    this.#onTaken = onTaken;
  }

  /** Raw mode on, keys flow. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#source.setRawMode?.(true);
    this.#source.on('data', this.#take);
    this.#source.resume();
  }

  /** Raw mode off, nothing held back. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#cancel();
    this.#rest = '';
    this.#decoder = new StringDecoder('utf8');
    this.#source.off('data', this.#take);
    this.#source.pause();
    this.#source.setRawMode?.(false);
  }

  readonly #take = (chunk: Buffer | string): void => {
    this.#cancel();
    const text = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    // Nobody shall be held in a paste whose end was lost.
    if (text === '\x03' && isInPaste(this.#rest)) this.#settle();
    const { keys, rest, dropped } = splitKeys(this.#rest + this.#withoutPairs(text));
    this.#rest = rest;
    if (rest !== '') this.#cancel = this.#after(waitFor(rest), this.#settle);
    this.#received += Buffer.byteLength(chunk);
    const alone = keys.length === 1 && rest === '' && !dropped && !this.#torn;
    this.#torn = false;
    this.#give(keys, alone);
  };

  readonly #settle = (): void => {
    const keys = settleRest(this.#rest);
    // What comes next may be the other half of it.
    this.#torn = this.#rest !== '\x1b';
    this.#rest = '';
    this.#give(keys, !this.#torn);
  };

  #give(keys: readonly Key[], alone: boolean): void {
    if (keys.length > 0) this.#onKeys(keys, alone);
    this.#onTaken(this.#received - Buffer.byteLength(this.#rest));
  }

  /** A line feed right after a carriage return is the same key, also across packets; inside a paste nothing is lost. */
  #withoutPairs(text: string): string {
    let out = '';
    for (const c of text) {
      if (!(c === '\n' && this.#afterReturn)) out += c;
      this.#afterReturn = c === '\r';
    }
    return out;
  }
}

function waitFor(rest: string): number {
  if (rest === '\x1b') return escapeMs;
  return isOfPaste(rest) ? pasteMs : tornMs;
}
