import * as z from 'zod';
import { type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt, type Place, unitAt } from '../domain/distribution.ts';
import { readObject, readStat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { type Item, readItems } from './object-list.ts';
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
  /** So many GiB must be free for what is made anew beside it. */
  room: z.number().int().min(1),
});

/** How a store is made anew, as a control says it. */
export type Rebuild = z.infer<typeof rebuildSchema>;

/** What must hold before: each with the reason why it does not, undefined when it does. */
export type Gates = { readonly aside: boolean; readonly stands: Read<string | undefined> };

type Questions = Readonly<Record<'node' | 'room' | 'aside', Question>> & { readonly servers?: Question };

function questions({ store, kubectl }: Rebuild, place: Place): Questions {
  const node: Question = { kind: 'object', kubectl, get: ['node', nameOf(place)] };
  const room: Question = {
    kind: 'command',
    words: ['df', '-k', '--output=avail', store.replace(/\/[^/]*$/, '')],
  };
  const aside: Question = { kind: 'stat', path: asideOf(store, place) };
  if (!isServer(place)) return { node, room, aside };
  return { node, room, aside, servers: { kind: 'object', kubectl: kubectlAt(place), get: ['nodes'] } };
}

/** What is asked so that the way may be planned. */
export function rebuildQuestions(rebuild: Rebuild, place: Place): readonly Question[] {
  return Object.values(questions(rebuild, place));
}

/** What stands in the way, if anything; whatever was not answered does. */
export function readGates(rebuild: Rebuild, answers: Answers, place: Place): Read<Gates> {
  const asked = questions(rebuild, place);
  const aside = readStat(answerTo(answers, asked.aside), asideOf(rebuild.store, place));
  if (!aside.known) return aside;
  const gates = [
    () => outOfService(answers, asked, place),
    () => otherServers(answers, asked, place),
    () => enoughRoom(answers, asked, rebuild),
  ];
  let stands: Read<string | undefined> = { known: true, value: undefined };
  for (const gate of gates) {
    stands = gate();
    if (!stands.known || stands.value !== undefined) break;
  }
  return { known: true, value: { aside: aside.value !== undefined, stands } };
}

/** The steps, or why not now. The service itself is started as after any change, and watched. */
export function planRebuild({ store, end }: Rebuild, { aside, stands }: Gates, place: Place): Plan {
  const to = asideOf(store, place);
  const unit = unitAt(place);
  if (!stands.known)
    return refused(stands.reason, 'Nothing is begun while that is not known. Put it right, then ask again.');
  if (stands.value !== undefined) return refused(stands.value, 'Put that right first, then ask again.');
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

function isServer({ roles }: Place): boolean {
  return roles.includes('server') || roles.includes('etcd');
}

function outOfService(answers: Answers, { node }: Questions, place: Place): Read<string | undefined> {
  const name = nameOf(place);
  const read = readObject(answerTo(answers, node), `the node ${name}`);
  if (!read.known) return read;
  if (read.value === undefined) return unread(`the cluster does not know a node called ${name}`);
  if (typeof valueAt(read.value, treeSteps('metadata.name')) !== 'string')
    return unread(`what the cluster says of ${name} is not a node`);
  return {
    known: true,
    value:
      valueAt(read.value, treeSteps('spec.unschedulable')) === true
        ? undefined
        : `${name} is in service; take it out on a server with kubectl cordon ${name}, then empty it by the check for nodes out of service`,
  };
}

/** Without this server the others must be enough for etcd. */
function otherServers(answers: Answers, { servers }: Questions, place: Place): Read<string | undefined> {
  if (!servers) return { known: true, value: undefined };
  const read = readItems(answerTo(answers, servers), 'the list of nodes');
  if (!read.known) return read;
  const all = read.value.filter(isServerNode);
  const others = all.filter((item) => item.name !== nameOf(place));
  const sick = others.filter((item) => !isReady(item));
  const value =
    others.length === all.length
      ? `the cluster lists no server called ${nameOf(place)}`
      : all.length < 3
        ? `of ${all.length} servers none can be spared; without this one etcd has no majority`
        : sick.length > 0
          ? `${sick.map((item) => item.name).join(', ')} is not Ready; without this server too etcd could lose its majority`
          : undefined;
  return { known: true, value };
}

function enoughRoom(
  answers: Answers,
  { room }: Questions,
  { store, room: gib }: Rebuild,
): Read<string | undefined> {
  const answer = answerTo(answers, room);
  if (answer.kind !== 'said') return unread(whyNot(answer, `the room beside ${store}`));
  const free = Number(/^\s*(\d+)\s*$/m.exec(answer.text)?.[1] ?? Number.NaN);
  if (Number.isNaN(free)) return unread(`df said nothing of the room beside ${store}`);
  const has = Math.floor(free / 1024 / 1024);
  return {
    known: true,
    value:
      has >= gib
        ? undefined
        : `only ${has} GiB are free beside ${store}, and ${gib} are needed for what is made anew`,
  };
}

function isServerNode({ tree }: Item): boolean {
  const labels = valueAt(tree, ['metadata', 'labels']);
  return Object.keys((labels ?? {}) as object).some((label) =>
    /^node-role\.kubernetes\.io\/(control-plane|etcd|master)$/.test(label),
  );
}

function isReady({ tree }: Item): boolean {
  const conditions = valueAt(tree, treeSteps('status.conditions'));
  return (
    Array.isArray(conditions) &&
    conditions.some((c) => valueAt(c, ['type']) === 'Ready' && valueAt(c, ['status']) === 'True')
  );
}
