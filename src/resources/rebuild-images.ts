import { type Answer, known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat } from '../domain/evidence.ts';
import { registryOf } from '../domain/image.ts';
import { podImages, podImagesColumns } from '../domain/pod-images.ts';
import type { Answers } from '../domain/ports.ts';
import { isOpenRegistry, type PodImage } from '../domain/pull.ts';
import { answerTo, type Question, questionKey } from '../domain/question.ts';
import { reachQuestion, registriesOf, statusOf } from '../domain/reach.ts';
import { mirrorQuestions, type NodeMirrors, toldByMirrors } from './rebuild-mirrors.ts';

/** What a node is asked for its images: by which kubectl, under which name, the folder of its tarballs, and its mirrors. */
type Asked = {
  readonly kubectl: readonly string[];
  readonly name: string;
  readonly images: string;
  readonly mirrors: Read<NodeMirrors>;
};

/** That every image in use can be had again, and from where; `vouch` is what the operator has to answer for, because nothing else shows it. */
export type ImageSource = { readonly from: string; readonly vouch?: string };

/** What the service takes for a tarball of images. */
const tarball = /\.tar(\.(lz4|bz2|gz|zst))?$|\.(tbz|tgz|tzst)$/;

/** The containers of a node, and what lies in its folder of images. */
export function imageQuestions({
  kubectl,
  name,
  images,
}: Omit<Asked, 'mirrors'>): Readonly<Record<'pods' | 'folder' | 'files', Question>> {
  const pods = ['get', 'pods', '--all-namespaces', '--field-selector', `spec.nodeName=${name}`];
  return {
    pods: { kind: 'command', words: [...kubectl, ...pods, '-o', podImagesColumns] },
    folder: { kind: 'stat', path: images },
    files: { kind: 'command', words: ['ls', '-1', '-s', '-k', '-p', '-L', images] },
  };
}

/** The registries that the images of a node lead to, once these are known, and the mirrors of those that do not answer. */
export function registryQuestions(asked: Asked, answers: Answers): readonly Question[] {
  const used = readUsed(asked, answers);
  if (!used.known) return [];
  const registries = registriesOf(used.value).map(reachQuestion);
  if (!asked.mirrors.known || registries.some((each) => isUnasked(answers, each))) return registries;
  const { value } = asked.mirrors;
  const lost = used.value.filter((one) => isNotPulled(one) === undefined && silenceOf(one, value, answers));
  const images = [...new Set(lost.map(({ image }) => image))].sort();
  return [...registries, ...mirrorQuestions(value, images, answers)];
}

/** Whether every image in use on a node can be had again, or the first that cannot, with the way out. */
export function readImages(asked: Asked, answers: Answers): Read<string | ImageSource> {
  const used = readUsed(asked, answers);
  if (!used.known) return used;
  if (!asked.mirrors.known) return unread(`the mirrors of this node are not known: ${asked.mirrors.reason}`);
  const tarballs = readTarballs(asked, answers);
  if (!tarballs.known) return tarballs;
  const { value } = asked.mirrors;
  const origins = new Map(
    used.value
      .toSorted((a, b) => (a.image < b.image ? -1 : 1))
      .map((one) => [one.image, worstOf(used.value, one.image, value, answers)] as const),
  );
  const lacking = [...origins].flatMap(([image, { why }]) =>
    why === undefined ? [] : [[image, why] as const],
  );
  const [first] = lacking;
  const [image, why] = first ?? [];
  const others = lacking.length > 1 ? `, and ${lacking.length - 1} more may not be had either` : '';
  if (first && tarballs.value.length === 0)
    return known(
      `${image} may not be had again: ${why}${others}. Make its registry answer this node, or lay a tarball with it into ${asked.images}`,
    );
  const laid = first
    ? `${tarballs.value.join(', ')} in ${asked.images} hold ${lacking.map(([each]) => each).join(', ')}. No registry is known to give them (${image}: ${why}).`
    : '';
  const vouches = [laid, passwords(used.value, origins), logins(origins)].filter((each) => each !== '');
  return known({
    from: fromWhere(origins, asked.images),
    ...(vouches.length === 0 ? {} : { vouch: `By typing the name you answer for it: ${vouches.join(' ')}` }),
  });
}

/** Where an image comes from again, or why that is not known. */
type Origin =
  | { readonly from: string; readonly asksWho?: boolean; readonly why?: undefined }
  | { readonly from?: undefined; readonly asksWho?: undefined; readonly why: string };

/** Of several containers of one image, one that cannot have it tells. */
function worstOf(used: readonly PodImage[], image: string, mirrors: NodeMirrors, answers: Answers): Origin {
  const origins = used.filter((one) => one.image === image).map((one) => originOf(one, mirrors, answers));
  return origins.find(({ why }) => why !== undefined) ?? origins[0] ?? { why: 'no container runs it' };
}

function originOf(one: PodImage, mirrors: NodeMirrors, answers: Answers): Origin {
  const not = isNotPulled(one);
  if (not !== undefined) return { why: not };
  const silent = silenceOf(one, mirrors, answers);
  if (silent === undefined) return { from: registryOf(one.image) ?? '' };
  const told = toldByMirrors(mirrors, one.image, answers);
  if (told?.from !== undefined) return { from: `the mirror ${told.from}`, asksWho: told.asksWho };
  return { why: told ? `${silent}, and ${told.why}` : silent };
}

/** The images by where they come from, in words. */
function fromWhere(origins: ReadonlyMap<string, Origin>, folder: string): string {
  const places = [...new Set([...origins.values()].map(({ from }) => from))].sort();
  const of = (place: string | undefined) =>
    [...origins].flatMap(([image, { from }]) => (from === place ? [image] : [])).join(', ');
  return places.map((place) => `${place ?? `tarballs in ${folder}`}: ${of(place)}`).join('; ');
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

/** Why no registry could give an image that is in use, whichever answers. */
function isNotPulled({ image, policy, id, waits = '' }: PodImage): string | undefined {
  if (/^(ErrImage|ImagePull|InvalidImageName|ImageInspect|RegistryUnavailable)/.test(waits))
    return `it cannot be pulled even now (${waits})`;
  if (policy === 'Never') return 'its pull policy is Never';
  const registry = registryOf(image);
  if (registry === undefined || registry === 'localhost') return 'its name leads to no registry';
  if (id === undefined) return 'it has not started, so where it comes from is not seen';
  return id.includes('@') ? undefined : 'it lies on this node only; no registry is known to have given it';
}

/** Why its own registry does not give an image: its service does not ask it, or it does not answer. */
function silenceOf(
  { image }: PodImage,
  { mirrors, alone }: NodeMirrors,
  answers: Answers,
): string | undefined {
  const registry = registryOf(image) ?? '';
  if (alone && (mirrors.has(registry) || mirrors.has('*')))
    return `${registry} itself is not asked (disable-default-registry-endpoint)`;
  return silence(answerTo(answers, reachQuestion(registry)), registry);
}

function isUnasked(answers: Answers, question: Question): boolean {
  return !answers.has(questionKey(question));
}

/** Why an answer is not that of a registry, which is 200, or 401 where it wants to know who asks. */
function silence(answer: Answer, registry: string): string | undefined {
  if (answer.kind !== 'said') return whyNot(answer, `the registry ${registry}`);
  const status = statusOf(answer);
  return status === '200' || status === '401'
    ? undefined
    : `${registry} does not answer as a registry does${status === undefined ? '' : ` (${status})`}`;
}

/** An answer is no password: what the node itself logs in with is not seen. */
function passwords(used: readonly PodImage[], origins: ReadonlyMap<string, Origin>): string {
  const closed = used.filter(
    ({ image, secret }) =>
      !secret && !isOpenRegistry(registryOf(image) ?? '') && origins.get(image)?.from === registryOf(image),
  );
  const images = [...new Set(closed.map(({ image }) => image))].sort();
  return images.length === 0
    ? ''
    : `this node itself may pull ${images.join(', ')}, for which the pods name no password.`;
}

function logins(origins: ReadonlyMap<string, Origin>): string {
  const asking = [...origins].filter(([, { asksWho }]) => asksWho);
  const mirrors = [...new Set(asking.map(([, { from }]) => from))].join(', ');
  return asking.length === 0
    ? ''
    : `this node itself may log in to ${mirrors}, which then gives ${asking.map(([image]) => image).join(', ')}.`;
}
