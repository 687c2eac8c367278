import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { readStat } from '../domain/evidence.ts';
import { answerTo, type Question, type Words } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import type { Verdict } from '../domain/verdict.ts';
import { readItems } from './object-list.ts';
import { treeSteps, valueAt } from './tree.ts';
import { absolutePath, getWords, oneWord } from './values.ts';
import { stepsOrNothing } from './write.ts';

const schema = z.strictObject({
  namespace: oneWord,
  deployment: oneWord,
  /** What to get to have its pods. */
  pods: getWords,
  /** A file of the node that its pods copy when they start. */
  after: absolutePath,
});

type Wanted = z.infer<typeof schema>;

/** Names of pods that started before the file was last changed. */
type Observed = { readonly pods: number; readonly older: readonly string[] };

function questions(
  { pods, after }: Wanted,
  place: Place,
): { readonly pods: Question; readonly file: Question } {
  return {
    pods: { kind: 'object', kubectl: kubectlAt(place), get: pods },
    file: { kind: 'stat', path: after },
  };
}

/**
 * A deployment whose pods copy a file of their node when they start: whether all of them are younger than it. Older ones may or may
 * not hold another text, so they are for a person to judge; the change restarts the deployment, one pod after the other.
 */
export const rollout: Resource<Wanted, Observed> = {
  type: 'rollout',
  schema,
  ask: (wanted, place) => Object.values(questions(wanted, place)),
  read: (wanted, answers, place): Read<Observed> => {
    const asked = questions(wanted, place);
    const items = readItems(answerTo(answers, asked.pods), `the pods of ${wanted.deployment}`);
    if (!items.known) return items;
    const stat = readStat(answerTo(answers, asked.file), wanted.after);
    if (!stat.known) return stat;
    // One on its way out has been replaced.
    const staying = items.value.filter(
      ({ tree }) => valueAt(tree, treeSteps('metadata.deletionTimestamp')) === undefined,
    );
    const starts = staying.map(({ name, tree }) => {
      const at = valueAt(tree, treeSteps('status.startTime'));
      return { name, at: typeof at === 'string' ? Date.parse(at) / 1000 : Number.NaN };
    });
    if (starts.length === 0) return unread(`${wanted.deployment} has no pods`);
    if (starts.some(({ at }) => Number.isNaN(at)))
      return unread(`a pod of ${wanted.deployment} does not say when it started`);
    const changed = stat.value?.changed ?? 0;
    return known({
      pods: starts.length,
      older: starts.filter(({ at }) => at < changed).map(({ name }) => name),
    });
  },
  judge,
  change: ({ namespace, deployment }, { older }, place) => {
    const asked = [...kubectlAt(place), '-n', namespace, 'rollout'];
    return stepsOrNothing(
      older.length === 0
        ? []
        : [
            restart([...asked, 'restart', 'deployment', deployment]),
            wait([...asked, 'status', 'deployment', deployment, '--timeout=90s']),
          ],
      false,
    );
  },
};

function restart(words: Words): Step {
  const why =
    'Its pods are made anew one after the other; there is nothing to take back, for the old ones are gone.';
  return { kind: 'run', words, why };
}

/** Else what is asked next is asked of the old pods. */
function wait(words: Words): Step {
  return { kind: 'run', words, why: 'It waits until the new pods have taken the place of the old ones.' };
}

function judge({ deployment, after }: Wanted, { pods, older }: Observed): Verdict {
  const wanted = `every pod of ${deployment} younger than ${after}`;
  if (older.length === 0) return { kind: 'pass', found: `${pods} pods, all younger than ${after}`, wanted };
  return {
    kind: 'manual',
    found: `${older.length} of ${pods} pods are older than ${after}: ${older.join(', ')}`,
    wanted,
    reason: `${older.length === 1 ? 'it keeps' : 'they keep'} what was in ${after} at the start; restart ${deployment} if that was wrong`,
  };
}
