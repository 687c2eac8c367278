import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import type { Verdict } from '../domain/verdict.ts';
import { manifestFor } from './manifest.ts';
import { allowsAll } from './object-isolation.ts';
import { readItems, shortList } from './object-list.ts';
import { valueAt } from './tree.ts';
import { oneWord } from './values.ts';
import { refused, stepsOrNothing } from './write.ts';

/** Every namespace has at least one object of a type. */
export const everyNamespaceSchema = z.strictObject({
  everyNamespaceHas: oneWord,
  ignoreNamespaces: z.array(oneWord).readonly().optional(),
  create: z
    .string()
    .refine((text) => manifestFor(text, 'namespace')?.object.at(-2) === '-n', {
      message: 'needs to be the manifest of one object with metadata.name, in namespace {{namespace}}',
    })
    .optional(),
});

type Wanted = z.infer<typeof everyNamespaceSchema>;

type Observed = {
  readonly namespaces: readonly string[];
  readonly lacking: readonly string[];
  /** Namespaces all of whose network policies allow everything. */
  readonly open: readonly string[];
};

function questions({ everyNamespaceHas }: Wanted, place: Place) {
  const kubectl = kubectlAt(place);
  return {
    namespaces: { kind: 'object', kubectl, get: ['namespaces'] },
    objects: { kind: 'object', kubectl, get: [everyNamespaceHas, '-A'] },
  } as const;
}

/** An object that no namespace may be without. */
export const objectNamespaces: Resource<Wanted, Observed> = {
  type: 'object',
  schema: everyNamespaceSchema,
  ask: (wanted, place) => Object.values(questions(wanted, place)),
  read: (wanted, answers, place) => {
    const asked = questions(wanted, place);
    const all = readItems(answerTo(answers, asked.namespaces), 'namespaces');
    if (!all.known) return all;
    const objects = readItems(answerTo(answers, asked.objects), wanted.everyNamespaceHas);
    if (!objects.known) return objects;
    // Nothing can be created in a namespace that is on its way out.
    const namespaces = all.value
      .filter((n) => valueAt(n.tree, ['status', 'phase']) !== 'Terminating')
      .map((n) => n.name)
      .filter((name) => !wanted.ignoreNamespaces?.includes(name))
      .toSorted();
    const having = new Set(objects.value.map((o) => o.namespace));
    const policies = wanted.everyNamespaceHas === 'networkpolicies' ? objects.value : [];
    const closed = new Set(policies.filter((o) => !allowsAll(o.tree)).map((o) => o.namespace));
    return known({
      namespaces,
      lacking: namespaces.filter((name) => !having.has(name)),
      open: policies.length === 0 ? [] : namespaces.filter((name) => having.has(name) && !closed.has(name)),
    });
  },
  judge,
  change,
};

function judge(wanted: Wanted, { namespaces, lacking, open }: Observed): Verdict {
  const aim = `${wanted.everyNamespaceHas} in every namespace`;
  if (namespaces.length === 0) {
    return { kind: 'unknown', found: 'no namespace', wanted: aim, reason: 'no namespace came back' };
  }
  // The published text counts any policy; whoever reads the record must learn what these are worth.
  const paper = open.length > 0 ? `, only on paper in ${open.length}: ${shortList(open)} allow all` : '';
  if (lacking.length === 0)
    return { kind: 'pass', found: `in all ${namespaces.length}${paper}`, wanted: aim };
  const found = `none in ${lacking.length} of ${namespaces.length}: ${shortList(lacking)}${paper}`;
  return wanted.create === undefined
    ? { kind: 'manual', found, wanted: aim, reason: 'what these namespaces need is for their owners to say' }
    : { kind: 'fail', found, wanted: aim };
}

function change(wanted: Wanted, { lacking }: Observed, place: Place): Plan {
  if (lacking.length === 0) return { kind: 'nothing' };
  const text = wanted.create;
  if (text === undefined) {
    return refused(
      `what ${shortList(lacking)} need is for their owners to say`,
      `Write ${wanted.everyNamespaceHas} for each of them.`,
    );
  }
  const steps = lacking.map((namespace): Step => {
    const manifest = manifestFor(text, namespace);
    if (!manifest) throw new Error('the schema lets no manifest through that names no object');
    return {
      kind: 'create-object',
      kubectl: kubectlAt(place),
      object: manifest.object,
      manifest: manifest.text,
    };
  });
  return stepsOrNothing(steps, false);
}
