import type { HeadRead } from './head.ts';
import { genesis } from './line.ts';

/** What the head on record says of the end of a journal whose chain is whole. */
export type End =
  /** It ends where it was closed, with that very line. */
  | { readonly kind: 'as-closed' }
  /** It goes on after its head: it is open, or was left by a crash. Lines after `since` have nothing to be compared with. */
  | { readonly kind: 'not-closed'; readonly since: number }
  | { readonly kind: 'cut'; readonly lines: number; readonly head: number }
  /** It goes on after the line it was closed at. Going on opens the head before a line is added, so these are not ours. */
  | { readonly kind: 'added'; readonly head: number }
  /** The line that the head names is another one. */
  | { readonly kind: 'changed'; readonly head: number }
  | { readonly kind: 'no-head' }
  | { readonly kind: 'head-unreadable'; readonly message: string };

/** Compares a whole chain, by the hashes of its lines, with the head on record. */
export function judgeEnd(hashes: readonly string[], read: HeadRead): End {
  if (read.kind === 'none') return { kind: 'no-head' };
  if (read.kind === 'unreadable') return { kind: 'head-unreadable', message: read.message };
  const { state, lines, hash } = read.head;
  if (lines > hashes.length) return { kind: 'cut', lines: hashes.length, head: lines };
  if (hash !== (lines === 0 ? genesis : hashes[lines - 1])) return { kind: 'changed', head: lines };
  if (state === 'closed')
    return lines === hashes.length ? { kind: 'as-closed' } : { kind: 'added', head: lines };
  return { kind: 'not-closed', since: lines };
}

/** Why a journal does not agree with its head, without the full stop; undefined when nothing speaks against it. */
export function whyNotWhole(end: End): string | undefined {
  switch (end.kind) {
    case 'cut':
      return `it ends at line ${end.lines}, but it was closed or opened at line ${end.head}: lines were cut off its end`;
    case 'changed':
      return `line ${end.head} is not the one its head names: the record was written anew up to there`;
    case 'added':
      return `it was closed at line ${end.head}, but lines were added after that: they are not from this program`;
    case 'head-unreadable':
      return `its head cannot be read (${end.message}), so lines cut off its end would not show`;
    case 'as-closed':
    case 'not-closed':
    case 'no-head':
      return undefined;
  }
}
