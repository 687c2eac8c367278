import { isRepair, type Session } from '../domain/session.ts';
import type { Status } from '../domain/verdict.ts';
import type { Span, Tone } from './line.ts';
import type { Look } from './look.ts';

export type { Status };

type StatusLook = {
  readonly symbol: string;
  readonly ascii: string;
  readonly tone: Tone;
  readonly word: string;
};

/** Symbol, ASCII symbol, colour and word of every status; the word is always shown. */
export const statusLook: Readonly<Record<Status, StatusLook>> = {
  pass: { symbol: '✔', ascii: '+', tone: 'good', word: 'pass' },
  fail: { symbol: '✖', ascii: 'x', tone: 'bad', word: 'fail' },
  'configured-not-active': { symbol: '✖', ascii: 'x', tone: 'bad', word: 'not active' },
  'pending-restart': { symbol: '↻', ascii: '~', tone: 'warn', word: 'restart due' },
  manual: { symbol: '⚠', ascii: '!', tone: 'warn', word: 'manual' },
  unknown: { symbol: '?', ascii: '?', tone: 'warn', word: 'unknown' },
  'not-applicable': { symbol: '-', ascii: '-', tone: 'dim', word: 'n/a' },
  fixed: { symbol: '✔', ascii: '+', tone: 'good', word: 'fixed' },
  gone: { symbol: '✔', ascii: '+', tone: 'good', word: 'gone since' },
  skipped: { symbol: '-', ascii: '-', tone: 'dim', word: 'skipped' },
  waived: { symbol: '≈', ascii: '=', tone: 'dim', word: 'waived' },
  'not-asked': { symbol: ' ', ascii: ' ', tone: 'dim', word: 'not asked' },
};

/** What a status is called where controls are possible causes, and their own words would mislead. */
const causeWord: Readonly<Partial<Record<Status, string>>> = {
  pass: 'not it',
  fail: 'cause found',
  'configured-not-active': 'cause found',
  manual: 'look at it',
  unknown: 'not learned',
  fixed: 'cured',
};

/** The same where there is little room. */
const shortCause: Readonly<Partial<Record<Status, string>>> = {
  fail: 'cause',
  'configured-not-active': 'cause',
  manual: 'look',
  unknown: 'unclear',
  gone: 'gone',
};

/** The word of a status in a narrow column. */
export function shortWord(status: Status, session: Pick<Session, 'purpose'>): string {
  return (isRepair(session) ? shortCause[status] : undefined) ?? statusWord(status, session);
}

/** The word of a status: that of a verdict, or of a possible cause. */
export function statusWord(status: Status, { purpose }: Pick<Session, 'purpose'>): string {
  return (isRepair({ purpose }) ? causeWord[status] : undefined) ?? statusLook[status].word;
}

/** A status as symbol and word; without the symbol for a screen reader. */
export function statusSpan(status: Status, look: Look, word = statusLook[status].word): Span {
  const { tone } = statusLook[status];
  return { text: look.plain ? word : `${symbolOf(status, look)} ${word}`, tone };
}

/** The symbol of a status. */
export function symbolOf(status: Status, look: Look): string {
  return look.ascii ? statusLook[status].ascii : statusLook[status].symbol;
}

/** The signs that are not statuses, each with its ASCII form. */
export function sign(name: 'cursor' | 'rule' | 'step' | 'full' | 'empty' | 'dot', look: Look): string {
  const signs = {
    cursor: ['❯', '>'],
    rule: ['─', '-'],
    step: ['›', '>'],
    full: ['█', '#'],
    empty: ['░', '.'],
    dot: ['·', '-'],
  } as const;
  return signs[name][look.ascii || look.plain ? 1 : 0];
}

/** What Ink is told for a tone; nothing when colours are off. Only named colours, and never a background. */
export function toneProps(
  tone: Tone,
  look: Look,
): { readonly color?: string; readonly bold?: boolean; readonly dimColor?: boolean } {
  if (!look.color) return {};
  switch (tone) {
    case 'plain':
      return {};
    case 'dim':
      return { dimColor: true };
    case 'strong':
      return { bold: true };
    case 'good':
      return { color: 'green' };
    case 'bad':
      return { color: 'red' };
    case 'warn':
      return { color: 'yellow' };
    case 'busy':
      return { color: 'cyan' };
    case 'cursor':
      return { color: 'cyan', bold: true };
  }
}

/** The spinner at a moment: four frames a second, none for a screen reader. */
export function spinner(now: number, look: Look): string {
  return look.plain ? '' : (['|', '/', '-', '\\'][Math.floor(now / 250) % 4] ?? '|');
}
