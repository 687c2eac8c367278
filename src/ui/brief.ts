import type { Verdict } from '../domain/verdict.ts';
import { width } from './text.ts';

/** What was found and what was wanted, as far as two cells of a table have room. */
export type Brief = Pick<Verdict, 'found' | 'wanted'>;

/**
 * Where a list of values, `key = value` each, does not fit: the first that differs, found and wanted, and how many more are
 * wanted; of a pass, how many there are. What fits, or is said in other words, stays as it is.
 */
export function briefly(
  { kind, found, wanted }: Brief & { readonly kind?: Verdict['kind'] },
  foundRoom: number,
  wantedRoom: number,
): Brief {
  if (width(found) <= foundRoom && width(wanted) <= wantedRoom) return { found, wanted };
  const parts = wanted.split(', ').map((part) => /^(\S+) = (\S.*)$/.exec(part));
  if (kind === 'pass' && parts.length > 1 && parts.every(Boolean))
    return { found: `all ${parts.length} as wanted`, wanted };
  for (const part of parts) {
    const [, key = '', aim = ''] = part ?? [];
    const is = key === '' ? undefined : foundOf(found, key);
    if (is === undefined || is === aim || !parts.every(Boolean)) continue;
    const whole = `${key} is ${is}`;
    return {
      found: width(whole) <= foundRoom ? whole : `${key.slice(key.lastIndexOf('.') + 1)} is ${is}`,
      wanted: parts.length > 1 ? `${aim}, and ${parts.length - 1} more` : aim,
    };
  }
  return { found, wanted };
}

function foundOf(found: string, key: string): string | undefined {
  const lead = `${key} is `;
  const at = ` ${found}`.indexOf(` ${lead}`);
  return at < 0 ? undefined : /^[^\s,]+/.exec(found.slice(at + lead.length))?.[0];
}
