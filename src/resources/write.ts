import type { Stat } from '../domain/evidence.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { fingerprint, isExact } from './fingerprint.ts';

/** Who owns a file that we create, and its mode. */
export type Attributes = { readonly mode: string; readonly owner: string; readonly group: string };

type Refusal = Extract<Plan, { kind: 'refused' }>;

/** Why a change will not be made, and what to do instead. */
export function refused(reason: string, instead: string): Refusal {
  return { kind: 'refused', reason, instead };
}

/** A plan of these steps; `nothing` when there are none. */
export function stepsOrNothing(steps: readonly Step[], restarts: boolean, units?: readonly string[]): Plan {
  if (steps.length === 0) return { kind: 'nothing' };
  return { kind: 'steps', steps, restarts, ...(units ? { units } : {}) };
}

/**
 * The step that gives a file this text. A file that is there keeps its owner and mode; one that is not gets `fresh`. A file
 * whose bytes we did not read exactly is refused, for writing it back would damage what we could not read.
 */
export function writeFile(
  path: string,
  textBefore: string | undefined,
  content: string,
  stat: Stat | undefined,
  fresh: Attributes,
  beside: readonly string[] = [],
): Step | Refusal {
  if (textBefore !== undefined && !isExact(textBefore)) {
    return refused(
      `${path} is not valid UTF-8, so an edit could damage it`,
      'Correct its encoding by hand, then ask again.',
    );
  }
  const { mode, owner, group } = textBefore === undefined ? fresh : (stat ?? fresh);
  return {
    kind: 'write-file',
    path,
    content,
    mode,
    owner,
    group,
    before: fingerprint(textBefore),
    ...(textBefore === undefined ? {} : { textBefore }),
    ...(beside.length > 0 ? { beside } : {}),
  };
}
