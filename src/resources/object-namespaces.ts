import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import { answerTo } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import {
  besides,
  correctPaper,
  type Isolation,
  isolationQuestions,
  onPaper,
  paperReason,
  readIsolation,
} from './isolation.ts';
import { manifestFor } from './manifest.ts';
import { foundList, readItems, shortList } from './object-list.ts';
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
  /** What the policies are worth, where it is policies that are asked for. */
  readonly isolation: Isolation | undefined;
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
  ask: (wanted, place) =>
    isPolicies(wanted) ? isolationQuestions(place) : Object.values(questions(wanted, place)),
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
    const isolation = isPolicies(wanted) ? readIsolation(wanted, answers, place) : known(undefined);
    if (!isolation.known) return isolation;
    const lacking = namespaces.filter((name) => !having.has(name));
    return known({ namespaces, lacking, isolation: isolation.value });
  },
  judge,
  change,
};

/** The text of a benchmark counts policies; whether they hold anything, only their rules and the pods tell. */
function isPolicies({ everyNamespaceHas }: Wanted): boolean {
  return everyNamespaceHas === 'networkpolicies';
}

function judge(wanted: Wanted, { namespaces, lacking, isolation }: Observed): Verdict {
  const aim = `${wanted.everyNamespaceHas} in every namespace`;
  if (namespaces.length === 0) return { ...unknown('no namespace came back', aim), found: 'no namespace' };
  const none =
    lacking.length > 0 ? `none in ${lacking.length} of ${namespaces.length}: ${foundList(lacking)}` : '';
  const paper = isolation ? onPaper(isolation) : '';
  const found = [none, paper].filter((words) => words !== '').join('; ');
  if (paper !== '') return { kind: 'fail', found, wanted: aim, reason: paperReason };
  if (none !== '')
    return wanted.create === undefined
      ? {
          kind: 'manual',
          found,
          wanted: aim,
          reason: 'what these namespaces need is for their owners to say',
        }
      : { kind: 'fail', found, wanted: aim };
  if (isolation && isolation.unsure.length > 0)
    return unknown(
      `whom the policies of ${shortList(isolation.unsure)} select hangs on their pods: ${isolation.reason}`,
      aim,
    );
  const more = isolation ? besides(isolation) : '';
  return { kind: 'pass', found: `in all ${namespaces.length}${more}`, wanted: aim };
}

function change(wanted: Wanted, { lacking, isolation }: Observed, place: Place): Plan {
  if (lacking.length === 0) {
    if (!isolation || isolation.paper.length === 0) return { kind: 'nothing' };
    return correctPaper(isolation);
  }
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
