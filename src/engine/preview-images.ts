import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt } from '../domain/distribution.ts';
import { podImages, podImagesColumns } from '../domain/pod-images.ts';
import type { Target } from '../domain/ports.ts';
import { type PodImage, pullLines, type Reach } from '../domain/pull.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { reached, reachQuestion, registriesOf } from '../domain/reach.ts';
import { patience } from './apply.ts';
import type { Api } from './health.ts';

/** A connected node, by the name the cluster has for it. */
export type NamedTarget = { readonly name: string; readonly target: Target };

/**
 * Which images in use may not come again once every start of a pod asks its registry. Asked are the cluster, for its pods, and
 * each connected node, whether the registries of its own pods answer it; nothing is pulled and nothing is changed.
 */
export async function previewImages(
  api: Api,
  nodes: readonly NamedTarget[],
): Promise<Read<readonly string[]>> {
  const question: Question = {
    kind: 'command',
    words: [...kubectlAt(api.place), 'get', 'pods', '--all-namespaces', '-o', podImagesColumns],
  };
  const answers = await api.target.ask([question], { deadlineMs: patience.ask });
  const answer = answerTo(answers, question);
  if (answer.kind !== 'said') return unread(whyNot(answer, 'the list of pods'));
  const used = podImages(answer.text);
  if (!used.known) return used;
  const reach = await Promise.all(nodes.map((node) => reachOf(node, used.value)));
  return known(pullLines(used.value, reach.flat()));
}

/** Whether the registries of a node's own pods answer it. */
async function reachOf({ name, target }: NamedTarget, used: readonly PodImage[]): Promise<readonly Reach[]> {
  const asked = registriesOf(used.filter((u) => u.node === name));
  const answers =
    asked.length > 0 ? await target.ask(asked.map(reachQuestion), { deadlineMs: patience.ask }) : new Map();
  return asked.map((registry) => ({
    node: name,
    registry,
    answers: reached(answerTo(answers, reachQuestion(registry)), registry),
  }));
}
