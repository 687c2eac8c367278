import { headPath } from '../journal/head.ts';
import type { Verification } from '../journal/read.ts';

/** What `verify` says of a journal, and whether anything speaks against it. */
export type VerifyWords = { readonly lines: readonly string[]; readonly sound: boolean };

/** Says how whole a journal is: its chain, its end by the head beside it, and a hash that the operator kept elsewhere. */
export function verifyWords(path: string, found: Verification, kept?: string): VerifyWords {
  const said = [chainPart(path, found), ...(kept === undefined ? [] : [keptPart(found, kept)])];
  return { lines: said.flatMap((s) => s.lines), sound: said.every((s) => s.sound) };
}

function chainPart(path: string, found: Verification): VerifyWords {
  const { records, damage, end, ended, head } = found;
  const last = `Last hash: ${head}`;
  if (damage) {
    const beyond = end.kind === 'cut' ? [`By its head on record it had ${entries(end.head)}.`] : [];
    const before = `What stands before that line is whole: ${entries(records)}.`;
    return { lines: [`${path}:${damage.line}: ${damage.message}`, before, ...beyond], sound: false };
  }
  const whole = `The chain of ${entries(records)} is whole.`;
  switch (end.kind) {
    case 'as-closed':
      return {
        lines: [
          `${whole} ${
            ended
              ? 'It ends with its own end, where it was closed: nothing was cut off.'
              : 'It has no end of its own, but it stops where it was closed: nothing was cut off.'
          }`,
          last,
        ],
        sound: true,
      };
    case 'not-closed':
      return { lines: [...notEnded(whole, end.since), last], sound: true };
    case 'no-head':
      return {
        lines: [
          `${whole} ${ended ? 'It ends with an end.' : 'It has no end: it is open, or was left by a crash.'}`,
          `No head is on record (${headPath(path)}), so lines cut off its end would not show.`,
          last,
        ],
        sound: true,
      };
    case 'cut':
      return {
        lines: [
          `The record was cut: it ends at line ${end.lines}, but by its head on record it had ${entries(end.head)}.`,
          `What is left is whole: ${entries(records)}.`,
          last,
        ],
        sound: false,
      };
    case 'changed':
      return {
        lines: [
          `The record was changed: line ${end.head} is not the one that its head on record names.`,
          'The chain fits together, so it was written anew; what it says is no proof.',
          last,
        ],
        sound: false,
      };
    case 'added':
      return {
        lines: [
          `The record was added to: it was closed at line ${end.head}, and ${entries(records - end.head)} came after that without opening it.`,
          `What stands after line ${end.head} is not from this program and is no proof.`,
          last,
        ],
        sound: false,
      };
    case 'head-unreadable':
      return {
        lines: [
          whole,
          `Its head on record cannot be read (${headPath(path)}: ${end.message}), so lines cut off its end would not show.`,
          last,
        ],
        sound: false,
      };
  }
}

/** `since`: the line up to which an earlier end vouches for it; 0 while it was never closed. */
function notEnded(whole: string, since: number): readonly string[] {
  const [ended, at] =
    since === 0
      ? ['The session has not been ended', 'its end']
      : [`It was gone on with after line ${since} and has not been ended since`, `after line ${since}`];
  return [
    `${whole} ${ended}: it is still open, or a crash cut it short.`,
    `Until it is ended, lines cut off ${at} would not show.`,
  ];
}

function keptPart({ hashes }: Verification, kept: string): VerifyWords {
  const line = hashes.indexOf(kept.toLowerCase()) + 1;
  if (line === 0)
    return {
      lines: ['No whole line has the hash you gave: the record was cut before it, or changed.'],
      sound: false,
    };
  const later = hashes.length - line;
  const since = later === 0 ? 'It is the last line.' : `${entries(later)} came after it.`;
  return {
    lines: [`Line ${line} has the hash you gave: up to it nothing was cut off or changed. ${since}`],
    sound: true,
  };
}

function entries(n: number): string {
  return n === 1 ? '1 record' : `${n} records`;
}
