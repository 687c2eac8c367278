import { newKeyMark } from '../domain/new-key.ts';
import type { Change, Step } from '../domain/step.ts';
import { secretsIn } from '../resources/secrets.ts';

/** The secrets that stand in the files a change writes, before and after; to be known before it is shown or recorded. */
export function secretsOf(change: Pick<Change, 'steps'>): readonly string[] {
  return [...new Set(change.steps.flatMap(textsOf).flatMap(secretsIn))].filter(
    (secret) => secret !== newKeyMark,
  );
}

function textsOf(step: Step): readonly string[] {
  switch (step.kind) {
    case 'write-file':
      return [step.textBefore ?? '', step.content];
    case 'create-object':
      return [step.manifest];
    case 'make-folder':
    case 'move-folder':
    case 'set-mode':
    case 'set-owner':
    case 'set-kernel':
    case 'create-account':
    case 'create-group':
    case 'set-unit':
    case 'patch-object':
    case 'rancher-object':
    case 'run':
      return [];
  }
}
