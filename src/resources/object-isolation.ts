import * as z from 'zod';
import type { Resource } from '../domain/resource.ts';
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
import { foundList, shortList } from './object-list.ts';
import { oneWord } from './values.ts';
import { refused } from './write.ts';

/** Network policies of every namespace that hold something back. */
export const isolationSchema = z
  .strictObject({
    isolated: z.literal(true),
    ignoreNamespaces: z.array(oneWord).readonly().optional(),
    onlyNamespaces: z.array(oneWord).min(1).readonly().optional(),
  })
  .refine((w) => w.ignoreNamespaces === undefined || w.onlyNamespaces === undefined, {
    path: ['onlyNamespaces'],
    message: 'says already which namespaces count',
  });

type Wanted = z.infer<typeof isolationSchema>;

/** Whether each namespace has network policies that hold something back from its pods: neither open to everybody, nor for no pod that is there. */
export const objectIsolation: Resource<Wanted, Isolation> = {
  type: 'object',
  schema: isolationSchema,
  ask: (_, place) => isolationQuestions(place),
  read: (wanted, answers, place) => readIsolation(wanted, answers, place),
  judge,
  change: (wanted, observed) => {
    if (judge(wanted, observed).kind === 'pass') return { kind: 'nothing' };
    return observed.bare.length === 0 && observed.paper.length > 0
      ? correctPaper(observed)
      : refused(
          'which pods must reach which others is for the owners of these namespaces to say',
          'Begin with a policy that denies all ingress in one namespace, allow what it needs, DNS among it, and go on to the next.',
        );
  },
};

function judge({ onlyNamespaces }: Wanted, observed: Isolation): Verdict {
  const { total, bare, paper, unsure, reason } = observed;
  const where = onlyNamespaces ? shortList(onlyNamespaces) : 'every namespace';
  const aim = `a network policy that holds something back, in ${where}`;
  if (total === 0) return { ...unknown('no namespace came back', aim), found: 'no namespace' };
  const none = bare.length > 0 ? `none in ${bare.length} of ${total}: ${foundList(bare)}` : '';
  const found = [none, onPaper(observed)].filter((words) => words !== '').join('; ');
  if (found !== '')
    return { kind: 'fail', found, wanted: aim, ...(paper.length > 0 ? { reason: paperReason } : {}) };
  if (unsure.length > 0)
    return unknown(`whom the policies of ${shortList(unsure)} select hangs on their pods: ${reason}`, aim);
  return { kind: 'pass', found: `in all ${total}${besides(observed)}`, wanted: aim };
}
