import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt } from '../domain/distribution.ts';
import { registryOf } from '../domain/image.ts';
import type { Target } from '../domain/ports.ts';
import { type PodImage, pullLines, type Reach } from '../domain/pull.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { patience } from './apply.ts';
import type { Api } from './health.ts';
import { podImages, podImagesColumns } from './pod-images.ts';

/** A connected node, by the name the cluster has for it. */
export type NamedTarget = { readonly name: string; readonly target: Target };

/** More registries than this are not asked in one go; what was not asked counts as not known. */
const mostRegistries = 6;

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
  const here = used.filter((u) => u.node === name).map((u) => registryOf(u.image));
  const registries = [...new Set(here)].flatMap((r) => (r && /^[\w.-]+(:\d+)?$/.test(r) ? [r] : []));
  const asked = registries.slice(0, mostRegistries);
  const answers =
    asked.length > 0 ? await target.ask(asked.map(reachQuestion), { deadlineMs: patience.ask }) : new Map();
  return asked.map((registry) => ({
    node: name,
    registry,
    answers: reached(answerTo(answers, reachQuestion(registry)), registry),
  }));
}

/** Asks for the head of the registry's first page only, and no configuration of curl's own counts. */
function reachQuestion(registry: string): Question {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return { kind: 'command', words: ['curl', '-q', '-sS', '-I', '-m5', `https://${host}/v2/`] };
}

/** What curl's exit code means: no name, no connection, no answer in time. With any other, something is there. */
function reached(answer: Answer, registry: string): Reach['answers'] {
  if (answer.kind === 'said') return true;
  if (answer.kind !== 'failed' || answer.exit > 100) return { unknown: whyNot(answer, registry) };
  return ![5, 6, 7, 28].includes(answer.exit);
}
