import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat, type Stat, statFormat } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { attributeSteps } from './attributes.ts';
import { readListing } from './listing.ts';
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

/** A folder on the way, and whether an access list may let more accounts in than its mode says. */
type Passed = { readonly path: string; readonly stat: Stat; readonly list: boolean };

/** The folders on the way, outermost first; undefined when there is nothing below. */
type Observed = {
  readonly way: readonly Passed[] | undefined;
  /** Where the folder really lies, links followed. */
  readonly real: string;
  /** One folder that everybody may write. */
  readonly open: string | undefined;
};

/** So many folders deep a way may be, where it leads over links. */
const deepest = 16;

function questions({ below, depth }: Wanted) {
  const parts = below.split('/').filter((part) => part !== '');
  const paths = parts.map((_, n) => `/${parts.slice(0, n + 1).join('/')}`);
  // The kernel goes up from where a folder really is, whatever links lead to it.
  const ups = Array.from({ length: deepest }, (_, n) => `${below}${'/..'.repeat(n)}`);
  const command = (...words: string[]): Question => ({ kind: 'command', words });
  const writable = ['-xdev', '-maxdepth', String(depth), '-type', 'd', '-perm', '-0002', '-print', '-quit'];
  return {
    ups,
    stats: paths.map((path) => ({ kind: 'stat', path }) as const),
    real: command('readlink', '-f', below),
    physical: command('stat', '-L', '-c', `%n|${statFormat}`, ...ups),
    lists: command('ls', '-ldL', ...ups),
    open: command('find', '-H', below, ...writable),
  };
}

/**
 * Folders that everybody may write, of container images and pods: judged by the folders above the place where they really lie, for
 * whoever cannot pass those does not get there. The change closes one of these; what lies inside is never touched.
 */
export const outOfReach: Resource<Wanted, Observed> = {
  type: 'out-of-reach',
  schema,
  ask: (wanted) => {
    const { stats, real, physical, lists, open } = questions(wanted);
    return [...stats, real, physical, lists, open];
  },
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Answers): Read<Observed> {
  const asked = questions(wanted);
  const { below } = wanted;
  const named: (readonly [string, Stat])[] = [];
  for (const question of asked.stats) {
    const stat = readStat(answerTo(answers, question), question.path);
    if (!stat.known) return stat;
    if (stat.value === undefined) return known({ way: undefined, real: below, open: undefined });
    named.push([question.path, stat.value]);
  }
  const open = answerTo(answers, asked.open);
  if (open.kind !== 'said') return unread(whyNot(open, `what everybody may write below ${below}`));
  const link = answerTo(answers, asked.real);
  const real = link.kind === 'said' ? link.text.replace(/\n$/, '') : '';
  if (link.kind !== 'said' || !real.startsWith('/'))
    return unread(whyNot(link, `where ${below} really lies`));
  const physical = answerTo(answers, asked.physical);
  if (physical.kind !== 'said') return unread(whyNot(physical, `the folders above ${real}`));
  const listed = answerTo(answers, asked.lists);
  if (listed.kind !== 'said') return unread(whyNot(listed, `whether access lists are set above ${real}`));
  const found = physicalWay(real, asked.ups, physical.text);
  if (!found.known) return found;
  const stats = real === below ? named : found.value;
  const way: Passed[] = [];
  for (const [n, [path, stat]] of stats.entries()) {
    const line = lineOf(listed.text, asked.ups[stats.length - 1 - n] ?? '');
    const mark = /^[a-z-]{10}([^\w\s]?) /i.exec(line ?? '')?.[1];
    if (mark === undefined) return unread(`whether ${path} has an access list was not answered`);
    way.push({ path, stat, list: mark === '+' });
  }
  const [first = ''] = open.text.split('\n');
  return known({ way, real, open: first === '' ? undefined : first });
}

function lineOf(listing: string, path: string): string | undefined {
  return listing.split('\n').find((line) => line.endsWith(` ${path}`));
}

/** The folders above the place where a link leads, outermost first. */
function physicalWay(real: string, ups: readonly string[], text: string): Read<(readonly [string, Stat])[]> {
  const parts = real.split('/').filter((part) => part !== '');
  if (parts.length > ups.length) return unread(`${real} lies more than ${deepest} folders deep`);
  const listing = readListing(text);
  if (!listing.known) return listing;
  const stats = new Map(listing.value);
  const way: (readonly [string, Stat])[] = [];
  for (const n of parts.keys()) {
    const path = `/${parts.slice(0, n + 1).join('/')}`;
    const stat = stats.get(ups[parts.length - 1 - n] ?? '');
    if (!stat) return unread(`the mode of ${path} was not answered`);
    way.push([path, stat]);
  }
  return known(way);
}

function judge({ below, door }: Wanted, { way, real, open }: Observed): Verdict {
  if (way === undefined) return notApplicable(`${below} does not exist`);
  const wanted = 'a folder on the way that only root can pass';
  const over = real === below ? '' : `${below} really lies in ${real}: `;
  const shown = way.map(({ path, stat }) => `${path} ${stat.mode} ${stat.owner}:${stat.group}`);
  if (open === undefined)
    return { kind: 'pass', found: `nothing that everybody may write below ${below}`, wanted };
  const closed = way.findIndex((each) => isClosed(each.stat) && !mayLetIn(each));
  if (closed >= 0)
    return {
      kind: 'pass',
      found: `${over}${shown[closed]?.replace(' ', ' is ')}`,
      wanted,
      reason: `${open} may be written by everybody, and nobody but root gets there: a finding there is a false positive`,
    };
  const listed = way.find((each) => isClosed(each.stat) && mayLetIn(each));
  if (listed)
    return unknown(
      `${listed.path} is ${listed.stat.mode} and has an access list, which may let others pass all the same; getfacl ${listed.path} shows whom`,
      wanted,
    );
  return {
    kind: 'fail',
    found: `${over}${shown.join(', ')}`,
    wanted,
    reason: `everybody on this machine gets to ${open} and may write there; ${door} does not keep them out`,
  };
}

/** Whether an access list may let others pass: the bits of the group are the most that it can give anybody. */
function mayLetIn({ stat, list }: Passed): boolean {
  return list && (Number.parseInt(stat.mode, 8) & 0o010) !== 0;
}

/** Whether nobody but root can pass a folder. */
function isClosed({ mode, owner, group }: Stat): boolean {
  const bits = Number.parseInt(mode, 8);
  return owner === 'root' && (bits & 0o001) === 0 && ((bits & 0o010) === 0 || group === 'root');
}

function change(wanted: Wanted, observed: Observed): Plan {
  const { way, real } = observed;
  if (way === undefined || judge(wanted, observed).kind !== 'fail') return { kind: 'nothing' };
  const door = way.find(({ path }) => path === wanted.door)?.stat;
  if (door?.owner !== 'root')
    return refused(
      `${wanted.door} ${door ? `belongs to ${door.owner}, so closing it would not keep ${door.owner} out` : `is not on the way to ${real}`}`,
      'Look at the folders on the way (namei -l) and close one that belongs to root: that folder alone, never what is in it.',
    );
  return stepsOrNothing(attributeSteps(wanted.door, door, { mode: '0700' }), false);
}
