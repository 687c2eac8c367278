import { valueAt } from './tree.ts';

/** The labels of a pod. */
export type Labels = Readonly<Record<string, string>>;

const directions = ['Ingress', 'Egress'] as const;

type Direction = (typeof directions)[number];

/** Whether anything is kept from a pod with these labels, or from leaving it: what one policy lets through, no other takes away. */
export function isHeld(policies: readonly unknown[], labels: Labels): boolean {
  const selecting = policies.filter((policy) => selects(policy, labels));
  return directions.some((direction) => isClosed(selecting, direction));
}

/** Whether every pod is held, whatever its labels are. */
export function isHeldAnyhow(policies: readonly unknown[]): boolean {
  return directions.some(
    (direction) =>
      isClosed(policies.filter(isForAll), direction) && !policies.some((p) => isOpenTo(p, direction)),
  );
}

/**
 * Whether no pod could ever be held: in each direction one policy lets everything through to every pod, or each does for those that
 * it selects.
 */
export function areOpen(policies: readonly unknown[]): boolean {
  return directions.every(
    (direction) =>
      policies.some((policy) => isForAll(policy) && isOpenTo(policy, direction)) ||
      policies.every((policy) => !isClosed([policy], direction)),
  );
}

/** Whether a policy is for pods with these labels. */
export function selects(policy: unknown, labels: Labels): boolean {
  const selector = valueAt(policy, ['spec', 'podSelector']);
  const same = Object.entries((valueAt(selector, ['matchLabels']) ?? {}) as Labels);
  const rules = valueAt(selector, ['matchExpressions']) ?? [];
  return (
    same.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    (!Array.isArray(rules) || rules.every((rule) => isTrue(rule, labels)))
  );
}

/** An operator that is not known selects nothing, so that it never makes a pod count as held. */
function isTrue(rule: unknown, labels: Labels): boolean {
  const key = String(valueAt(rule, ['key']));
  const values = valueAt(rule, ['values']);
  const has = Object.hasOwn(labels, key);
  const isListed = has && Array.isArray(values) && values.includes(labels[key]);
  switch (valueAt(rule, ['operator'])) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return has;
    case 'DoesNotExist':
      return !has;
    default:
      return false;
  }
}

function isForAll(policy: unknown): boolean {
  const selector = valueAt(policy, ['spec', 'podSelector']) ?? {};
  return Object.values(selector).every(isEmpty);
}

/** Whether policies close a direction for the pods that all of them select. */
function isClosed(policies: readonly unknown[], direction: Direction): boolean {
  const of = policies.filter((policy) => typesOf(policy).includes(direction));
  return of.length > 0 && !of.some((policy) => isOpenTo(policy, direction));
}

function isOpenTo(policy: unknown, direction: Direction): boolean {
  return typesOf(policy).includes(direction) && rulesOf(policy, direction).some(isOpen);
}

/** What a policy speaks of; one that does not say speaks of what comes in, and of what goes out where it has rules for it. */
function typesOf(policy: unknown): readonly unknown[] {
  const types = valueAt(policy, ['spec', 'policyTypes']);
  if (Array.isArray(types) && types.length > 0) return types;
  return rulesOf(policy, 'Egress').length > 0 ? directions : ['Ingress'];
}

function rulesOf(policy: unknown, direction: Direction): readonly unknown[] {
  const rules = valueAt(policy, ['spec', direction.toLowerCase()]);
  return Array.isArray(rules) ? rules : [];
}

/** An empty list of peers or ports stands for all of them. A range of all addresses does not: some plugins leave the pods out of it. */
function isOpen(rule: unknown): boolean {
  return typeof rule === 'object' && rule !== null && Object.values(rule).every(isEmpty);
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
