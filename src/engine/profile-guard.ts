import { dataDirAt, fillWords, type Place } from '../domain/distribution.ts';
import type { Target } from '../domain/ports.ts';
import { type Question, questionKey } from '../domain/question.ts';
import { patience } from './apply.ts';
import { type Api, restartGate } from './health.ts';
import { textOf } from './place.ts';

/** The account that a hardened etcd runs as. */
const etcd = 'etcd';

/**
 * Why the profile must not be switched on here now: the cluster is not whole, or the data folder was moved
 * to where etcd's own account cannot reach it (A2, rancher/rke2#9432). Undefined when nothing stands in the way.
 */
export async function profileObstacle(
  target: Target,
  place: Place,
  api: Api | undefined,
  nodeName: string,
): Promise<string | undefined> {
  const gate = await restartGate(api, nodeName);
  if (gate) return `The cluster should be whole before this: ${gate}`;
  const word = place.distribution.config?.dataDir.word ?? '';
  const moved = dataDirAt(place) !== place.distribution.words[word];
  if (!moved || !place.roles.includes('etcd')) return undefined;
  const folder = fillWords(place.distribution.etcd?.folder ?? `{{${word}}}`, place.words);
  const questions = foldersAbove(folder).map(
    (path): Question => ({ kind: 'access', path, user: etcd, want: 'x' }),
  );
  const answers = await target.ask(questions, { deadlineMs: patience.ask });
  const closed = questions.find((q) => textOf(answers.get(questionKey(q)))?.trim() !== 'yes');
  return closed?.kind === 'access'
    ? `The data folder was moved, and ${etcd} may not pass through ${closed.path}; its etcd would not start.`
    : undefined;
}

function foldersAbove(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.slice(0, -1).map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}
