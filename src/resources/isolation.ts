import { known, type Read } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';
import type { Plan } from '../domain/resource.ts';
import { areOpen, isHeld, isHeldAnyhow, type Labels, selects } from './network-policy.ts';
import { foundList, type Item, readItems } from './object-list.ts';
import { podLabelsQuestion, readPodLabels } from './pod-labels.ts';
import { valueAt } from './tree.ts';
import { refused } from './write.ts';

/** What the network policies of the namespaces are worth to the pods in them. */
export type Isolation = {
  readonly total: number;
  /** Namespaces without any policy. */
  readonly bare: readonly string[];
  /** Namespaces whose policies hold nothing back from any pod, each with why. */
  readonly paper: readonly string[];
  /** Namespaces with policies and no pod that they could hold. */
  readonly empty: readonly string[];
  /** Namespaces some of whose pods nothing holds, each with how many. */
  readonly partly: readonly string[];
  /** Namespaces that only their pods could tell of, and why those are not known. */
  readonly unsure: readonly string[];
  readonly reason: string;
};

function lists(place: Place) {
  const kubectl = kubectlAt(place);
  return {
    namespaces: { kind: 'object', kubectl, get: ['namespaces'] },
    policies: { kind: 'object', kubectl, get: ['networkpolicies', '-A'] },
  } as const;
}

/** What is asked: the namespaces, the policies, and a line for each pod. */
export function isolationQuestions(place: Place) {
  return [...Object.values(lists(place)), podLabelsQuestion(place)];
}

/** Which namespaces are meant: all but some, or some alone. */
export type Meant = {
  readonly ignoreNamespaces?: readonly string[] | undefined;
  readonly onlyNamespaces?: readonly string[] | undefined;
};

/** Reads the answers to `isolationQuestions`; namespaces on their way out do not count. */
export function readIsolation(meant: Meant, answers: Answers, place: Place): Read<Isolation> {
  const isMeant = (name: string): boolean =>
    !meant.ignoreNamespaces?.includes(name) && (meant.onlyNamespaces?.includes(name) ?? true);
  const asked = lists(place);
  const all = readItems(answerTo(answers, asked.namespaces), 'namespaces');
  if (!all.known) return all;
  const policies = readItems(answerTo(answers, asked.policies), 'networkpolicies');
  if (!policies.known) return policies;
  const pods = readPodLabels(answers, place);
  const rows = all.value
    .filter((n) => valueAt(n.tree, ['status', 'phase']) !== 'Terminating' && isMeant(n.name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name }) => {
      const own = pods.known
        ? pods.value.filter((p) => p.namespace === name).map((p) => p.labels)
        : undefined;
      return worth(name, of(policies.value, name), own);
    });
  const named = (kind: Worth['kind']) => rows.flatMap((row) => (row.kind === kind ? [row.words] : []));
  return known({
    total: rows.length,
    bare: named('bare'),
    paper: named('paper'),
    empty: named('empty'),
    partly: named('partly'),
    unsure: named('unsure'),
    reason: pods.known ? '' : pods.reason,
  });
}

/** What passes the count of a benchmark and is to be read nevertheless, to be put behind it. */
export function besides({ empty, partly }: Isolation): string {
  return [
    ...(partly.length > 0 ? [`, some of whose pods nothing holds: ${foundList(partly)}`] : []),
    ...(empty.length > 0 ? [`, no pod yet that a policy could hold in ${foundList(empty)}`] : []),
  ].join('');
}

/** Namespaces whose policies are there and hold nothing, in words; empty when there are none. */
export function onPaper({ paper }: Isolation): string {
  return paper.length === 0 ? '' : `only on paper in ${paper.length}: ${foundList(paper)}`;
}

/** What to do about policies that are there and hold nothing. */
export function correctPaper(isolation: Isolation): Plan {
  return refused(
    `policies are there ${onPaper(isolation)}; whom they are to hold is for the owners of these namespaces to say`,
    'Correct what they select or let through, then ask again.',
  );
}

/** Why a policy that is there does not count. */
export const paperReason =
  'a benchmark that counts policies counts these too, but they hold nothing back from any pod';

type Worth = {
  readonly kind: 'bare' | 'paper' | 'empty' | 'partly' | 'unsure' | 'held';
  readonly words: string;
};

function of(policies: readonly Item[], namespace: string): readonly unknown[] {
  return policies.filter((p) => p.namespace === namespace).map((p) => p.tree);
}

function worth(name: string, policies: readonly unknown[], pods: readonly Labels[] | undefined): Worth {
  if (policies.length === 0) return { kind: 'bare', words: name };
  if (areOpen(policies)) return { kind: 'paper', words: `${name} allows all` };
  if (isHeldAnyhow(policies)) return { kind: pods?.length === 0 ? 'empty' : 'held', words: name };
  if (pods === undefined) return { kind: 'unsure', words: name };
  if (pods.length === 0) return { kind: 'empty', words: name };
  const held = pods.filter((labels) => isHeld(policies, labels)).length;
  if (held === pods.length) return { kind: 'held', words: name };
  if (held > 0) return { kind: 'partly', words: `${name} (${pods.length - held} of ${pods.length})` };
  const isSelected = pods.some((labels) => policies.some((policy) => selects(policy, labels)));
  if (isSelected) return { kind: 'paper', words: `${name} allows all to its pods` };
  const none = pods.length === 1 ? 'does not select its one pod' : `selects none of its ${pods.length} pods`;
  return { kind: 'paper', words: `${name} ${none}` };
}
