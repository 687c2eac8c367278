import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { attributeProblems, attributeSteps, attributeWords, type WantedAttributes } from './attributes.ts';
import { readListing, statListing } from './listing.ts';
import { foundList } from './object-list.ts';
import { absolutePath, octalMode, oneWord } from './values.ts';
import { refused, stepsOrNothing } from './write.ts';

const schema = z
  .strictObject({
    folder: absolutePath,
    /** How the names end that are meant; absent means all files. */
    suffix: z.string().min(1).optional(),
    /** The names that are meant; a star stands for any letters. */
    named: oneWord.optional(),
    /** Names that are not meant; a star stands for any letters. */
    except: z.array(oneWord).min(1).readonly().optional(),
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    /** Another account to which, with the group of its name, each may belong just as well. */
    orOwner: oneWord.optional(),
    /** Judged and never changed; the sentence says what to do instead. */
    fixed: z.string().min(1).optional(),
    /** A folder that is not there, or empty, leaves nothing to judge. */
    optional: z.literal(true).optional(),
  })
  .refine((w) => w.mode !== undefined || w.owner !== undefined || w.group !== undefined, {
    message: 'needs a mode, an owner or a group',
  })
  .refine((w) => w.orOwner === undefined || (w.owner !== undefined && w.group !== undefined), {
    path: ['orOwner'],
    message: 'needs an owner and a group',
  });

type Wanted = z.infer<typeof schema>;

/** The files that are meant, by path; undefined when the folder is not there. */
type Observed = { readonly files: readonly (readonly [string, Stat])[] | undefined };

function questions({ folder }: Wanted): { readonly own: Question; readonly files: Question } {
  return { own: { kind: 'stat', path: folder }, files: statListing(folder) };
}

/** The files directly in a folder: the mode of each as a ceiling, its owner and its group. What lies deeper is left alone. */
export const files: Resource<Wanted, Observed> = {
  type: 'files',
  schema,
  ask: (wanted) => Object.values(questions(wanted)),
  read: (wanted, answers): Read<Observed> => {
    const asked = questions(wanted);
    const own = readStat(answerTo(answers, asked.own), wanted.folder);
    if (!own.known) return own;
    if (own.value === undefined) return known({ files: undefined });
    const listing = answerTo(answers, asked.files);
    if (listing.kind !== 'said') return unread(whyNot(listing, `the files in ${wanted.folder}`));
    const read = readListing(listing.text);
    if (!read.known) return read;
    return known({ files: read.value.filter(([path]) => isMeant(wanted, path)) });
  },
  judge,
  change,
};

function change(wanted: Wanted, observed: Observed): Plan {
  const steps = (observed.files ?? []).flatMap(([path, stat]) =>
    attributeSteps(path, stat, wantedOf(wanted, stat)),
  );
  if (wanted.fixed !== undefined && steps.length > 0)
    return refused(`what lies in ${wanted.folder} is not for this program to change`, wanted.fixed);
  return stepsOrNothing(steps, false);
}

function isMeant({ suffix, named, except = [] }: Wanted, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (
    (suffix === undefined || name.endsWith(suffix)) &&
    (named === undefined || isLike(name, named)) &&
    !except.some((pattern) => isLike(name, pattern))
  );
}

function isLike(name: string, pattern: string): boolean {
  const letters = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${letters.join('.*')}$`).test(name);
}

/** What is wanted of this file: of one that belongs to the other account, only the mode. */
function wantedOf(wanted: Wanted, { owner, group }: Stat): WantedAttributes {
  const other = wanted.orOwner !== undefined && owner === wanted.orOwner && group === wanted.orOwner;
  return other ? { mode: wanted.mode } : wanted;
}

function judge(wanted: Wanted, observed: Observed): Verdict {
  const what = `${wanted.folder}/${wanted.named ?? `*${wanted.suffix ?? ''}`}`;
  const other = wanted.orOwner === undefined ? '' : ` or ${wanted.orOwner}:${wanted.orOwner}`;
  const aim = `${attributeWords(wanted)}${other}`;
  if (!observed.files || observed.files.length === 0) {
    const found = observed.files ? `there is no ${what}` : `${wanted.folder} does not exist`;
    if (wanted.optional) return notApplicable(found);
    return { kind: 'unknown', found, wanted: aim, reason: `${found}, so nothing could be judged` };
  }
  const bad = observed.files.flatMap(([path, stat]) => {
    const problems = attributeProblems(stat, wantedOf(wanted, stat));
    return problems.length > 0 ? [`${path.slice(path.lastIndexOf('/') + 1)} ${problems.join(' ')}`] : [];
  });
  const total = observed.files.length;
  return bad.length === 0
    ? { kind: 'pass', found: `all ${total} of ${what}`, wanted: aim }
    : { kind: 'fail', found: `${bad.length} of ${total}: ${foundList(bad)}`, wanted: aim };
}
