import * as z from 'zod';
import { known, type Read } from '../domain/answer.ts';
import { readFile } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { sameValue, treeSteps, valueAt } from './tree.ts';
import { absolutePath, scalar, treePath } from './values.ts';
import { refused } from './write.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const schema = z.strictObject({
  path: absolutePath,
  at: treePath,
  equals: scalar,
  /** What counts when nothing stands there. */
  default: scalar.optional(),
  /** The way to another value, in one sentence. */
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

/** What stands there; undefined text when the file is not there. */
type Observed = { readonly there: boolean; readonly value: unknown };

function textQuestion({ path }: Wanted): Question {
  return { kind: 'file', path };
}

/** A value in a YAML or JSON file that the distribution writes itself at every start: it is judged, and never edited. */
export const generated: Resource<Wanted, Observed> = {
  type: 'generated',
  schema,
  ask: (wanted) => [textQuestion(wanted)],
  read: (wanted, answers): Read<Observed> => {
    const text = readFile(answerTo(answers, textQuestion(wanted)), wanted.path);
    if (!text.known) return text;
    if (text.value === undefined) return known({ there: false, value: undefined });
    if (text.value.trim() === '') return { known: false, reason: `${wanted.path} is empty` };
    const parsed = parseYaml(text.value, wanted.path);
    const tree = parsed.known ? valuesOf(parsed.value, wanted.path) : parsed;
    return tree.known ? known({ there: true, value: valueAt(tree.value, treeSteps(wanted.at)) }) : tree;
  },
  judge,
  change: (wanted, observed) =>
    observed.there && holds(wanted, observed.value)
      ? { kind: 'nothing' }
      : refused(
          observed.there
            ? `${wanted.path} is written anew at every start, so an edit would not last`
            : `${wanted.path} does not exist, and a start of the service writes it`,
          wanted.instead,
        ),
};

function judge(wanted: Wanted, { there, value }: Observed): Verdict {
  const aim = `${wanted.at}: ${wanted.equals}`;
  if (!there) {
    const found = `${wanted.path} does not exist`;
    return { kind: 'unknown', found, wanted: aim, reason: `${found}, so nothing could be judged` };
  }
  const found = shown(value);
  return { kind: holds(wanted, value) ? 'pass' : 'fail', found, wanted: aim };
}

function holds(wanted: Wanted, value: unknown): boolean {
  return sameValue(value ?? wanted.default, wanted.equals);
}

/** Only plain values are shown: what else stands in such a file may be a secret. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'not set';
  return typeof value === 'object' ? 'not a plain value' : String(value);
}
