import { known, type Read } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { readFile } from '../domain/evidence.ts';
import { registryOf } from '../domain/image.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { mirrorQuestion, statusOf } from '../domain/reach.ts';
import { type Endpoint, endpointsOf, type Mirrors, manifestPath, readMirrors } from './mirrors.ts';
import { settingQuestions, settingValue } from './settings.ts';

/** Mirrors of a node, and whether its service asks nothing else for the registries that have some. */
export type NodeMirrors = { readonly mirrors: Mirrors; readonly alone: boolean };

/** What a mirror says of an image: that it has it, that it would want to know who asks, or why it is no help. */
export type Told =
  | { readonly from: string; readonly asksWho: boolean }
  | { readonly from?: undefined; readonly why: string };

/** More than these are not asked in one go; what was not asked counts as not known. */
const most = { mirrors: 4, images: 40 };

/** What tells which mirrors a node has: its configuration, and the file that this or the profile names. */
export function mirrorFileQuestions(
  path: string | undefined,
  answers: Answers,
  place: Place,
): readonly Question[] {
  if (path === undefined) return [];
  // The usual file at once; another as soon as the configuration names one.
  return [...settingQuestions(place), fileQuestion(pathAt(path, answers, place))];
}

/** The mirrors of a node; none where there is no such file. */
export function nodeMirrors(path: string | undefined, answers: Answers, place: Place): Read<NodeMirrors> {
  if (path === undefined) return known({ mirrors: new Map(), alone: false });
  const alone = settingValue(place, answers, 'disable-default-registry-endpoint');
  if (!alone.known) return alone;
  const at = pathAt(path, answers, place);
  const text = readFile(answerTo(answers, fileQuestion(at)), at);
  if (!text.known) return text;
  const mirrors = readMirrors(text.value ?? '', at);
  return mirrors.known ? known({ mirrors: mirrors.value, alone: alone.value === 'true' }) : mirrors;
}

/** Asks whether the mirrors of these images answer, and those that do whether they have each of them. */
export function mirrorQuestions(
  { mirrors }: NodeMirrors,
  images: readonly string[],
  answers: Answers,
): readonly Question[] {
  const all = images.flatMap((image) => endpointsFor(mirrors, image)).map(pageOf);
  const pages = [...new Map(all.map((page) => [JSON.stringify(page), page])).values()].slice(0, most.mirrors);
  const heads = images.flatMap((image) =>
    endpointsFor(mirrors, image).flatMap((endpoint) =>
      answersAsRegistry(answers, pageOf(endpoint)) ? (headOf(image, endpoint) ?? []) : [],
    ),
  );
  return [...pages, ...heads.slice(0, most.images)];
}

/** What the mirrors of an image say of it: the first that has it, else the first that wants to know who asks; undefined where it has none. */
export function toldByMirrors({ mirrors }: NodeMirrors, image: string, answers: Answers): Told | undefined {
  const told = endpointsFor(mirrors, image).map((endpoint) => toldBy(endpoint, image, answers));
  return (
    told.find((each) => each.from !== undefined && !each.asksWho) ??
    told.find((each) => each.from !== undefined) ??
    told[0]
  );
}

function toldBy(endpoint: Endpoint, image: string, answers: Answers): Told {
  const { host } = endpoint;
  if (!answersAsRegistry(answers, pageOf(endpoint))) return { why: `its mirror ${host} does not answer` };
  const head = headOf(image, endpoint);
  const status = head && statusOf(answerTo(answers, head));
  if (status === '200') return { from: host, asksWho: false };
  if (status === '401') return { from: host, asksWho: true };
  return {
    why:
      status === '404'
        ? `its mirror ${host} does not have it`
        : `its mirror ${host} does not say whether it has it`,
  };
}

function endpointsFor(mirrors: Mirrors, image: string): readonly Endpoint[] {
  const registry = registryOf(image);
  return registry === undefined ? [] : endpointsOf(mirrors, registry);
}

function pageOf({ host, tls }: Endpoint): Question {
  return mirrorQuestion(host, tls);
}

function headOf(image: string, endpoint: Endpoint): Question | undefined {
  const path = manifestPath(image, endpoint);
  return path === undefined ? undefined : mirrorQuestion(endpoint.host, endpoint.tls, path);
}

function answersAsRegistry(answers: Answers, page: Question): boolean {
  return ['200', '401'].includes(statusOf(answerTo(answers, page)) ?? '');
}

function pathAt(path: string, answers: Answers, place: Place): string {
  const moved = settingValue(place, answers, 'private-registry');
  return (moved.known ? moved.value : undefined) ?? path;
}

function fileQuestion(path: string): Question {
  return { kind: 'file', path };
}
