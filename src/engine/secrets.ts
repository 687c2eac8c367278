import { newKeyMark } from '../domain/new-key.ts';
import type { Change } from '../domain/step.ts';
import { secretsIn } from '../resources/secrets.ts';

/** The secrets that stand in the files a change writes, before and after; to be known before it is shown or recorded. */
export function secretsOf(change: Pick<Change, 'steps'>): readonly string[] {
  const texts = change.steps.flatMap((step) => {
    switch (step.kind) {
      case 'write-file':
        return [step.textBefore ?? '', step.content];
      case 'create-object':
        return [step.manifest];
      default:
        return [];
    }
  });
  return [...new Set(texts.flatMap(secretsIn))].filter((secret) => secret !== newKeyMark);
}
