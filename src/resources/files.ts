import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { attributeProblems, attributeSteps, attributeWords } from './attributes.ts';
import { readListing, statListing } from './listing.ts';
import { shortList } from './object-list.ts';
import { absolutePath, octalMode, oneWord } from './values.ts';
import { stepsOrNothing } from './write.ts';

const schema = z
  .strictObject({
    folder: absolutePath,
    /** How the names end that are meant; absent means all files. */
    suffix: z.string().min(1).optional(),
    /** Names that are not meant. */
    except: z.array(oneWord).min(1).readonly().optional(),
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    /** A folder that is not there, or empty, leaves nothing to judge. */
    optional: z.literal(true).optional(),
  })
  .refine((w) => w.mode !== undefined || w.owner !== undefined || w.group !== undefined, {
    message: 'needs a mode, an owner or a group',
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
  change: (wanted, observed) =>
    stepsOrNothing(
      (observed.files ?? []).flatMap(([path, stat]) => attributeSteps(path, stat, wanted)),
      false,
    ),
};

function isMeant({ suffix, except }: Wanted, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (suffix === undefined || name.endsWith(suffix)) && !except?.includes(name);
}

function judge(wanted: Wanted, observed: Observed): Verdict {
  const what = `${wanted.folder}/*${wanted.suffix ?? ''}`;
  const aim = attributeWords(wanted);
  if (!observed.files || observed.files.length === 0) {
    const found = observed.files ? `there is no ${what}` : `${wanted.folder} does not exist`;
    if (wanted.optional) return notApplicable(found);
    return { kind: 'unknown', found, wanted: aim, reason: `${found}, so nothing could be judged` };
  }
  const bad = observed.files.flatMap(([path, stat]) => {
    const problems = attributeProblems(stat, wanted);
    return problems.length > 0 ? [`${path.slice(path.lastIndexOf('/') + 1)} ${problems.join(' ')}`] : [];
  });
  const total = observed.files.length;
  return bad.length === 0
    ? { kind: 'pass', found: `all ${total} of ${what}`, wanted: aim }
    : { kind: 'fail', found: `${bad.length} of ${total}: ${shortList(bad)}`, wanted: aim };
}
