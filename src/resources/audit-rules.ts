import * as z from 'zod';
import { known, type Read } from '../domain/answer.ts';
import { readFile } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { isAll, isForEveryGroup, isForKnown, levelOf, listAt, stages, verbsOf } from './audit-policy-text.ts';
import { treeSteps, valueAt, whyNoWay } from './tree.ts';
import { treePath } from './values.ts';
import { refused } from './write.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const levels = ['None', 'Metadata', 'Request', 'RequestResponse'];

const thing = z.string().regex(/^[a-z0-9.-]*\/[a-z]+(\/[a-z]+)?$/, 'an API group, a slash, and a resource');

const schema = z.strictObject({
  path: z.string().min(1),
  /** Where in the file the list of rules stands; without any, what the distribution does itself counts as good. */
  at: treePath,
  /** What must be recorded at least at Metadata, and what must never be recorded above it, as group/resource. */
  records: z.array(thing).readonly(),
  withholds: z.array(thing).readonly(),
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly there: boolean;
  readonly rules: readonly unknown[] | undefined;
  readonly policy?: unknown;
};

/** The stages that every request has. */
const always = stages.filter((stage) => stage !== 'ResponseStarted');

/** What a resource is reached by, where that is less than all verbs. */
const reachedBy: ReadonlyMap<string, readonly string[]> = new Map(
  ['/pods/exec', '/pods/attach', '/pods/portforward'].map((name) => [name, ['create', 'get']]),
);

/** What is in no namespace. */
const clusterWide = ['rbac.authorization.k8s.io/clusterrolebindings', 'authentication.k8s.io/tokenreviews'];

function textQuestion({ path }: Wanted): Question {
  return { kind: 'file', path };
}

/** What the rules of an audit policy record: each request by the first rule that fits it. */
export const auditRules: Resource<Wanted, Observed> = {
  type: 'audit-rules',
  schema,
  ask: (wanted) => [textQuestion(wanted)],
  read: (wanted, answers): Read<Observed> => {
    const text = readFile(answerTo(answers, textQuestion(wanted)), wanted.path);
    if (!text.known) return text;
    if (text.value === undefined) return known({ there: false, rules: undefined });
    if (text.value.trim() === '') return { known: false, reason: `${wanted.path} is empty` };
    const parsed = parseYaml(text.value, wanted.path);
    const tree = parsed.known ? valuesOf(parsed.value, wanted.path) : parsed;
    if (!tree.known) return tree;
    const noWay = whyNoWay(tree.value, treeSteps(wanted.at), wanted.path);
    if (noWay !== undefined) return { known: false, reason: noWay };
    const rules = valueAt(tree.value, treeSteps(wanted.at));
    // A policy that is there without rules is not the one that the distribution brings.
    const policy = valueAt(tree.value, treeSteps(wanted.at).slice(0, -1)) ?? undefined;
    if (rules === undefined) return known({ there: true, rules: policy === undefined ? undefined : [] });
    return Array.isArray(rules)
      ? known({ there: true, rules, policy })
      : { known: false, reason: `${wanted.at} of ${wanted.path} is not a list of rules` };
  },
  judge,
  change: (wanted, observed) =>
    judge(wanted, observed).kind === 'pass'
      ? { kind: 'nothing' }
      : refused('what is worth recording is for you to say, and rules depend on their order', wanted.instead),
};

function judge(wanted: Wanted, observed: Observed): Verdict {
  const { there, rules, policy } = observed;
  const aim = `${wanted.records.join(', ')} recorded; ${wanted.withholds.join(', ')} never above Metadata`;
  if (!there) return { kind: 'fail', found: `${wanted.path} does not exist`, wanted: aim };
  if (!rules) return { kind: 'pass', found: 'no rules of your own: everything at Metadata', wanted: aim };
  const problems = [
    ...wanted.records
      .filter((name) => levelsOf({ rules, policy }, name, always).some((level) => levels.indexOf(level) < 1))
      .map((name) => `${name} may go unrecorded`),
    ...wanted.withholds
      .filter((name) => levelsOf({ rules, policy }, name, stages).some((level) => levels.indexOf(level) > 1))
      .map((name) => `${name} may be recorded with its content`),
  ];
  return problems.length > 0
    ? { kind: 'fail', found: problems.join(', '), wanted: aim }
    : { kind: 'pass', found: `${rules.length} rules`, wanted: aim };
}

/** Every level at which a resource may be recorded: rules for some users, verbs or names decide only sometimes. */
function levelsOf(
  { rules, policy }: { readonly rules: readonly unknown[]; readonly policy?: unknown },
  name: string,
  of: readonly string[],
): readonly string[] {
  const found: string[] = [];
  const silent = new Set<unknown>();
  const allOf = (verbs: Iterable<unknown>): boolean => isAll(verbs, reachedBy.get(name));
  for (const rule of rules) {
    const entries = coveringEntries(rule, name);
    if (!entries) continue;
    const level = levelOf(rule, policy, of);
    const some = isForSome(rule, entries, name);
    // What one person does may be left out; that says nothing of all others.
    if (level === 'None') {
      if (!some && isForKnown(rule)) for (const verb of verbsOf(rule)) silent.add(verb);
      if (!allOf(silent)) continue;
    }
    found.push(level);
    if (level === 'None' || (!some && isForEveryGroup(rule) && allOf(verbsOf(rule)))) return found;
  }
  return [...found, 'None'];
}

/** Whether a rule is only for some users, namespaces or names. */
function isForSome(rule: unknown, entries: readonly unknown[], name: string): boolean {
  const namespaces = listAt(rule, 'namespaces');
  return (
    listAt(rule, 'users').length > 0 ||
    (namespaces.length > 0 && !(clusterWide.includes(name) && namespaces.includes(''))) ||
    (entries.length > 0 && entries.every((entry) => listAt(entry, 'resourceNames').length > 0))
  );
}

/** The entries of a rule that speak of a resource; none where it speaks of all, undefined where of others only. */
function coveringEntries(rule: unknown, name: string): readonly unknown[] | undefined {
  const resources = valueAt(rule, ['resources']);
  if (!Array.isArray(resources) || resources.length === 0)
    return listAt(rule, 'nonResourceURLs').length > 0 ? undefined : [];
  const [group = '', ...rest] = name.split('/');
  const wanted = rest.join('/');
  const all = ['*', wanted, ...(rest.length === 2 ? [`${rest[0]}/*`, `*/${rest[1]}`] : [])];
  const entries = resources.filter((one: unknown) => {
    if ((valueAt(one, ['group']) ?? '') !== group) return false;
    const names = valueAt(one, ['resources']);
    return !Array.isArray(names) || names.length === 0 || names.some((each) => all.includes(each));
  });
  return entries.length > 0 ? entries : undefined;
}
