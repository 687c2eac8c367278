import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat } from '../domain/evidence.ts';
import { registryOf } from '../domain/image.ts';
import { podImages, podImagesColumns } from '../domain/pod-images.ts';
import type { Answers } from '../domain/ports.ts';
import { isOpenRegistry, type PodImage } from '../domain/pull.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { reachQuestion, registriesOf } from '../domain/reach.ts';

/** What a node is asked for its images: by which kubectl, under which name, and the folder of its tarballs. */
type Asked = { readonly kubectl: readonly string[]; readonly name: string; readonly images: string };

/** That every image in use can be had again; `vouch` is what the operator has to answer for, because nothing else shows it. */
export type ImageSource = { readonly vouch?: string };

/** What the service takes for a tarball of images. */
const tarball = /\.tar(\.(lz4|bz2|gz|zst))?$|\.(tbz|tgz|tzst)$/;

/** The containers of a node, and what lies in its folder of images. */
export function imageQuestions({
  kubectl,
  name,
  images,
}: Asked): Readonly<Record<'pods' | 'folder' | 'files', Question>> {
  const pods = ['get', 'pods', '--all-namespaces', '--field-selector', `spec.nodeName=${name}`];
  return {
    pods: { kind: 'command', words: [...kubectl, ...pods, '-o', podImagesColumns] },
    folder: { kind: 'stat', path: images },
    files: { kind: 'command', words: ['ls', '-1', '-s', '-k', '-p', '-L', images] },
  };
}

/** The registries that the images of a node lead to, once these are known. */
export function registryQuestions(asked: Asked, answers: Answers): readonly Question[] {
  const used = readUsed(asked, answers);
  return used.known ? registriesOf(used.value).map(reachQuestion) : [];
}

/** Whether every image in use on a node can be had again, or the first that cannot, with the way out. */
export function readImages(asked: Asked, answers: Answers): Read<string | ImageSource> {
  const used = readUsed(asked, answers);
  if (!used.known) return used;
  const tarballs = readTarballs(asked, answers);
  if (!tarballs.known) return tarballs;
  const lacking = lackingOf(used.value, answers);
  const [first] = lacking;
  if (first === undefined) return known(passwords(used.value));
  const [image, why] = first;
  const others = lacking.length > 1 ? `, and ${lacking.length - 1} more may not be had either` : '';
  if (tarballs.value.length === 0)
    return known(
      `${image} may not be had again: ${why}${others}. Make its registry answer this node, or lay a tarball with it into ${asked.images}`,
    );
  return known({
    vouch: `By typing the name you answer for it: ${tarballs.value.join(', ')} in ${asked.images} hold ${lacking.map(([each]) => each).join(', ')}. No registry is known to give them (${image}: ${why}).`,
  });
}

function readUsed(asked: Asked, answers: Answers): Read<readonly PodImage[]> {
  const what = `which images are in use on ${asked.name}`;
  const answer = answerTo(answers, imageQuestions(asked).pods);
  if (answer.kind !== 'said') return unread(whyNot(answer, what));
  const used = podImages(answer.text, true);
  if (!used.known) return used;
  // Every node runs some of its own; none at all means that this did not see them.
  return used.value.length > 0 ? used : unread(`${what} is not known: the cluster lists no container there`);
}

function readTarballs(asked: Asked, answers: Answers): Read<readonly string[]> {
  const { folder, files } = imageQuestions(asked);
  const stat = readStat(answerTo(answers, folder), asked.images);
  if (!stat.known) return stat;
  if (stat.value === undefined) return known([]);
  const answer = answerTo(answers, files);
  if (answer.kind !== 'said') return unread(whyNot(answer, `what lies in ${asked.images}`));
  const found = answer.text.split('\n').flatMap((line) => {
    const [, size, name = ''] = /^\s*(\d+) (.+)$/.exec(line) ?? [];
    return size !== undefined && size !== '0' && tarball.test(name) ? [name] : [];
  });
  return known(found);
}

/** The images that no registry is known to give, each once, with the reason. */
function lackingOf(used: readonly PodImage[], answers: Answers): readonly (readonly [string, string])[] {
  const lacking = new Map<string, string>();
  for (const one of used) {
    const why = reasonAgainst(one, answers);
    if (why !== undefined && !lacking.has(one.image)) lacking.set(one.image, why);
  }
  return [...lacking].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function reasonAgainst({ image, policy, id, waits = '' }: PodImage, answers: Answers): string | undefined {
  if (/^(ErrImage|ImagePull|InvalidImageName|ImageInspect|RegistryUnavailable)/.test(waits))
    return `it cannot be pulled even now (${waits})`;
  if (policy === 'Never') return 'its pull policy is Never';
  const registry = registryOf(image);
  if (registry === undefined || registry === 'localhost') return 'its name leads to no registry';
  if (id === undefined) return 'it has not started, so where it comes from is not seen';
  if (!id.includes('@')) return 'it lies on this node only; no registry is known to have given it';
  return silence(answerTo(answers, reachQuestion(registry)), registry);
}

/** Why an answer is not that of a registry, which is 200, or 401 where it wants to know who asks. */
function silence(answer: Answer, registry: string): string | undefined {
  if (answer.kind !== 'said') return whyNot(answer, `the registry ${registry}`);
  const status = [...answer.text.matchAll(/^HTTP\/\S+ (\d{3})/gm)].at(-1)?.[1];
  return status === '200' || status === '401'
    ? undefined
    : `${registry} does not answer as a registry does${status === undefined ? '' : ` (${status})`}`;
}

/** An answer is no password: what the node itself logs in with is not seen. */
function passwords(used: readonly PodImage[]): ImageSource {
  const closed = used.filter(({ image, secret }) => !secret && !isOpenRegistry(registryOf(image) ?? ''));
  const images = [...new Set(closed.map(({ image }) => image))].sort();
  return images.length === 0
    ? {}
    : {
        vouch: `By typing the name you answer for it: this node itself may pull ${images.join(', ')}, for which the pods name no password.`,
      };
}
