import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { dataDirAt } from '../domain/distribution.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import { folderOf } from '../domain/path.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { attributeProblems, attributeSteps, attributesAfter, attributeWords } from './attributes.ts';
import { mark } from './fingerprint.ts';
import { refuseTree } from './guard.ts';
import { absolutePath, octalMode, oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const schema = z
  .strictObject({
    path: absolutePath,
    mode: octalMode.optional(),
    owner: oneWord.optional(),
    group: oneWord.optional(),
    tree: z.literal(true).optional(),
    optional: z.literal(true).optional(),
    absentIs: z.literal('pass').optional(),
    content: z.string().min(1).optional(),
    /** The node service reads the file when it starts, so one that is created waits for that. */
    restarts: z.literal(true).optional(),
    /** Nothing may be there. */
    absent: z.literal(true).optional(),
    readers: z.array(oneWord).min(1).readonly().optional(),
    /** Judged and never changed; the sentence says what to do instead. */
    fixed: z.string().min(1).optional(),
  })
  .refine((w) => !w.tree || (w.owner !== undefined && w.group !== undefined), {
    path: ['tree'],
    message: 'needs an owner and a group',
  })
  .refine((w) => !(w.optional && w.absentIs), {
    path: ['absentIs'],
    message: 'says something else than optional does',
  })
  .refine((w) => w.content === undefined || (!w.optional && !w.absentIs), {
    path: ['content'],
    message: 'is for a file that must exist',
  });

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly stat: Stat | undefined;
  /** The folder it lies in, when the file may have to be created. */
  readonly folder: Stat | undefined;
  readonly strays: readonly string[];
  /** Accounts that must be able to read it and cannot. */
  readonly shutOut: readonly string[];
};

function questions({ path, owner = '', group = '' }: Wanted) {
  return {
    own: { kind: 'stat', path },
    folder: { kind: 'stat', path: folderOf(path) },
    strays: { kind: 'strays', path, owner, group },
    access: (user: string): Question => ({ kind: 'access', path, user, want: 'r' }),
  } as const;
}

/** A file or folder: whether it is there, its mode as a ceiling, its owner and group, and who must be able to read it. */
export const file: Resource<Wanted, Observed> = {
  type: 'file',
  schema,
  ask: (wanted) => {
    const { own, folder, strays, access } = questions(wanted);
    return [
      own,
      ...(wanted.content === undefined ? [] : [folder]),
      ...(wanted.tree ? [strays] : []),
      ...(wanted.readers ?? []).map(access),
    ];
  },
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Answers): Read<Observed> {
  const asked = questions(wanted);
  const stat = readStat(answerTo(answers, asked.own), wanted.path);
  if (!stat.known) return stat;
  const parent =
    wanted.content === undefined
      ? known(undefined)
      : readStat(answerTo(answers, asked.folder), folderOf(wanted.path));
  if (!parent.known) return parent;
  const observed = { stat: stat.value, folder: parent.value, strays: [], shutOut: [] };
  if (stat.value === undefined) return known(observed);
  let strays: readonly string[] = [];
  if (wanted.tree) {
    const answer = answerTo(answers, asked.strays);
    if (answer.kind !== 'said') return unread(whyNot(answer, `what lies below ${wanted.path}`));
    strays = answer.text.split('\n').filter((line) => line !== '');
  }
  const shutOut: string[] = [];
  for (const user of wanted.readers ?? []) {
    const answer = answerTo(answers, asked.access(user));
    const word = answer.kind === 'said' ? answer.text.trim() : '';
    if (word !== 'yes' && word !== 'no') {
      return unread(
        whyNot(
          answer.kind === 'said' ? { kind: 'failed', exit: 0, message: 'neither yes nor no' } : answer,
          `whether ${user} may read ${wanted.path}`,
        ),
      );
    }
    if (word === 'no') shutOut.push(user);
  }
  return known({ ...observed, strays, shutOut });
}

function judge(wanted: Wanted, { stat, strays, shutOut }: Observed): Verdict {
  const aim = [attributeWords(wanted), wanted.readers ? `readable by ${wanted.readers.join(', ')}` : '']
    .filter((w) => w !== '')
    .join(', ');
  if (wanted.absent) return judgeStray(wanted, stat);
  if (!stat) return judgeAbsent(wanted, aim || 'present');
  const problems = [
    ...attributeProblems(stat, wanted),
    ...(strays.length > 0 ? [strayWords(wanted, strays)] : []),
    ...shutOut.map((user) => `${user} cannot read it`),
  ];
  return problems.length > 0
    ? { kind: 'fail', found: problems.join(', '), wanted: aim || 'present' }
    : { kind: 'pass', found: `${stat.mode} ${stat.owner}:${stat.group}`, wanted: aim || 'present' };
}

/** How many there are and one of them; which the others are, a word tells, for what was found may be waived as it is. */
function strayWords({ owner, group }: Wanted, strays: readonly string[]): string {
  const many = strays.length >= 20 ? '20 or more' : strays.length;
  const [first] = strays.toSorted();
  const all = strays.length > 1 ? ` (list ${mark(strays.toSorted().join('\n'))})` : '';
  return `${many} below not ${owner}:${group}, for example ${first}${all}`;
}

function judgeStray({ path }: Wanted, stat: Stat | undefined): Verdict {
  const there = `${path} is there, last changed ${stat ? new Date(stat.modified * 1000).toISOString().slice(0, 10) : ''}`;
  return { kind: stat ? 'fail' : 'pass', found: stat ? there : `no ${path}`, wanted: 'nothing there' };
}

function judgeAbsent(wanted: Wanted, aim: string): Verdict {
  if (wanted.optional) return notApplicable(`${wanted.path} does not exist`);
  const found = `${wanted.path} does not exist`;
  return { kind: wanted.absentIs === 'pass' ? 'pass' : 'fail', found, wanted: aim };
}

function change(wanted: Wanted, observed: Observed, place: Parameters<typeof file.change>[2]): Plan {
  const { stat, strays, shutOut } = observed;
  if (wanted.absent)
    return stat
      ? refused(
          `what ${wanted.path} holds may be somebody's only copy`,
          'Look at it, then remove it yourself.',
        )
      : { kind: 'nothing' };
  if (!stat) return planAbsent(wanted, observed);
  if (wanted.fixed !== undefined)
    return judge(wanted, observed).kind === 'pass'
      ? { kind: 'nothing' }
      : refused(`${wanted.path} is not for this program to change`, wanted.fixed);
  const after = attributesAfter(stat, wanted);
  const owner = wanted.owner ?? stat.owner;
  const group = wanted.group ?? stat.group;
  const own = attributeSteps(wanted.path, stat, wanted);
  const steps: readonly Step[] =
    strays.length === 0
      ? own
      : [
          {
            kind: 'set-owner',
            path: wanted.path,
            owner,
            group,
            before: `${stat.owner}:${stat.group}`,
            tree: true,
          },
          ...own.filter((step) => step.kind !== 'set-owner'),
        ];
  const reason =
    strays.length > 0
      ? refuseTree({ path: wanted.path, owner, group }, dataDirAt(place), place.distribution.etcd?.account)
      : undefined;
  if (reason !== undefined) return refused(reason, 'Correct single paths by hand after looking at each.');
  const lost = (wanted.readers ?? []).find((user) => cannotRead(user, after));
  if (lost !== undefined) {
    return refused(
      `${lost} must read ${wanted.path}, and could not with ${after.mode} ${after.owner}:${after.group}`,
      'Give it to that account or its group first.',
    );
  }
  if (steps.length === 0 && shutOut.length > 0) {
    return refused(
      `${shutOut.join(', ')} cannot read ${wanted.path}, and its own mode and owner are as wanted`,
      'Look at the folders above it (namei -l) and open the one that keeps the account out.',
    );
  }
  return stepsOrNothing(steps, false);
}

function planAbsent(wanted: Wanted, observed: Observed): Plan {
  if (wanted.optional || wanted.absentIs) return { kind: 'nothing' };
  if (wanted.content === undefined) {
    return refused(
      `${wanted.path} does not exist, and its content is not ours to invent`,
      'Find out why it is missing.',
    );
  }
  const root = { owner: wanted.owner ?? 'root', group: wanted.group ?? 'root' };
  const write = writeFile(wanted.path, undefined, wanted.content, undefined, {
    mode: wanted.mode ?? '0600',
    ...root,
  });
  if (write.kind === 'refused') return write;
  const folder: readonly Step[] = observed.folder
    ? []
    : [{ kind: 'make-folder', path: folderOf(wanted.path), mode: '0755', owner: 'root', group: 'root' }];
  return stepsOrNothing([...folder, write], wanted.restarts === true);
}

/** True only where it is certain: no right of the account's own, and none for groups or others. */
function cannotRead(user: string, stat: Stat): boolean {
  const bits = Number.parseInt(stat.mode, 8);
  if (user === 'root') return false;
  return user === stat.owner ? (bits & 0o400) === 0 : (bits & 0o044) === 0;
}
