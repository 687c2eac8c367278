import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { readFile, readStat, type Stat } from '../domain/evidence.ts';
import { answerTo } from '../domain/question.ts';
import { commandLine } from '../domain/quote.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { type Lack, lacks, lackWords, nameOf, withObjects } from './addons-text.ts';
import { editBlockText } from './block-text.ts';
import { besideMissing, besideQuestions, clusterFileAt, whyNotApplied } from './cluster-file.ts';
import { valueAt } from './tree.ts';
import { anyValue, oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const manifest = z.looseObject({
  apiVersion: oneWord,
  kind: oneWord,
  metadata: z.strictObject({ name: oneWord, namespace: oneWord.optional() }),
});

const schema = z.strictObject({
  path: z.string().regex(/^[^\0\n]+$/, 'a path'),
  /** The key whose text holds the manifests, and the one that lists files and addresses of more. */
  at: oneWord,
  include: oneWord,
  has: z.array(manifest.catchall(anyValue)).min(1).readonly(),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly text: string | undefined;
  readonly stat: Stat | undefined;
  readonly manifests: string;
  readonly lacking: readonly Lack[];
  /** Files and addresses that bring more objects, which are not read. */
  readonly included: readonly string[];
  readonly missing: string | undefined;
  readonly notApplied: ReturnType<typeof whyNotApplied>;
};

function questions({ path }: Wanted) {
  return { text: { kind: 'file', path }, stat: { kind: 'stat', path } } as const;
}

/** Objects that a cluster's own file brings into the cluster, as manifests in the text of one key. */
export const addons: Resource<Wanted, Observed> = {
  type: 'addons',
  schema,
  ask: (wanted, place) => [...Object.values(questions(wanted)), ...besideQuestions(wanted, place)],
  read: (wanted, answers, place): Read<Observed> => {
    const asked = questions(wanted);
    const text = readFile(answerTo(answers, asked.text), wanted.path);
    if (!text.known) return text;
    const stat = readStat(answerTo(answers, asked.stat), wanted.path);
    if (!stat.known) return stat;
    const missing = besideMissing(wanted, answers, place);
    if (!missing.known) return missing;
    if (text.value !== undefined && text.value.trim() === '') return unread(`${wanted.path} is empty`);
    const parsed = parseYaml(text.value ?? '', wanted.path);
    const values = parsed.known ? valuesOf(parsed.value, wanted.path) : parsed;
    if (!values.known) return values;
    const manifests = valueAt(values.value, [wanted.at]) ?? '';
    if (typeof manifests !== 'string') return unread(`${wanted.at} of ${wanted.path} is not a text`);
    const lacking = lacks(manifests, wanted.has, `${wanted.at} of ${wanted.path}`);
    if (!lacking.known) return lacking;
    const included = valueAt(values.value, [wanted.include]);
    const whole = clusterFileAt(wanted.path, place);
    return known({
      text: text.value,
      stat: stat.value,
      manifests,
      lacking: lacking.value,
      included: Array.isArray(included) ? included.map(String) : [],
      missing: missing.value,
      notApplied: whole && whyNotApplied(whole, values.value, place),
    });
  },
  judge,
  change,
};

function judge(wanted: Wanted, { text, lacking, included }: Observed): Verdict {
  const aim = `${wanted.at} with ${wanted.has.map(nameOf).join(', ')}`;
  if (text === undefined) return { kind: 'fail', found: `${wanted.path} does not exist`, wanted: aim };
  if (lacking.length === 0) return { kind: 'pass', found: `all ${wanted.has.length} objects`, wanted: aim };
  const found = lacking.map(lackWords).join(', ');
  const elsewhere = included.length > 0 && lacking.every((lack) => !lack.differences);
  return elsewhere
    ? {
        kind: 'unknown',
        found,
        wanted: aim,
        reason: `${wanted.include} names ${included.join(', ')}, which may bring them and is not read`,
      }
    : { kind: 'fail', found, wanted: aim };
}

function change(wanted: Wanted, observed: Observed, place: Place): Plan {
  const { text, lacking } = observed;
  const whole = clusterFileAt(wanted.path, place);
  if (text === undefined)
    return refused(`${wanted.path} does not exist`, 'Create it first, or say where it is.');
  if (lacking.length === 0) return { kind: 'nothing' };
  if (observed.missing !== undefined)
    return refused(
      `${observed.missing} is not there, and without it the cluster could not be made as it was`,
      `Put ${observed.missing} where ${wanted.path} is, as ${commandLine(whole?.apply ?? [])} left it, then ask again.`,
    );
  if (observed.notApplied) return refused(observed.notApplied.reason, observed.notApplied.instead);
  const fixed = lacking.find((lack) => lack.differences?.some(({ at }) => at[0] === 'roleRef'));
  if (fixed)
    return refused(
      `the roleRef of ${nameOf(fixed.object)} is another, and Kubernetes takes no change of one that is there`,
      'Take the binding out of the cluster and out of the file, then ask again.',
    );
  const manifests = withObjects(observed.manifests, lacking, wanted.at);
  const edited = manifests.known ? editBlockText(text, wanted.at, manifests.value, wanted.path) : manifests;
  if (!edited.known) return refused(edited.reason, `Put what is lacking into ${wanted.at} by hand.`);
  const fresh = { mode: '0600', owner: 'root', group: 'root' };
  const write = writeFile(wanted.path, text, edited.value, observed.stat, fresh, whole?.beside);
  if (write.kind === 'refused') return write;
  return stepsOrNothing([write], whole !== undefined, whole ? [commandLine(whole.apply)] : undefined);
}
