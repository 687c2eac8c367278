import { createHash } from 'node:crypto';
import type { FileBefore } from '../domain/step.ts';

/** What a file is before a write: absent, or the SHA-256 of its text as UTF-8. */
export function fingerprint(text: string | undefined): FileBefore {
  return text === undefined
    ? { kind: 'absent' }
    : { kind: 'present', sha256: createHash('sha256').update(text, 'utf8').digest('hex') };
}

/** A short word that is another for any other text: what is shown cut still says whether it is what it was. */
export function mark(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 8);
}

/**
 * Whether a text can stand for the bytes it was read from; a replacement character shows that some were lost, and a NUL, which
 * no shell can write, that it is no text.
 */
export function isExact(text: string): boolean {
  return !/[\0\uFFFD]/.test(text);
}
