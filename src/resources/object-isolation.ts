import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { readItems, shortList } from './object-list.ts';
import { valueAt } from './tree.ts';
import { oneWord } from './values.ts';
import { refused } from './write.ts';

/** Network policies of every namespace that hold something back. */
export const isolationSchema = z.strictObject({
  isolated: z.literal(true),
  ignoreNamespaces: z.array(oneWord).readonly().optional(),
});

type Wanted = z.infer<typeof isolationSchema>;

type Observed = {
  readonly total: number;
  /** Namespaces without any policy, and those all of whose policies allow everything. */
  readonly bare: readonly string[];
  readonly open: readonly string[];
};

function questions(place: Place) {
  const kubectl = kubectlAt(place);
  return {
    namespaces: { kind: 'object', kubectl, get: ['namespaces'] },
    policies: { kind: 'object', kubectl, get: ['networkpolicies', '-A'] },
  } as const;
}

/** Whether each namespace has a network policy that holds something back; one that allows everything to everybody does not. */
export const objectIsolation: Resource<Wanted, Observed> = {
  type: 'object',
  schema: isolationSchema,
  ask: (_, place) => Object.values(questions(place)),
  read: (wanted, answers, place) => {
    const asked = questions(place);
    const all = readItems(answerTo(answers, asked.namespaces), 'namespaces');
    if (!all.known) return all;
    const policies = readItems(answerTo(answers, asked.policies), 'networkpolicies');
    if (!policies.known) return policies;
    const names = all.value
      .filter((n) => valueAt(n.tree, ['status', 'phase']) !== 'Terminating')
      .map((n) => n.name)
      .filter((name) => !wanted.ignoreNamespaces?.includes(name))
      .toSorted();
    const of = (name: string) => policies.value.filter((p) => p.namespace === name).map((p) => p.tree);
    return known({
      total: names.length,
      bare: names.filter((name) => of(name).length === 0),
      open: names.filter((name) => of(name).length > 0 && of(name).every(allowsAll)),
    });
  },
  judge: (_, observed) => judge(observed),
  change: (_, observed) =>
    judge(observed).kind === 'pass'
      ? { kind: 'nothing' }
      : refused(
          'which pods must reach which others is for the owners of these namespaces to say',
          'Begin with a policy that denies all ingress in one namespace, allow what it needs, DNS among it, and go on to the next.',
        ),
};

function judge({ total, bare, open }: Observed): Verdict {
  const aim = 'a network policy that holds something back, in every namespace';
  if (total === 0)
    return { kind: 'unknown', found: 'no namespace', wanted: aim, reason: 'no namespace came back' };
  if (bare.length === 0 && open.length === 0) return { kind: 'pass', found: `in all ${total}`, wanted: aim };
  const found = [
    ...(bare.length > 0 ? [`none in ${bare.length} of ${total}: ${shortList(bare)}`] : []),
    ...(open.length > 0
      ? [
          `only on paper in ${open.length}: ${shortList(open)} allow all, which passes a benchmark and protects nothing`,
        ]
      : []),
  ].join('; ');
  return { kind: 'fail', found, wanted: aim };
}

/** Whether a network policy holds nothing back: an empty rule lets everybody in. A policy that leaves out a direction leaves it open only where no other closes it. */
export function allowsAll(policy: unknown): boolean {
  const selector = valueAt(policy, ['spec', 'podSelector']);
  const everyPod = typeof selector === 'object' && selector !== null && Object.keys(selector).length === 0;
  const types = valueAt(policy, ['spec', 'policyTypes']);
  const directions = Array.isArray(types) ? types : ['Ingress'];
  return (
    everyPod &&
    directions.every((direction) => {
      const rules = valueAt(policy, ['spec', String(direction).toLowerCase()]);
      return Array.isArray(rules) && rules.some((rule) => isOpen(rule));
    })
  );
}

/** An empty list of peers or ports stands for all of them. */
function isOpen(rule: unknown): boolean {
  const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0;
  return typeof rule === 'object' && rule !== null && Object.values(rule).every(isEmpty);
}
