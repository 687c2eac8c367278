import type { Verdict } from '../domain/verdict.ts';
import { cutStart, width } from './text.ts';

/** What was found and what was wanted, as far as two cells of a table have room. */
export type Brief = Pick<Verdict, 'found' | 'wanted'>;

/**
 * Where a list of values, `key = value` each, does not fit: the first that differs now, else the first that the next boot would
 * make differ, found and wanted, and how many more are wanted; of a pass, how many there are. What fits, or is said in other words,
 * stays as it is.
 */
export function briefly(
  { kind, found, wanted }: Brief & { readonly kind?: Verdict['kind'] },
  foundRoom: number,
  wantedRoom: number,
): Brief {
  if (width(found) <= foundRoom && width(wanted) <= wantedRoom) return { found, wanted };
  const parts = wanted.split(', ').map((part) => /^(\S+) = (\S.*)$/.exec(part));
  if (!parts.every((part) => part !== null)) return { found, wanted };
  if (kind === 'pass' && parts.length > 1) return { found: `all ${parts.length} as wanted`, wanted };
  for (const differs of [now, atBoot]) {
    for (const [, key = '', aim = ''] of parts) {
      const says = differs(found, key, aim);
      if (says === undefined) continue;
      return {
        found: shortest(key, says, foundRoom),
        wanted: parts.length > 1 ? `${aim}, and ${parts.length - 1} more` : aim,
      };
    }
  }
  return { found, wanted };
}

/** The value with as much of the end of its key as there is room for; the value itself is what differs, and stays. */
function shortest(key: string, says: string, room: number): string {
  const last = key.slice(key.lastIndexOf('.') + 1);
  const words = last.split('_');
  const names = [key, ...words.map((_, i) => words.slice(i).join('_'))];
  return names.map((name) => `${name} ${says}`).find((text) => width(text) <= room) ?? cutStart(says, room);
}

/** What the value is, where that is not what is wanted. */
function now(found: string, key: string, aim: string): string | undefined {
  const is = /^[^\s,]+/.exec(saidOf(found, key) ?? '')?.[0];
  return is === undefined || is === aim ? undefined : `is ${is}`;
}

/** What the next boot would make of a value that is as wanted now. */
function atBoot(found: string, key: string): string | undefined {
  const said = saidOf(found, key)?.split(/, (?=\S+ is )/)[0];
  const [, why = ''] = /^\S+ now, (?:but|and) (.*)$/.exec(said ?? '') ?? [];
  if (why.startsWith('no file sets it')) return 'not set at boot';
  const [, then] = / sets (\S+) at boot/.exec(why) ?? [];
  return then === undefined ? undefined : `is ${then} at boot`;
}

function saidOf(found: string, key: string): string | undefined {
  const lead = `${key} is `;
  const at = ` ${found}`.indexOf(` ${lead}`);
  return at < 0 ? undefined : found.slice(at + lead.length);
}
