import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { type Place, unitAt } from '../domain/distribution.ts';
import { readObject, readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { type ImageSource, imageQuestions, readImages, registryQuestions } from './rebuild-images.ts';
import { mirrorFileQuestions, nodeMirrors } from './rebuild-mirrors.ts';
import { enoughRoom, roomQuestions } from './rebuild-room.ts';
import { othersEnough, serverQuestions } from './rebuild-servers.ts';
import { treeSteps, valueAt } from './tree.ts';
import { absolutePath, commandWords, oneWord } from './values.ts';
import { refused } from './write.ts';

/** How a node makes its containers anew: the store is moved aside while nothing of the node runs. */
export const rebuildSchema = z.strictObject({
  /** The folder that is moved aside. */
  store: absolutePath,
  /** The command that ends what the service leaves running. */
  end: commandWords,
  /** First words of kubectl with the kubelet's own rights, by which a node looks at itself. */
  kubectl: z.array(oneWord).min(1).readonly(),
  /** Where the service reads images from, when they lie there as tarballs. */
  images: absolutePath,
  /** The file that names mirrors of registries, where the configuration names no other. */
  mirrors: absolutePath.optional(),
});

/** How a store is made anew, as a control says it. */
export type Rebuild = z.infer<typeof rebuildSchema>;

/** What must hold before: where the images come from again, or why nothing may be begun. */
export type Gates = { readonly aside: boolean; readonly stands: Read<string | ImageSource> };

/** What tells whether it was begun already. */
export function asideQuestion({ store }: Rebuild, place: Place): Question {
  return { kind: 'stat', path: asideOf(store, place) };
}

/** What is asked before the way is planned; a store is measured and registries are asked only for a node out of service. */
export function rebuildQuestions(rebuild: Rebuild, answers: Answers, place: Place): readonly Question[] {
  const node = nodeQuestion(rebuild, place);
  if (answerTo(answers, node).kind === 'lost') return [node];
  const free = outOfService(rebuild, answers, place);
  if (!free.known || free.value !== undefined) return [node];
  const images = imagesOf(rebuild, answers, place);
  return [
    node,
    ...mirrorFileQuestions(rebuild.mirrors, answers, place),
    ...serverQuestions(place),
    ...Object.values(roomQuestions(rebuild.store)),
    ...Object.values(imageQuestions(images)),
    ...registryQuestions(images, answers),
  ];
}

/** What stands in the way, if anything; whatever was not answered does. */
export function readGates(rebuild: Rebuild, answers: Answers, place: Place): Read<Gates> {
  const aside = readStat(answerTo(answers, asideQuestion(rebuild, place)), asideOf(rebuild.store, place));
  if (!aside.known) return aside;
  return known({ aside: aside.value !== undefined, stands: standing(rebuild, answers, place) });
}

function standing(rebuild: Rebuild, answers: Answers, place: Place): Gates['stands'] {
  const gates = [
    () => outOfService(rebuild, answers, place),
    () => othersEnough(answers, place, nameOf(place)),
    () => enoughRoom(answers, rebuild.store),
  ];
  for (const gate of gates) {
    const read = gate();
    if (!read.known) return read;
    if (read.value !== undefined) return known(read.value);
  }
  return readImages(imagesOf(rebuild, answers, place), answers);
}

function imagesOf({ kubectl, images, mirrors }: Rebuild, answers: Answers, place: Place) {
  return { kubectl, images, name: nameOf(place), mirrors: nodeMirrors(mirrors, answers, place) };
}

/** The steps, or why not now. The service itself is started as after any change, and watched. */
export function planRebuild({ store, end }: Rebuild, { aside, stands }: Gates, place: Place): Plan {
  const to = asideOf(store, place);
  const unit = unitAt(place);
  if (!stands.known)
    return refused(stands.reason, 'Nothing is begun while that is not known. Put it right, then ask again.');
  if (typeof stands.value === 'string') return refused(stands.value, 'Put that right first, then ask again.');
  if (aside)
    return refused(
      `${to} is there already, from an earlier time`,
      'Look whether it is still needed, and move or remove it yourself.',
    );
  const stop = ['systemctl', 'stop', unit];
  const steps: readonly Step[] = [
    {
      kind: 'run',
      words: stop,
      why: 'its containers run on until the next step',
      known: `The images come again from ${stands.value.from}.`,
      ...(stands.value.vouch ? { vouch: stands.value.vouch } : {}),
      undo: [['systemctl', 'start', '--no-block', unit]],
    },
    { kind: 'run', words: end, why: 'what it ends is made anew when the service starts' },
    { kind: 'move-folder', path: store, to },
    {
      kind: 'run',
      words: ['sync', store.replace(/\/[^/]*$/, '')],
      why: 'the way back begins with the service at rest',
      undo: [stop, end],
    },
  ];
  return { kind: 'steps', steps, restarts: true };
}

/** Where the store goes: each session has a name of its own for it. */
export function asideOf(store: string, { session }: Place): string {
  return session === undefined ? `${store}.bad` : `${store}.bad-${session}`;
}

function nameOf({ nodeName, node }: Place): string {
  return nodeName ?? node;
}

function nodeQuestion({ kubectl }: Rebuild, place: Place): Question {
  return { kind: 'object', kubectl, get: ['node', nameOf(place)] };
}

function outOfService(rebuild: Rebuild, answers: Answers, place: Place): Read<string | undefined> {
  const name = nameOf(place);
  const read = readObject(answerTo(answers, nodeQuestion(rebuild, place)), `the node ${name}`);
  if (!read.known) return read;
  if (read.value === undefined) return unread(`the cluster does not know a node called ${name}`);
  if (typeof valueAt(read.value, treeSteps('metadata.name')) !== 'string')
    return unread(`what the cluster says of ${name} is not a node`);
  return known(
    valueAt(read.value, treeSteps('spec.unschedulable')) === true
      ? undefined
      : `${name} is in service; take it out on a server with kubectl cordon ${name}, then empty it by the check for nodes out of service`,
  );
}
