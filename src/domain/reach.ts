import { type Answer, whyNot } from './answer.ts';
import { registryOf } from './image.ts';
import type { PodImage, Reach } from './pull.ts';
import type { Question } from './question.ts';

/** More registries than this are not asked in one go; what was not asked counts as not known. */
const mostRegistries = 6;

/** The registries that images lead to, as far as they are asked. */
export function registriesOf(used: readonly Pick<PodImage, 'image'>[]): readonly string[] {
  const all = [...new Set(used.map((u) => registryOf(u.image)))];
  return all.flatMap((r) => (r && /^[\w.-]+(:\d+)?$/.test(r) ? [r] : [])).slice(0, mostRegistries);
}

/** Asks for the head of the registry's first page only, and no configuration of curl's own counts. */
export function reachQuestion(registry: string): Question {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  return { kind: 'command', words: ['curl', '-q', '-sS', '-I', '-m5', `https://${host}/v2/`] };
}

/** What an image is asked for by: every form in which a registry may have it, or it would say that it has none. */
const forms = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/** Asks for the head of a mirror's first page, or of one image there; `tls` is how its certificate is to be taken. */
export function mirrorQuestion(host: string, tls: readonly string[], path?: string): Question {
  const header = path === undefined ? [] : ['-H', `Accept: ${forms.join(', ')}`];
  return {
    kind: 'command',
    words: ['curl', '-q', '-sS', '-I', '-m5', ...tls, ...header, `${host}${path ?? '/v2/'}`],
  };
}

/** The last status that curl printed of an answer; undefined where there is none. */
export function statusOf(answer: Answer): string | undefined {
  return answer.kind === 'said' ? [...answer.text.matchAll(/^HTTP\/\S+ (\d{3})/gm)].at(-1)?.[1] : undefined;
}

/** What curl's exit code means: no name, no connection, no answer in time. With any other, something is there. */
export function reached(answer: Answer, registry: string): Reach['answers'] {
  if (answer.kind === 'said') return true;
  if (answer.kind !== 'failed' || answer.exit > 100) return { unknown: whyNot(answer, registry) };
  return ![5, 6, 7, 28].includes(answer.exit);
}
