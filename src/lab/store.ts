import type { Answer } from '../domain/answer.ts';
import type { Deed, DeedReport } from '../domain/ports.ts';
import type { Question } from '../domain/question.ts';
import type { RancherRequest } from '../domain/rancher.ts';
import type { RancherReply } from '../transport/rancher-client.ts';
import { answerQuestion } from './answer.ts';
import { fillCanonical } from './canonical.ts';
import { performDeed } from './perform.ts';
import { replyOf } from './rancher.ts';
import { advance } from './rke2.ts';
import { fillIn } from './rke2-finish.ts';
import { seedObjects } from './rke2-objects.ts';
import type { LabCluster, ReadYaml } from './state.ts';

/** Time as the lab sees it, in milliseconds since 1970; a test gives one that it moves itself. */
export type LabClock = { readonly now: () => number; readonly sleep: (ms: number) => Promise<void> };

/** The practice cluster as it stands now, and the only place where it changes. */
export type LabStore = {
  /** The cluster at this moment: starts that were on their way have come to their end. */
  readonly cluster: () => LabCluster;
  readonly ask: (node: string, question: Question) => Answer;
  readonly perform: (node: string, deed: Deed) => DeedReport;
  /** What the cluster's Rancher server makes of a request. */
  readonly sendRancher: (request: RancherRequest) => RancherReply;
  readonly clock: LabClock;
};

/** The clock of the world. */
const wallClock: LabClock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** A store that starts from a cluster, filled up with what its distribution makes on a running node. */
export function createLabStore(
  cluster: LabCluster,
  options: { readonly readYaml: ReadYaml; readonly clock?: LabClock },
): LabStore {
  const { readYaml, clock = wallClock } = options;
  let current = seedObjects(
    cluster.distribution === 'canonical' ? fillCanonical(cluster) : fillIn(cluster, readYaml),
  );
  const seconds = () => clock.now() / 1000;
  const now = () => {
    current = advance(current, seconds(), readYaml);
    return current;
  };
  return {
    cluster: now,
    ask: (node, question) => answerQuestion(now(), node, question, seconds()),
    perform: (node, deed) => {
      const { cluster: after, report } = performDeed(now(), node, deed, seconds(), readYaml);
      current = after;
      return report;
    },
    sendRancher: (request) => {
      if (!current.rancher) return { kind: 'none', reason: 'the lab has no Rancher server', sent: false };
      const { rancher, reply } = replyOf(current.rancher, request);
      current = { ...current, rancher };
      return reply;
    },
    clock,
  };
}
