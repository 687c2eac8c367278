import { createHash } from 'node:crypto';

/** The SHA-256 of a text's bytes, as `sha256sum` prints it. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
