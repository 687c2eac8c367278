import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { attributeSteps } from './attributes.ts';
import { absolutePath } from './values.ts';
import { refused, stepsOrNothing } from './write.ts';

const schema = z.strictObject({
  /** The folder below which a scanner finds what everybody may write. */
  below: absolutePath,
  /** How many folders deep it is looked for there. */
  depth: z.number().int().min(1).max(8),
  /** The folder above it that the change closes, itself and nothing in it. */
  door: absolutePath,
});

type Wanted = z.infer<typeof schema>;

/** The folders on the way, outermost first, each with its mode and owner; undefined when there is nothing below. */
type Observed = {
  readonly way: readonly (readonly [string, Stat])[] | undefined;
  /** One folder that everybody may write. */
  readonly open: string | undefined;
};

function questions({ below, depth }: Wanted): {
  readonly stats: readonly Question[];
  readonly open: Question;
} {
  const parts = below.split('/').filter((part) => part !== '');
  const paths = parts.map((_, n) => `/${parts.slice(0, n + 1).join('/')}`);
  const find = ['find', below, '-xdev', '-maxdepth', String(depth), '-type', 'd', '-perm', '-0002'];
  return {
    stats: paths.map((path) => ({ kind: 'stat', path })),
    open: { kind: 'command', words: [...find, '-print', '-quit'] },
  };
}

/**
 * Folders that everybody may write, of container images and pods: judged by the folders above them, for whoever cannot pass those
 * does not get there. The change closes one of these; what lies inside is never touched.
 */
export const outOfReach: Resource<Wanted, Observed> = {
  type: 'out-of-reach',
  schema,
  ask: (wanted) => {
    const { stats, open } = questions(wanted);
    return [...stats, open];
  },
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Answers): Read<Observed> {
  const { stats, open } = questions(wanted);
  const way: (readonly [string, Stat])[] = [];
  for (const question of stats) {
    if (question.kind !== 'stat') continue;
    const stat = readStat(answerTo(answers, question), question.path);
    if (!stat.known) return stat;
    if (stat.value === undefined) return known({ way: undefined, open: undefined });
    way.push([question.path, stat.value]);
  }
  const found = answerTo(answers, open);
  if (found.kind !== 'said') return unread(whyNot(found, `what everybody may write below ${wanted.below}`));
  const [first = ''] = found.text.split('\n');
  return known({ way, open: first === '' ? undefined : first });
}

function judge({ below, door }: Wanted, { way, open }: Observed): Verdict {
  if (way === undefined) return notApplicable(`${below} does not exist`);
  const wanted = 'a folder on the way that only root can pass';
  const closed = way.find(([, stat]) => isClosed(stat));
  const shown = way.map(([path, stat]) => `${path} ${stat.mode} ${stat.owner}:${stat.group}`).join(', ');
  if (open === undefined)
    return { kind: 'pass', found: `nothing that everybody may write below ${below}`, wanted };
  if (closed)
    return {
      kind: 'pass',
      found: `${closed[0]} is ${closed[1].mode} ${closed[1].owner}:${closed[1].group}`,
      wanted,
      reason: `${open} may be written by everybody, and nobody but root gets there: a finding there is a false positive`,
    };
  return {
    kind: 'fail',
    found: shown,
    wanted,
    reason: `everybody on this machine gets to ${open} and may write there; ${door} does not keep them out`,
  };
}

/** Whether nobody but root can pass a folder. */
function isClosed({ mode, owner, group }: Stat): boolean {
  const bits = Number.parseInt(mode, 8);
  return owner === 'root' && (bits & 0o001) === 0 && ((bits & 0o010) === 0 || group === 'root');
}

function change(wanted: Wanted, observed: Observed): Plan {
  const { way } = observed;
  if (way === undefined || judge(wanted, observed).kind === 'pass') return { kind: 'nothing' };
  const door = way.find(([path]) => path === wanted.door)?.[1];
  if (door?.owner !== 'root')
    return refused(
      `${wanted.door} ${door ? `belongs to ${door.owner}, so closing it would not keep ${door.owner} out` : `is not on the way to ${wanted.below}`}`,
      'Look at the folders on the way (namei -l) and close one that belongs to root: that folder alone, never what is in it.',
    );
  return stepsOrNothing(attributeSteps(wanted.door, door, { mode: '0700' }), false);
}
