import { type Hold, holdObject, readHold, type StandingHold } from '../domain/cluster-hold.ts';
import { kubectlAt } from '../domain/distribution.ts';
import { readObject } from '../domain/evidence.ts';
import { word } from '../domain/failure.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { patience } from './apply.ts';
import type { Api } from './health.ts';

/** What came of taking the lock of a cluster. */
export type Held =
  | { readonly kind: 'held' }
  /** Somebody else's restart is under way, or was left behind. */
  | { readonly kind: 'other'; readonly hold: StandingHold }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Takes the lock of the whole cluster, which every wizard of it shares whatever nodes are in its list. What this holder left is
 * written anew, so that it is never older than the restart. `over` is the version of another's that may be replaced.
 */
export async function holdCluster(api: Api, hold: Hold, over?: string): Promise<Held> {
  const kubectl = kubectlAt(api.place);
  const report = await api.target.perform(
    { kind: 'hold', kubectl, hold, ...(over === undefined ? {} : { over }) },
    { deadlineMs: patience.ask },
  );
  if (report.kind === 'done') return { kind: 'held' };
  if (report.failure.code !== 'locked') return { kind: 'refused', reason: word(report.failure).sentence };
  const question: Question = { kind: 'object', kubectl, get: holdObject };
  const answer = answerTo(await api.target.ask([question], { deadlineMs: patience.ask }), question);
  if (answer.kind === 'absent')
    return { kind: 'refused', reason: 'Another wizard has just restarted a node. Look again, then restart.' };
  const read = readObject(answer, `ConfigMap ${holdObject[1]}`);
  const standing = read.known ? readHold(read.value) : undefined;
  if (!standing)
    return {
      kind: 'refused',
      reason: `The lock of the cluster cannot be read${read.known ? '' : `: ${read.reason}`}. Look at it with kubectl get ${holdObject.join(' ')}.`,
    };
  if (standing.holder === hold.holder && over !== standing.version)
    return holdCluster(api, hold, standing.version);
  return { kind: 'other', hold: standing };
}

/** Gives the lock back; why that was not possible, otherwise. */
export async function releaseCluster(api: Api, holder: string): Promise<string | undefined> {
  const kubectl = kubectlAt(api.place);
  const report = await api.target.perform({ kind: 'release', kubectl, holder }, { deadlineMs: patience.ask });
  return report.kind === 'done' ? undefined : word(report.failure).sentence;
}
