import { type Membership, membershipOf, otherCluster } from '../domain/cluster-members.ts';
import type { Place } from '../domain/distribution.ts';
import { readFile } from '../domain/evidence.ts';
import type { Target } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { clusterFileAt, clusterIn, membersOf, whyOtherVersion } from '../resources/cluster-file.ts';

/** Whom making a cluster from its file would touch, or why it must not be made from there. */
export type Making =
  | { readonly kind: 'ready'; readonly file: string; readonly membership: Membership }
  | { readonly kind: 'refused'; readonly reason: string; readonly instead: string };

const patienceMs = 10_000;

/** Reads the file of a cluster as it is now, and holds the nodes and the version that it names against those of the session. */
export async function whoseCluster(target: Target, file: string, place: Place): Promise<Making> {
  const question: Question = { kind: 'file', path: file };
  const answers = await target.ask([question], { deadlineMs: patienceMs });
  const text = readFile(answerTo(answers, question), file);
  const tree = text.known ? clusterIn(text.value ?? '', file) : text;
  if (!tree.known)
    return {
      kind: 'refused',
      reason: `it is not known whose cluster ${file} is: ${tree.reason}`,
      instead: 'Put the file right, then ask again.',
    };
  const membership = membershipOf(membersOf(tree.value), place.nodes ?? []);
  const whole = clusterFileAt(file, place);
  const other = otherCluster(file, membership) ?? (whole && whyOtherVersion(whole, tree.value, place));
  return other ? { kind: 'refused', ...other } : { kind: 'ready', file, membership };
}

/** The nodes that would be touched and that nobody was told of before. */
export function unannounced(making: Making, told: Making | undefined): readonly string[] {
  if (making.kind === 'refused') return [];
  const before = told?.kind === 'ready' ? told.membership.strangers.map(({ name }) => name) : [];
  return making.membership.strangers.map(({ name }) => name).filter((name) => !before.includes(name));
}
