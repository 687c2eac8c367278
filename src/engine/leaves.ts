import { known, type Read, unread } from '../domain/answer.ts';
import type { Control, Leaving } from '../domain/control.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { readObject } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question, questionKey, type Words } from '../domain/question.ts';

import { nested, valueAt } from '../resources/tree.ts';

type Json = { readonly [key: string]: unknown };

/** What must be asked, besides the control's own questions, to know what its change will leave in the cluster. */
export function leavingQuestions(control: Control, place: Place): readonly Question[] {
  const questions = leavingsAt(control, place).map((leaving) => questionFor(leaving, place));
  return [...new Map(questions.map((q) => [questionKey(q), q])).values()];
}

/** The commands that put the cluster back to how the answers show it; unknown when one of them did not arrive. */
export function takingBack(
  leavings: readonly Leaving[],
  place: Place,
  answers: Answers,
): Read<readonly Words[]> {
  const commands: Words[] = [];
  for (const leaving of leavings) {
    const read = readObject(answerTo(answers, questionFor(leaving, place)), leaving.list.join(' '));
    if (!read.known) return read;
    const items = (read.value as { items?: unknown } | null | undefined)?.items ?? [];
    if (!Array.isArray(items) || !items.every(isObject))
      return unread(`${leaving.list.join(' ')} is not as the API lists it`);
    const command = commandFor(
      leaving,
      items.find((item) => isMeant(item, leaving)),
      place,
    );
    if (command) commands.push(command);
  }
  return known(commands);
}

function leavingsAt(control: Control, place: Place): readonly Leaving[] {
  return (control.first ?? [])
    .filter((first) => first.roles.some((role) => place.roles.includes(role)))
    .flatMap((first) => first.leaves ?? []);
}

function questionFor(leaving: Leaving, place: Place): Question {
  return { kind: 'object', kubectl: kubectlAt(place), get: leaving.list };
}

function isObject(item: unknown): item is Json {
  return typeof item === 'object' && item !== null && typeof (item as Json).metadata === 'object';
}

function isMeant(item: Json, { name, namespace }: Leaving): boolean {
  const metadata = item.metadata as Json | null | undefined;
  return metadata?.name === name && (namespace === undefined || metadata.namespace === namespace);
}

function commandFor(leaving: Leaving, item: Json | undefined, place: Place): Words | undefined {
  const kubectl = kubectlAt(place);
  const object = [
    leaving.list[0] ?? '',
    leaving.name,
    ...(leaving.namespace ? ['-n', leaving.namespace] : []),
  ];
  if (leaving.at) {
    // An object that is not there now has no value to go back to.
    if (!item) return undefined;
    return [
      ...kubectl,
      'patch',
      ...object,
      '--type',
      'merge',
      '-p',
      JSON.stringify(nested(leaving.at, valueAt(item, leaving.at) ?? null)),
    ];
  }
  if (!item) return [...kubectl, 'delete', ...object, '--ignore-not-found'];
  // Somebody's own object under that name: the service replaces it, so undo lays it down again as it was.
  return [
    'sh',
    '-c',
    `printf %s "$1" | { shift; "$@"; }`,
    'sh',
    JSON.stringify(asManifest(item)),
    ...kubectl,
    'apply',
    '-f',
    '-',
  ];
}

function asManifest({ status: _, ...item }: Json): Json {
  const {
    uid: _u,
    resourceVersion: _r,
    creationTimestamp: _c,
    generation: _g,
    managedFields: _m,
    ...metadata
  } = item.metadata as Json;
  return { ...item, metadata };
}
