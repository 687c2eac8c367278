import type { Deed } from './ports.ts';
import type { Change } from './step.ts';

/** What stands in a file that is to be written, where a key goes that is made only when it is sent. */
export const newKeyMark = '<a new key of 32 bytes>';

/** Whether a change writes a key that is yet to be made. */
export function writesNewKey({ steps }: Pick<Change, 'steps'>): boolean {
  return steps.some((step) => step.kind === 'write-file' && step.content.includes(newKeyMark));
}

/**
 * The deed as it is sent: with the key of its session in place of the mark. Only what travels to the node holds it; the
 * change that is shown and recorded does not.
 */
export function withNewKey(deed: Deed, keyOf: (session: string) => string): Deed {
  if (deed.kind !== 'change' || !writesNewKey(deed.change)) return deed;
  const key = keyOf(deed.change.session);
  const steps = deed.change.steps.map((step) =>
    step.kind === 'write-file' ? { ...step, content: step.content.replaceAll(newKeyMark, key) } : step,
  );
  return { ...deed, change: { ...deed.change, steps } };
}
