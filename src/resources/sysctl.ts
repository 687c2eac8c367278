import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { readStat, type Stat } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { readListing, statListing } from './listing.ts';
import { readSysctlTexts, type SysctlFile } from './sysctl-files.ts';
import { sysctlValue } from './sysctl-lines.ts';
import { correctedFiles } from './sysctl-offender.ts';
import { bootWinner, type Setter, setters } from './sysctl-precedence.ts';
import { oneWord } from './values.ts';
import { refused, stepsOrNothing } from './write.ts';

const value = z.union([z.string().min(1), z.number()]).transform((v) => sysctlValue(String(v)));

const schema = z.strictObject({
  key: oneWord,
  /** Any of these is healthy; the first is what a cure sets. */
  oneOf: z.array(value).min(1).readonly(),
  /** Our own file, written where no line of the operator's has to be corrected. */
  file: z
    .string()
    .regex(/^\/etc\/sysctl\.d\/[^/\s]+\.conf$/, 'a file directly in /etc/sysctl.d whose name ends in .conf'),
  /** What it means that this kernel has no such key; it cannot be cured by setting it. */
  absent: z.string().min(1).optional(),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  /** Undefined when this kernel has no such key. */
  readonly running: string | undefined;
  readonly files: readonly SysctlFile[];
  readonly stats: ReadonlyMap<string, Stat>;
};

const folder = '/etc/sysctl.d';
const alone = ['/etc/sysctl.conf', '/etc/ufw/sysctl.conf'];

/** What tells who sets kernel values at boot, with the owners and modes of the files that may be corrected. */
export const sysctlQuestions: readonly Question[] = [
  { kind: 'sysctl-files' },
  { kind: 'stat', path: folder },
  statListing(folder),
  ...alone.map((path) => ({ kind: 'stat', path }) as const),
];

/** Reads the answers to `sysctlQuestions`. */
export function readSysctlFiles(
  answers: Parameters<typeof answerTo>[0],
): Read<Pick<Observed, 'files' | 'stats'>> {
  const files = readSysctlTexts(answerTo(answers, { kind: 'sysctl-files' }));
  if (!files.known) return files;
  const own = readStat(answerTo(answers, { kind: 'stat', path: folder }), folder);
  if (!own.known) return own;
  const stats = new Map<string, Stat>();
  if (own.value) {
    const listing = answerTo(answers, statListing(folder));
    // An empty folder leaves find with nothing to start stat for.
    if (listing.kind !== 'said') return unread(whyNot(listing, `the files in ${folder}`));
    const read = readListing(listing.text);
    if (!read.known) return read;
    for (const [path, stat] of read.value) stats.set(path, stat);
  }
  for (const path of alone) {
    const stat = readStat(answerTo(answers, { kind: 'stat', path }), path);
    if (!stat.known) return stat;
    if (stat.value) stats.set(path, stat.value);
  }
  return known({ files: files.value, stats });
}

/**
 * A kernel value that a cluster needs: right now, and not made wrong by a file at the next boot. Unlike `kernel` it asks no file
 * to set it, for the container runtime or the network plugin often does; and its change corrects the line that is to blame.
 */
export const sysctl: Resource<Wanted, Observed> = {
  type: 'sysctl',
  schema,
  ask: ({ key }) => [{ kind: 'kernel', key }, ...sysctlQuestions],
  read: ({ key }, answers) => {
    const running = answerTo(answers, { kind: 'kernel', key });
    if (running.kind !== 'said' && running.kind !== 'absent') return unread(whyNot(running, key));
    if (running.kind === 'said' && running.text.trim() === '') return unread(`${key} came back empty`);
    const files = readSysctlFiles(answers);
    if (!files.known) return files;
    return known({
      ...files.value,
      running: running.kind === 'said' ? running.text.replace(/\n$/, '') : undefined,
    });
  },
  judge,
  change,
};

function judge(wanted: Wanted, { running, files }: Observed): Verdict {
  const aim = `${wanted.key} = ${wanted.oneOf.join(' or ')}, now and at the next boot`;
  if (running === undefined)
    return {
      kind: 'fail',
      found: `this kernel has no ${wanted.key}${wanted.absent ? `: ${wanted.absent}` : ''}`,
      wanted: aim,
    };
  const right = wanted.oneOf.includes(sysctlValue(running));
  const winner = bootWinner(files, wanted.key);
  const kept = winner?.value === undefined || wanted.oneOf.includes(winner.value);
  return {
    kind: right && kept ? 'pass' : 'fail',
    found: `${wanted.key} is ${sysctlValue(running)} now; ${atBoot(files, wanted.key, winner)}`,
    wanted: aim,
  };
}

/** Who sets a key at the next boot: every line that does, in order, and which of them counts. */
export function atBoot(files: readonly SysctlFile[], key: string, winner: Setter | undefined): string {
  const all = setters(files, key).filter((s) => s.value !== undefined);
  const others = all.filter((s) => s.path !== winner?.path || s.line !== winner?.line);
  const words = others.map((s) => `${s.path}:${s.line} ${because[s.counts]} (${s.value})`);
  const first = winner
    ? `at boot ${winner.path}:${winner.line} sets it to ${winner.value}`
    : 'no file sets it at boot';
  return words.length > 0 ? `${first}; ${words.join(', ')}` : first;
}

const because: Readonly<Record<Setter['counts'], string>> = {
  applies: 'comes before it',
  yields: 'gives way to a line that names the key',
  repeats: 'repeats an earlier line and counts in its place',
  masked: 'is masked by a file of its name',
  'not-read': 'is not read at boot',
};

function change(wanted: Wanted, { running, files, stats }: Observed): Plan {
  if (running === undefined)
    return refused(
      `this kernel has no key ${wanted.key}`,
      wanted.absent ?? 'Find out which kernel module brings it.',
    );
  const right = wanted.oneOf.includes(sysctlValue(running));
  const winner = bootWinner(files, wanted.key);
  const kept = winner?.value === undefined ? right : wanted.oneOf.includes(winner.value);
  const writes = kept
    ? []
    : correctedFiles([{ key: wanted.key, values: wanted.oneOf, file: wanted.file }], files, stats);
  if ('kind' in writes) return writes;
  const [to = ''] = wanted.oneOf;
  return stepsOrNothing(
    right ? writes : [...writes, { kind: 'set-kernel', key: wanted.key, value: to, before: running }],
    false,
  );
}
