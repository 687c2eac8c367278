import type { Profile } from '../domain/control.ts';
import type { Distribution, Place } from '../domain/distribution.ts';
import type { NodeAddress, NodeFacts } from '../domain/event.ts';
import { fail, ok, type Result } from '../domain/failure.ts';
import type { Answerer, Answers, Connector, Privilege, Target } from '../domain/ports.ts';
import type { Question } from '../domain/question.ts';
import { detect, detectionQuestions } from './detect.ts';
import { placeOf } from './place.ts';

/** A node that is connected and known: where to ask, what it is, and what it has answered already. */
export type Link = {
  readonly target: Target;
  readonly place: Place;
  readonly facts: NodeFacts;
  readonly answers: Answers;
};

/** How connecting is done; `extra` questions ride along in the same round trip. */
export type ConnectOptions = {
  readonly connector: Connector;
  readonly profile: Profile;
  /** Distributions to look for where that of the profile is not found. */
  readonly others?: readonly Distribution[];
  readonly readOnly: boolean;
  readonly answerer: Answerer;
  readonly connectMs: number;
  readonly askMs: number;
  readonly extra: readonly Question[];
  readonly onAnswer?: (done: number, of: number) => void;
  readonly signal?: AbortSignal;
};

/** Connects to one node and finds out what it is, in one round trip after the handshake. */
export async function connectNode(node: NodeAddress, options: ConnectOptions): Promise<Result<Link>> {
  const { distribution } = options.profile;
  const opened = await options.connector.connect(node, {
    readOnly: options.readOnly,
    deadlineMs: options.connectMs,
    answerer: options.answerer,
    ...(options.signal ? { signal: options.signal } : {}),
  });
  if (!opened.ok) return opened;
  const { target, privilege } = opened.value;
  const answers = await target.ask([...detectionQuestions(distribution), ...options.extra], {
    deadlineMs: options.askMs,
    ...(options.onAnswer ? { onAnswer: options.onAnswer } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const facts = detect(distribution, answers, privilege, node.role);
  if (!facts.known) {
    await target.close();
    return fail({ code: 'link-lost', node: node.name, message: facts.reason });
  }
  const place = placeOf(distribution, node.name, facts.value);
  const others = (options.others ?? []).filter((other) => other.id !== distribution.id);
  if (facts.value.version !== undefined || others.length === 0)
    return ok({ target, facts: facts.value, place, answers });
  const instead = await foundInstead(target, others, privilege, options);
  return ok({ target, facts: { ...facts.value, ...(instead ? { instead } : {}) }, place, answers });
}

/** Which of these a node runs; asked only where what was looked for is not there. */
async function foundInstead(
  target: Target,
  others: readonly Distribution[],
  privilege: Privilege,
  { askMs, signal }: ConnectOptions,
): Promise<NodeFacts['instead']> {
  const answers = await target.ask(others.flatMap(detectionQuestions), {
    deadlineMs: askMs,
    ...(signal ? { signal } : {}),
  });
  for (const other of others) {
    const facts = detect(other, answers, privilege, undefined);
    const version = facts.known ? facts.value.version : undefined;
    if (version !== undefined) return { distribution: other.id, title: other.title, version };
  }
  return undefined;
}
