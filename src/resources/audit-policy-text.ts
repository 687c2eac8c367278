import { valueAt } from './tree.ts';

/** What an audit policy comes to: something is recorded, the rule that keeps all from being recorded, or nothing asks for it. */
export type Recording =
  | { readonly kind: 'some' }
  | { readonly kind: 'hidden'; readonly rule: number }
  | { readonly kind: 'none' };

const levels = ['Metadata', 'Request', 'RequestResponse'];

/** What narrows a rule down beside groups and verbs; a rule without any is for every request. */
const selectors = ['users', 'resources', 'namespaces', 'nonResourceURLs'];

/** The stages of a request that ends in the usual way; the one in the middle only where the answer goes on for a while. */
export const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete'];

/** All that can be done to a resource. */
const allVerbs = ['create', 'update', 'patch', 'delete', 'deletecollection', 'get', 'list', 'watch'];

/** Everybody who showed who he is is in the first of these groups, and everybody else in the second. */
const [known, stranger] = ['system:authenticated', 'system:unauthenticated'];

/** Whether a policy records anything: of its rules the first that fits a request counts. */
export function recordingOf(policy: unknown): Recording {
  const rules = listAt(policy, 'rules');
  const silent = new Set<unknown>();
  for (const [n, rule] of rules.entries()) {
    const heard = verbsOf(rule).some((verb) => !silent.has(verb));
    if (heard && levels.includes(levelOf(rule, policy, stages))) return { kind: 'some' };
    if (!isForKnown(rule) || selectors.some((name) => listAt(rule, name).length > 0)) continue;
    for (const verb of verbsOf(rule)) silent.add(verb);
    if (isAll(silent)) return { kind: 'hidden', rule: n };
  }
  return { kind: 'none' };
}

/** The level of a rule; None where it or its policy leaves out every one of these stages. */
export function levelOf(rule: unknown, policy: unknown, of: readonly string[]): string {
  const omitted = [...listAt(policy, 'omitStages'), ...listAt(rule, 'omitStages')];
  return of.every((stage) => omitted.includes(stage)) ? 'None' : String(valueAt(rule, ['level']));
}

/** The verbs that a rule is for. */
export function verbsOf(rule: unknown): readonly unknown[] {
  const verbs = listAt(rule, 'verbs');
  return verbs.length > 0 ? verbs : allVerbs;
}

/** Whether verbs are all of these, or all that there are. */
export function isAll(verbs: Iterable<unknown>, of: readonly string[] = allVerbs): boolean {
  const some = new Set(verbs);
  return of.every((verb) => some.has(verb));
}

/** Whether a rule is for everybody who showed who he is: nothing of what such people do gets past it to the next. */
export function isForKnown(rule: unknown): boolean {
  const groups = listAt(rule, 'userGroups');
  return groups.length === 0 || groups.includes(known);
}

/** Whether a rule is for people of every group. */
export function isForEveryGroup(rule: unknown): boolean {
  const groups = listAt(rule, 'userGroups');
  return groups.length === 0 || (groups.includes(known) && groups.includes(stranger));
}

/** The items of a list of a policy or rule; none where there is no list. */
export function listAt(tree: unknown, name: string): readonly unknown[] {
  const list = valueAt(tree, [name]);
  return Array.isArray(list) ? list : [];
}
