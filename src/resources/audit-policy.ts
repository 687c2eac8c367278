import * as z from 'zod';
import { known } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { newestTime, readStat } from '../domain/evidence.ts';
import { folderOf } from '../domain/path.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { judgeByAge } from './activity.ts';
import { attributeProblems, attributeSteps, attributesAfter } from './attributes.ts';
import { listAt, recordingOf } from './audit-policy-text.ts';
import { type NamedBy, type NamedFile, namedFileQuestions, readNamedFile } from './named-file.ts';
import { valueAt } from './tree.ts';
import { absolutePath } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';
import { editYaml } from './yaml-edit.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const attributes = { mode: '0600', owner: 'root', group: 'root' };

const schema = z.strictObject({
  /** The policy of the operator's own, and where else one may lie that the API server is given. */
  path: absolutePath,
  others: z.array(absolutePath).readonly().default([]),
  /** The whole text of the operator's own when it is missing. */
  create: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

type Observed = NamedFile & { readonly policy: unknown; readonly folderThere: boolean };

const service = 'kube-apiserver';

function namedBy({ path, others }: Wanted): NamedBy {
  return { service, flag: 'audit-policy-file', path, others };
}

function folderQuestion({ path }: Wanted): Question {
  return { kind: 'stat', path: folderOf(path) };
}

/** The audit policy that the API server is given, or will be: whether it records anything. */
export const auditPolicy: Resource<Wanted, Observed> = {
  type: 'audit-policy',
  schema,
  ask: (wanted, place) => [...namedFileQuestions(namedBy(wanted), place), folderQuestion(wanted)],
  read: (wanted, answers, place: Place) => {
    const file = readNamedFile(namedBy(wanted), answers, place);
    if (!file.known) return file;
    const folder = readStat(answerTo(answers, folderQuestion(wanted)), folderOf(wanted.path));
    if (!folder.known) return folder;
    const found = { ...file.value, policy: undefined, folderThere: folder.value !== undefined };
    if (found.text === undefined) return known(found);
    const parsed = parseYaml(found.text, found.path);
    const values = parsed.known ? valuesOf(parsed.value, found.path) : parsed;
    return values.known ? known({ ...found, policy: values.value }) : values;
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed): Verdict {
  const { path, text, stat, component, running } = observed;
  const own = path === wanted.path;
  const aim = `an audit policy that records something, in ${path}${own ? ', 0600 root:root' : ''}`;
  if (text === undefined) return { kind: 'fail', found: `${path} does not exist`, wanted: aim };
  const problems = [
    ...(isPolicy(observed) ? [] : [`${path} is no audit policy`]),
    ...(isPolicy(observed) && recordingOf(observed.policy).kind !== 'some' ? [silence(observed)] : []),
    ...(stat && own ? attributeProblems(stat, attributes) : []),
  ];
  if (problems.length > 0) return { kind: 'fail', found: problems.join(', '), wanted: aim };
  if (!component.processes)
    return unknown(`${service} is not running, so what is in force cannot be seen`, aim);
  const right = { found: `${path} records something`, wanted: aim };
  if (running !== undefined && running !== path)
    return {
      ...right,
      kind: 'pending-restart',
      reason: `${component.unit} runs with ${running} until it restarts`,
    };
  return judgeByAge(right, component.since, { path, modified: stat && newestTime(stat) }, component.unit);
}

function isPolicy({ policy }: Observed): boolean {
  return (
    valueAt(policy, ['kind']) === 'Policy' &&
    String(valueAt(policy, ['apiVersion'])).startsWith('audit.k8s.io/')
  );
}

function silence({ policy }: Observed): string {
  const recording = recordingOf(policy);
  if (recording.kind !== 'hidden') return 'no rule records anything';
  const rule = valueAt(policy, ['rules', recording.rule]);
  return ['userGroups', 'verbs'].some((name) => listAt(rule, name).length > 0)
    ? `the rules up to rule ${recording.rule + 1} leave out all that anybody who is logged in does`
    : `rule ${recording.rule + 1} is for every request and records nothing`;
}

function change(wanted: Wanted, observed: Observed): Plan {
  const { path, text, stat, component, policy } = observed;
  const own = path === wanted.path;
  const units = [component.unit];
  if (text === undefined) {
    if (!own)
      return refused(
        `${path} does not exist`,
        'Put it there, or take --audit-policy-file out, then ask again.',
      );
    const write = writeFile(path, undefined, wanted.create, undefined, attributes);
    const folder: readonly Step[] = observed.folderThere
      ? []
      : [{ kind: 'make-folder', path: folderOf(path), ...attributes, mode: '0755' }];
    return write.kind === 'refused' ? write : stepsOrNothing([...folder, write], true, units);
  }
  if (!isPolicy(observed))
    return refused(`${path} is no audit policy`, `Correct ${path} by hand, then ask again.`);
  const recording = recordingOf(policy);
  const after = stat && own ? attributesAfter(stat, attributes) : stat;
  if (recording.kind === 'some')
    return stepsOrNothing(stat && own ? attributeSteps(path, stat, attributes) : [], true, units);
  if (!own)
    return refused(
      `${path}: ${silence(observed)}, and the file is not for this program to change`,
      `Have --audit-policy-file name ${wanted.path}, then ask again.`,
    );
  const rules = valueAt(policy, ['rules']);
  const edited =
    recording.kind === 'hidden'
      ? editYaml(text, ['rules', recording.rule, 'level'], 'Metadata', path)
      : Array.isArray(rules) && rules.length > 0
        ? editYaml(text, ['rules', rules.length], { level: 'Metadata' }, path)
        : editYaml(text, ['rules'], [{ level: 'Metadata' }], path);
  const again = edited.known ? parseYaml(edited.value, path) : edited;
  const then = again.known ? valuesOf(again.value, path) : again;
  if (!edited.known || !then.known || recordingOf(then.value).kind !== 'some')
    return refused(
      edited.known ? `${path} leaves out every stage of a request` : edited.reason,
      `Have a rule of ${path} record at least Metadata, then ask again.`,
    );
  const write = writeFile(path, text, edited.value, after, attributes);
  return write.kind === 'refused' ? write : stepsOrNothing([write], true, units);
}
