import { z } from 'zod';
import { known, type Read } from '../domain/answer.ts';
import { readFile, readStat, type Stat } from '../domain/evidence.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { answerAt } from './answers.ts';
import { attributeProblems, attributeSteps, attributesAfter, attributeWords } from './attributes.ts';
import { sameValue, shortValue, treeSteps, valueAt } from './tree.ts';
import { anyValue, octalMode, oneWord, treePath } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';
import { editYaml } from './yaml-edit.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const schema = z
  .strictObject({
    path: z.string().regex(/^[^\0\n]+$/, 'a path'),
    at: treePath,
    equals: anyValue.optional(),
    oneOf: z.array(anyValue).min(1).readonly().optional(),
    some: z
      .record(z.string(), z.array(anyValue).min(1).readonly())
      .refine((s) => Object.keys(s).length === 1, 'names one key')
      .optional(),
    create: z.string().min(1).optional(),
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    value: anyValue.optional(),
    restarts: z.literal(true).optional(),
  })
  .refine((w) => [w.equals, w.oneOf, w.some].filter((t) => t !== undefined).length === 1, {
    message: 'needs exactly one of equals, oneOf, some',
  });

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly text: string | undefined;
  readonly stat: Stat | undefined;
  /** What stands at the path that is asked for. */
  readonly value: unknown;
};

/** A value inside a YAML file of the operator's. */
export const yaml: Resource<Wanted, Observed> = {
  type: 'yaml',
  schema,
  ask: (wanted) => [
    { kind: 'file', path: wanted.path },
    { kind: 'stat', path: wanted.path },
  ],
  read: (wanted, answers): Read<Observed> => {
    const text = readFile(answerAt(answers, 0), wanted.path);
    if (!text.known) return text;
    const stat = readStat(answerAt(answers, 1), wanted.path);
    if (!stat.known) return stat;
    if (text.value === undefined) return known({ text: undefined, stat: stat.value, value: undefined });
    const parsed = parseYaml(text.value, wanted.path);
    const values = parsed.known ? valuesOf(parsed.value, wanted.path) : parsed;
    if (!values.known) return values;
    return known({ text: text.value, stat: stat.value, value: valueAt(values.value, treeSteps(wanted.at)) });
  },
  judge,
  change,
};

function judge(wanted: Wanted, observed: Observed): Verdict {
  const attributes = attributeWords(wanted);
  const aim = `${wanted.at}: ${wish(wanted)}${attributes ? `, ${attributes}` : ''}`;
  if (observed.text === undefined)
    return { kind: 'fail', found: `${wanted.path} does not exist`, wanted: aim };
  const problems = [
    ...(holds(wanted, observed.value) ? [] : [shortValue(observed.value)]),
    ...(observed.stat ? attributeProblems(observed.stat, wanted) : []),
  ];
  return problems.length > 0
    ? { kind: 'fail', found: problems.join(', '), wanted: aim }
    : { kind: 'pass', found: shortValue(observed.value), wanted: aim };
}

function change(wanted: Wanted, observed: Observed): Plan {
  const restarts = wanted.restarts === true;
  const fresh = { mode: wanted.mode ?? '0600', owner: wanted.owner ?? 'root', group: wanted.group ?? 'root' };
  if (observed.text === undefined) {
    if (wanted.create === undefined) {
      return refused(`${wanted.path} does not exist`, 'Create it first, or say where it is.');
    }
    const write = writeFile(wanted.path, undefined, wanted.create, undefined, fresh);
    return write.kind === 'refused' ? write : stepsOrNothing([write], restarts);
  }
  const stat = observed.stat && attributesAfter(observed.stat, wanted);
  if (holds(wanted, observed.value)) {
    return stepsOrNothing(observed.stat ? attributeSteps(wanted.path, observed.stat, wanted) : [], restarts);
  }
  const value = wanted.value ?? wanted.equals ?? wanted.oneOf?.[0];
  if (value === undefined) {
    return refused(
      `what to write at ${wanted.at} of ${wanted.path} is a decision of yours`,
      `Wanted is ${wish(wanted)}.`,
    );
  }
  const edited = editYaml(observed.text, treeSteps(wanted.at), value, wanted.path);
  if (!edited.known) return refused(edited.reason, `Set ${wanted.at} to ${shortValue(value)} by hand.`);
  const write = writeFile(wanted.path, observed.text, edited.value, stat, fresh);
  return write.kind === 'refused' ? write : stepsOrNothing([write], restarts);
}

function holds(wanted: Wanted, value: unknown): boolean {
  if (wanted.equals !== undefined) return sameValue(value, wanted.equals);
  if (wanted.oneOf) return wanted.oneOf.some((one) => sameValue(value, one));
  const [key, allowed] = Object.entries(wanted.some ?? {})[0] ?? [];
  return (
    key !== undefined &&
    Array.isArray(value) &&
    value.some((item) => allowed?.some((one) => sameValue(valueAt(item, [key]), one)))
  );
}

function wish(wanted: Wanted): string {
  if (wanted.equals !== undefined) return shortValue(wanted.equals);
  if (wanted.oneOf) return wanted.oneOf.map(shortValue).join(' or ');
  const [key, allowed] = Object.entries(wanted.some ?? {})[0] ?? [];
  return `an item whose ${key} is ${allowed?.map(shortValue).join(' or ')}`;
}
