import * as z from 'zod';
import { known, unread, whyNot } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { answerTo } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { changeFolder, type Step } from '../domain/step.ts';
import { refused } from './write.ts';

const schema = z.strictObject({});

/** A change of which the machine keeps the originals; `whole` once it came to its end. */
type Kept = { readonly session: string; readonly id: string; readonly whole: boolean };

/** So many are named; the rest are counted. */
const most = 5;

/**
 * What this program changed on a machine in earlier sessions and was not taken back since. Whether that is the cause of a trouble
 * only a person can judge; the change runs the undo scripts beside the originals, the newest first.
 */
export const ourChanges: Resource<z.infer<typeof schema>, readonly Kept[]> = {
  type: 'our-changes',
  schema,
  ask: () => [{ kind: 'kept' }],
  read: (_, answers, place) => {
    const answer = answerTo(answers, { kind: 'kept' });
    if (answer.kind === 'absent') return known([]);
    if (answer.kind !== 'said') return unread(whyNot(answer, 'what this program keeps on the machine'));
    const lines = answer.text.trim().split('\n');
    const read = lines.slice(0, -1).map((line) => line.split(' '));
    if (lines.at(-1) !== 'end' || read.some(([session, id, state]) => !session || !id || !state))
      return unread('what this program keeps on the machine was told in a form that could not be read');
    return known(standing(read, place));
  },
  judge: (_, kept) => {
    const wanted = 'nothing of an earlier session still stands';
    if (kept.length === 0) return { kind: 'pass', found: 'nothing', wanted };
    const named = kept.slice(0, most).map(({ session, id }) => `${id} of ${session}`);
    const more = kept.length > most ? ` and ${kept.length - most} more` : '';
    return {
      kind: 'manual',
      found: `${named.join(', ')}${more}`,
      wanted,
      reason: `this wizard made ${kept.length === 1 ? 'one change' : `${kept.length} changes`} here that still ${kept.length === 1 ? 'stands' : 'stand'}, not this session; whether one of them is the cause is for you to judge`,
    };
  },
  change: (_, kept) => {
    const half = kept.find(({ whole }) => !whole);
    if (half)
      return refused(
        `the change ${half.id} of session ${half.session} never came to its end`,
        `Look at it first: resume session ${half.session}, or run sh ${undoScript(half)} on the node.`,
      );
    const steps = kept.map(
      (change): Step => ({
        kind: 'run',
        words: ['sh', undoScript(change)],
        why: `what ${change.id} of session ${change.session} did is taken back; to have it again, apply it again`,
      }),
    );
    return steps.length === 0 ? { kind: 'nothing' } : { kind: 'steps', steps, restarts: true };
  },
};

/** What stands of other sessions, the newest first: sessions and changes are named in the order in which they were made. */
function standing(read: readonly (readonly string[])[], { session: own }: Place): readonly Kept[] {
  return (
    read
      .map(([session = '', id = '', state]) => ({ session, id, state }))
      .filter(({ session, state }) => session !== own && (state === 'done' || state === 'begun'))
      // What only took others back has nothing to take back itself.
      .filter(({ id }) => !/^\d+-our-changes_at_/.test(id))
      .toSorted((a, b) => (a.session === b.session ? order(b.id, a.id) : order(b.session, a.session)))
      .map(({ session, id, state }) => ({ session, id, whole: state === 'done' }))
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function undoScript(change: Kept): string {
  return `${changeFolder(change)}/undo.sh`;
}
