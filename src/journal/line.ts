import { createHash } from 'node:crypto';
import type { Recorded } from '../domain/event.ts';
import { canonical } from './canonical.ts';
import { whyNotEvent } from './event-shape.ts';

/** Where a line stands in its chain: its number from 1, and the hash of the line before it. */
export type Link = { readonly seq: number; readonly prev: string };

/** A line of the journal that was read and found whole. */
export type Line = Link & { readonly recorded: Recorded; readonly hash: string };

/** What a line holds, or why it may not be believed. */
export type LineRead =
  | { readonly ok: true; readonly line: Line }
  | { readonly ok: false; readonly message: string };

/** What the first line names as the line before it; another value belongs to another form of journal. */
export const genesis = sha256('k8s-harden journal 1');

/**
 * The text of one line without its newline, and its hash. The hash is the SHA-256 of the very line with its last member,
 * `,"hash":"…"`, left out, so that anybody can check it with sed and sha256sum.
 */
export function sealLine(link: Link, at: string, event: string): { text: string; hash: string } {
  const body = `{"seq":${link.seq},"at":${JSON.stringify(at)},"prev":"${link.prev}","event":${event}`;
  const hash = sha256(`${body}}`);
  return { text: `${body},"hash":"${hash}"}`, hash };
}

/** Reads one line and checks every byte of it against its own hash and its place in the chain. */
export function readLine(bytes: Uint8Array, expected: Link): LineRead {
  let parsed: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    parsed = JSON.parse(text);
  } catch {
    return { ok: false, message: 'the line is not whole JSON' };
  }
  if (!isRow(parsed)) return { ok: false, message: 'the line is not a journal entry' };
  const sealed = sealLine(parsed, parsed.at, canonical(parsed.event));
  if (sealed.text !== text) return { ok: false, message: 'the line does not match its hash' };
  if (parsed.seq !== expected.seq)
    return { ok: false, message: `entry ${parsed.seq} stands where entry ${expected.seq} belongs` };
  if (parsed.prev !== expected.prev)
    return { ok: false, message: 'the line does not follow from the one before it' };
  // A hash says that a line is as it was written, not that this program wrote it.
  const wrong = Number.isNaN(Date.parse(parsed.at)) ? 'its time is none' : whyNotEvent(parsed.event);
  if (wrong !== undefined) return { ok: false, message: wrong };
  const { seq, prev, at, event } = parsed;
  return { ok: true, line: { seq, prev, recorded: { at, event }, hash: sealed.hash } };
}

function isRow(value: unknown): value is Link & Recorded & { readonly hash: string } {
  if (value === null || typeof value !== 'object') return false;
  const row = value as Record<string, unknown>;
  const event = row.event as Record<string, unknown> | null | undefined;
  return (
    Number.isSafeInteger(row.seq) &&
    typeof row.at === 'string' &&
    typeof row.prev === 'string' &&
    typeof row.hash === 'string' &&
    typeof event === 'object' &&
    typeof event?.kind === 'string'
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
