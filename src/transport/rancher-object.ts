import { whyNot } from '../domain/answer.ts';
import {
  collectionOf,
  type RancherRequest,
  type RancherStep,
  requestBack,
  requestOf,
} from '../domain/rancher.ts';
import { answerPath, readTree, replyAnswer } from './rancher-answers.ts';
import type { RancherServer } from './rancher-server.ts';

type Tree = { readonly [field: string]: unknown };

/** What a look at the object of a step showed. */
export type Seen =
  | { readonly kind: 'there'; readonly tree: Tree }
  /** `going`: it is being removed, and may still stand in lists. */
  | { readonly kind: 'gone'; readonly going: boolean }
  | { readonly kind: 'unseen'; readonly reason: string };

/** How a request ended, by a look afterwards; `unknown` where there could be none. */
export type Sent =
  | { readonly kind: 'done'; readonly note?: string }
  | { readonly kind: 'failed' | 'unknown'; readonly reason: string };

/** Looks at the object of a step. */
export async function look(step: RancherStep, server: RancherServer): Promise<Seen> {
  const answer = await answerPath(server, step.path, undefined);
  if (answer.kind === 'absent') return { kind: 'gone', going: false };
  if (answer.kind !== 'said') return { kind: 'unseen', reason: whyNot(answer, step.path) };
  const tree = readTree(answer.text) ?? {};
  // What is empty or false may be left out, so that any other JSON would look like an object in which it is.
  if (tree.id !== step.path.slice(collectionOf(step).length + 1))
    return { kind: 'unseen', reason: 'what came is another object' };
  return isGoing(tree) ? { kind: 'gone', going: true } : { kind: 'there', tree };
}

/** What is being removed still answers for a while. */
function isGoing(tree: Tree): boolean {
  return tree.state === 'removing' || (typeof tree.removed === 'string' && tree.removed !== '');
}

/** Whether the object is as it was before the step. */
export function isBefore(step: RancherStep, seen: Seen): boolean {
  return seen.kind === 'there' && holds(seen.tree, step.before);
}

/** Whether the object is as the step leaves it. */
export function isAfter(step: RancherStep, seen: Seen): boolean {
  return step.does === 'remove'
    ? seen.kind === 'gone'
    : seen.kind === 'there' && holds(seen.tree, step.after);
}

/** Sends a step, and looks what came of it, whatever the reply was. */
export async function sendStep(step: RancherStep, server: RancherServer): Promise<Sent> {
  const reason = await whyNotDone(requestOf(step), server);
  const seen = await lookUntilGone(step, server);
  if (seen.kind === 'unseen') return { kind: 'unknown', reason: reason ?? seen.reason };
  if (isAfter(step, seen)) return { kind: 'done' };
  return { kind: 'failed', reason: reason ?? 'the server said that it was done, but it is not' };
}

/** So often, and at such intervals, is looked whether what is being removed is gone: until then lists still hold it. */
const looks = 20;
const intervalMs = 250;

async function lookUntilGone(step: RancherStep, server: RancherServer): Promise<Seen> {
  let seen = await look(step, server);
  for (let n = 1; n < looks && seen.kind === 'gone' && seen.going; n++) {
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
    seen = await look(step, server);
  }
  return seen;
}

/** Sends what takes a step back, unless nothing of it is left, or, without `force`, somebody else changed the object since. */
export async function sendBack(step: RancherStep, force: boolean, server: RancherServer): Promise<Sent> {
  const seen = await look(step, server);
  if (seen.kind === 'unseen') return { kind: 'unknown', reason: seen.reason };
  if (isBefore(step, seen)) return { kind: 'done' };
  if (!force && !isAfter(step, seen))
    return { kind: 'done', note: `${step.title} was changed by somebody else, and is left as they made it.` };
  if (step.does === 'remove') return makeAnew(step, server);
  if (seen.kind === 'gone') return { kind: 'failed', reason: 'somebody has removed it since' };
  const reason = await whyNotDone(requestBack(step), server);
  const now = await look(step, server);
  if (now.kind === 'unseen') return { kind: 'unknown', reason: reason ?? now.reason };
  if (isBefore(step, now)) return { kind: 'done' };
  return { kind: 'failed', reason: reason ?? 'the server said that it was done, but it is not' };
}

/** Makes anew what was removed, unless it is there again; the server gives it another id. */
async function makeAnew(step: RancherStep, server: RancherServer): Promise<Sent> {
  const there = await alike(step, server);
  if (there.kind === 'unseen') return { kind: 'unknown', reason: there.reason };
  if (there.id !== undefined)
    return { kind: 'done', note: `${step.title} is there already, as ${there.id}.` };
  const reason = await whyNotDone(requestBack(step), server);
  const now = await alike(step, server);
  if (now.kind === 'unseen') return { kind: 'unknown', reason: reason ?? now.reason };
  return now.id === undefined
    ? { kind: 'failed', reason: reason ?? 'the server said that it was made, but it is not there' }
    : { kind: 'done', note: `${step.title} is there again, under the new id ${now.id}.` };
}

/** The id of an object with the very same fields. */
async function alike(
  step: RancherStep,
  server: RancherServer,
): Promise<{ readonly kind: 'seen'; readonly id: string | undefined } | Extract<Seen, { kind: 'unseen' }>> {
  const path = collectionOf(step);
  const answer = await answerPath(server, path, undefined);
  if (answer.kind !== 'said') return { kind: 'unseen', reason: whyNot(answer, path) };
  const data = readTree(answer.text)?.data;
  if (!Array.isArray(data)) return { kind: 'unseen', reason: `${path} is not a list on this server` };
  const gone = step.path.slice(path.length + 1);
  const same = (data as readonly (Tree | null)[]).find(
    (tree) => tree !== null && tree.id !== gone && !isGoing(tree) && holds(tree, step.before),
  );
  return { kind: 'seen', id: same?.id === undefined ? undefined : String(same.id) };
}

async function whyNotDone(request: RancherRequest, server: RancherServer): Promise<string | undefined> {
  const reply = await server.send(request);
  if (reply.kind === 'reply' && reply.status >= 200 && reply.status < 300) return undefined;
  const answer = replyAnswer(reply);
  return answer.kind === 'lost' ? answer.reason : whyNot(answer, request.path);
}

/** Whether an object has these fields; what is empty or false, a server may leave out. */
function holds(tree: Tree, fields: string): boolean {
  return Object.entries(JSON.parse(fields) as Tree).every(([field, value]) =>
    value === '' || value === false
      ? [value, undefined, null].includes(tree[field] as undefined)
      : tree[field] === value,
  );
}
