import { type KnownNode, type Membership, membershipOf, otherCluster } from '../domain/cluster-members.ts';
import { readFile } from '../domain/evidence.ts';
import type { Target } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { membersIn } from '../resources/cluster-file.ts';

/** Whom making a cluster from its file would touch, or why it must not be made from there. */
export type Making =
  | { readonly kind: 'ready'; readonly file: string; readonly membership: Membership }
  | { readonly kind: 'refused'; readonly reason: string; readonly instead: string };

const patienceMs = 10_000;

/** Reads the file of a cluster as it is now, and holds the nodes that it names against those of the session. */
export async function whoseCluster(
  target: Target,
  file: string,
  nodes: readonly KnownNode[],
): Promise<Making> {
  const question: Question = { kind: 'file', path: file };
  const answers = await target.ask([question], { deadlineMs: patienceMs });
  const text = readFile(answerTo(answers, question), file);
  const members = text.known ? membersIn(text.value ?? '', file) : text;
  if (!members.known)
    return {
      kind: 'refused',
      reason: `it is not known whose cluster ${file} is: ${members.reason}`,
      instead: 'Put the file right, then ask again.',
    };
  const membership = membershipOf(members.value, nodes);
  const other = otherCluster(file, membership);
  return other ? { kind: 'refused', ...other } : { kind: 'ready', file, membership };
}

/** The nodes that would be touched and that nobody was told of before. */
export function unannounced(making: Making, told: Making | undefined): readonly string[] {
  if (making.kind === 'refused') return [];
  const before = told?.kind === 'ready' ? told.membership.strangers.map(({ name }) => name) : [];
  return making.membership.strangers.map(({ name }) => name).filter((name) => !before.includes(name));
}
