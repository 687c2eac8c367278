import type { Recorded } from '../domain/event.ts';
import { genesis, readLine } from './line.ts';

/** The first line that may not be believed. `torn`: the last line, without its newline, as a crash leaves it. */
export type Damage = { readonly line: number; readonly message: string; readonly torn: boolean };

/** What the bytes of a journal hold, up to the first damage. */
export type Scan = {
  readonly records: readonly Recorded[];
  /** Hash of the last whole line. */
  readonly head: string;
  /** The hash of every whole line. */
  readonly hashes: readonly string[];
  /** Bytes up to the end of the last whole line. */
  readonly goodLength: number;
  /** The last whole line lacks only its newline. */
  readonly lacksNewline: boolean;
  readonly damage?: Damage;
};

const newline = 0x0a;

/** Walks the chain from its first line; every whole record before a damage is kept. */
export function scan(bytes: Uint8Array): Scan {
  const records: Recorded[] = [];
  const hashes: string[] = [];
  let head = genesis;
  let at = 0;
  while (at < bytes.length) {
    const found = bytes.indexOf(newline, at);
    const end = found === -1 ? bytes.length : found;
    const read = readLine(bytes.subarray(at, end), { seq: records.length + 1, prev: head });
    if (!read.ok) {
      const torn = found === -1;
      const message = torn ? 'the last line is not whole' : read.message;
      return {
        records,
        head,
        hashes,
        goodLength: at,
        lacksNewline: false,
        damage: { line: records.length + 1, message, torn },
      };
    }
    records.push(read.line.recorded);
    head = read.line.hash;
    hashes.push(head);
    if (found === -1) return { records, head, hashes, goodLength: end, lacksNewline: true };
    at = end + 1;
  }
  return { records, head, hashes, goodLength: at, lacksNewline: false };
}
