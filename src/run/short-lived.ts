import { setFlagsFromString } from 'node:v8';

/**
 * What is told to V8 of this version: code is optimised only when it is very hot, and so are the patterns by which secrets are
 * found; the room for new objects does not grow. That spares a check a fifth of its processor time and of its memory.
 */
export function shortLifeFlags(v8: string): readonly string[] {
  return [
    // V8 complains of what it does not know, and later ones do not know this.
    ...(Number.parseInt(v8, 10) <= 11 ? ['--interrupt-budget=600000'] : []),
    '--semi-space-growth-factor=1',
    '--regexp-tier-up-ticks=30',
    '--no-regexp-peephole-optimization',
  ];
}

/** Tells V8 that this process lives for a few seconds. */
export function expectShortLife(): void {
  shortLifeFlags(process.versions.v8).forEach(setFlagsFromString);
}
