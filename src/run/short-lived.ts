import { setFlagsFromString } from 'node:v8';

/**
 * Tells V8 that this process lives for a few seconds: code is optimised only when it is very hot, and so are the patterns by which
 * secrets are found; the room for new objects does not grow. That spares a check a fifth of its processor time and of its memory.
 */
export function expectShortLife(): void {
  setFlagsFromString('--interrupt-budget=600000');
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--regexp-tier-up-ticks=30');
  setFlagsFromString('--no-regexp-peephole-optimization');
}
