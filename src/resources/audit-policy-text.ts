import { valueAt } from './tree.ts';

/** What an audit policy comes to: something is recorded, the rule that keeps all from being recorded, or nothing asks for it. */
export type Recording =
  | { readonly kind: 'some' }
  | { readonly kind: 'hidden'; readonly rule: number }
  | { readonly kind: 'none' };

const levels = ['Metadata', 'Request', 'RequestResponse'];

/** What narrows a rule down; a rule without any is for every request. */
const selectors = ['users', 'userGroups', 'verbs', 'resources', 'namespaces', 'nonResourceURLs'];

/** The stages of a request that ends in the usual way. */
const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete'];

/** Whether a policy records anything: of its rules the first that fits a request counts. */
export function recordingOf(policy: unknown): Recording {
  const rules = listAt(policy, 'rules');
  for (const [n, rule] of rules.entries()) {
    const omitted = [...listAt(policy, 'omitStages'), ...listAt(rule, 'omitStages')];
    const kept = stages.some((stage) => !omitted.includes(stage));
    if (kept && levels.includes(String(valueAt(rule, ['level'])))) return { kind: 'some' };
    if (!selectors.some((name) => listAt(rule, name).length > 0)) return { kind: 'hidden', rule: n };
  }
  return { kind: 'none' };
}

function listAt(tree: unknown, name: string): readonly unknown[] {
  const list = valueAt(tree, [name]);
  return Array.isArray(list) ? list : [];
}
