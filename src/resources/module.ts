import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { type NamedText, readFile, readNamedTexts, readStat, type Stat } from '../domain/evidence.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { readListing, statListing } from './listing.ts';
import { type Ban, bansIn, inForce, ruleFolders, withoutBans } from './modprobe-rules.ts';
import { oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const schema = z
  .strictObject({
    name: z.string().regex(/^\w+$/, 'the name of a module, with underscores'),
    /** Our own list of modules to load at boot. */
    file: z
      .string()
      .regex(
        /^\/etc\/modules-load\.d\/[^/\s]+\.conf$/,
        'a file directly in /etc/modules-load.d whose name ends in .conf',
      ),
    /** A kernel value, or a line of /proc/filesystems, that is there once the module is: built into the kernel, it is in no list. */
    key: oneWord.optional(),
    filesystem: oneWord.optional(),
  })
  .refine((w) => (w.key === undefined) !== (w.filesystem === undefined), {
    message: 'needs exactly one of key and filesystem',
  });

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly loaded: boolean;
  /** What is loaded at boot, and what keeps it from being loaded. */
  readonly lists: readonly NamedText[];
  readonly rules: readonly NamedText[];
  readonly stats: ReadonlyMap<string, Stat>;
  readonly own: Stat | undefined;
  /** Whether the folder of our own list is there. */
  readonly hasFolder: boolean;
};

const listFolders = ['/etc/modules-load.d', '/run/modules-load.d', '/usr/lib/modules-load.d'];
/** The only folder of rules that is the operator's own. */
const ruleFolder = '/etc/modprobe.d';

function questions({ file, key }: Wanted) {
  const proof: Question =
    key === undefined ? { kind: 'file', path: '/proc/filesystems' } : { kind: 'kernel', key };
  return {
    modules: { kind: 'file', path: '/proc/modules' } as Question,
    proof,
    own: { kind: 'stat', path: file } as Question,
    lists: listFolders.map((path): Question => ({ kind: 'folder', path, suffix: '.conf' })),
    rules: ruleFolders.map((path): Question => ({ kind: 'folder', path, suffix: '.conf' })),
    folder: { kind: 'stat', path: ruleFolder } as Question,
    stats: statListing(ruleFolder),
  };
}

/**
 * A kernel module that a cluster needs: loaded, loaded again at the next boot where a list can say so, and not kept away by a rule of
 * modprobe, under which modprobe succeeds without loading anything.
 */
export const module: Resource<Wanted, Observed> = {
  type: 'module',
  schema,
  ask: (wanted) => {
    const { lists, rules, ...rest } = questions(wanted);
    return [...Object.values(rest), ...rules, ...lists];
  },
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Parameters<typeof answerTo>[0]): Read<Observed> {
  const asked = questions(wanted);
  const modules = readFile(answerTo(answers, asked.modules), '/proc/modules');
  if (!modules.known) return modules;
  const proof = answerTo(answers, asked.proof);
  if (proof.kind !== 'said' && proof.kind !== 'absent')
    return unread(whyNot(proof, `whether ${wanted.name} is there`));
  if (proof.kind === 'said' && proof.text.trim() === '')
    return unread(`${wanted.key ?? '/proc/filesystems'} came back empty`);
  const shown =
    proof.kind === 'said' &&
    (wanted.filesystem === undefined ||
      proof.text.split('\n').some((l) => l.split('\t').at(-1) === wanted.filesystem));
  if (wanted.filesystem !== undefined && proof.kind !== 'said')
    return unread('/proc/filesystems is not there');
  const listed = (modules.value ?? '').split('\n').some((l) => l.split(' ')[0] === wanted.name);
  const lists: NamedText[] = [];
  for (const [i, question] of asked.lists.entries()) {
    const texts = readNamedTexts(answerTo(answers, question), listFolders[i] ?? '');
    if (!texts.known) return texts;
    lists.push(...texts.value);
  }
  const rules: NamedText[] = [];
  for (const [i, question] of asked.rules.entries()) {
    const texts = readNamedTexts(answerTo(answers, question), ruleFolders[i] ?? '');
    if (!texts.known) return texts;
    rules.push(...texts.value);
  }
  const own = readStat(answerTo(answers, asked.own), wanted.file);
  if (!own.known) return own;
  const folder = readStat(answerTo(answers, asked.folder), ruleFolder);
  if (!folder.known) return folder;
  const listing = answerTo(answers, asked.stats);
  if (folder.value && listing.kind !== 'said') return unread(whyNot(listing, `the files in ${ruleFolder}`));
  const stats = readListing(listing.kind === 'said' ? listing.text : '');
  if (!stats.known) return stats;
  return known({
    loaded: shown || listed,
    lists,
    rules: inForce(rules),
    stats: new Map(stats.value),
    own: own.value,
    hasFolder: answerTo(answers, asked.lists[0] ?? asked.own).kind !== 'absent',
  });
}

function judge({ name }: Wanted, observed: Observed): Verdict {
  const wanted = `${name} loaded, and nothing that keeps it away`;
  const banned = bans(observed, name);
  // A blacklist only stops loading by alias; a module that is there, or is loaded by name at boot, does not mind it.
  const counting = banned.filter(
    (b) => b.kind === 'hard' || (b.kind === 'by-alias' && !observed.loaded && !isListed(observed, name)),
  );
  const [unsure] = banned.filter((b) => b.kind === 'not-known');
  if (unsure && counting.length === 0)
    return unknown(
      `${unsure.path}:${unsure.line} runs a command in place of loading ${name} (${unsure.raw}), and whether that loads it is not known; read it there`,
      wanted,
    );
  const found = [
    observed.loaded ? `${name} is loaded` : `${name} is not loaded`,
    ...counting.map((b) => `${b.path}:${b.line} keeps it away (${b.raw})`),
    ...(!observed.loaded && !isListed(observed, name) ? ['no file of modules-load.d loads it at boot'] : []),
  ].join('; ');
  return { kind: observed.loaded && counting.length === 0 ? 'pass' : 'fail', found, wanted };
}

function change(wanted: Wanted, observed: Observed): Plan {
  const { name, file } = wanted;
  const steps: Step[] = [];
  // What nobody here understands is left as it is.
  const banned = bans(observed, name).filter((b) => b.kind !== 'not-known');
  if (judge(wanted, observed).kind !== 'fail') return { kind: 'nothing' };
  for (const path of new Set(banned.map((b) => b.path))) {
    const step = lifted(path, name, observed);
    if (step.kind === 'refused') return step;
    steps.push(step);
  }
  if (!isListed(observed, name)) {
    const before = observed.lists.find((f) => f.path === file)?.text;
    const whole =
      before === undefined || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`;
    const step = writeFile(file, before, `${whole}${name}\n`, observed.own, {
      mode: '0644',
      owner: 'root',
      group: 'root',
    });
    if (step.kind === 'refused') return step;
    if (!observed.hasFolder)
      steps.push({
        kind: 'make-folder',
        path: listFolders[0] ?? '',
        mode: '0755',
        owner: 'root',
        group: 'root',
      });
    steps.push(step);
  }
  if (!observed.loaded) {
    const why = `It puts ${name} into the running kernel; undo takes it out again, unless something uses it by then.`;
    steps.push({ kind: 'run', words: ['modprobe', name], why, undo: [['modprobe', '-r', name]] });
  }
  return stepsOrNothing(steps, false);
}

/** A file of rules with those against a module made comments. */
function lifted(path: string, name: string, observed: Observed) {
  if (!path.startsWith(`${ruleFolder}/`))
    return refused(
      `${path} keeps ${name} away, and it is not in ${ruleFolder}, so whatever put it there would write it anew`,
      `Copy it to ${ruleFolder} under the same name, take the rule out of the copy, and ask again with r: the copy then counts instead.`,
    );
  const text = observed.rules.find((f) => f.path === path)?.text ?? '';
  const stat = observed.stats.get(path);
  if (!stat)
    return refused(
      `who owns ${path}, and its mode, is not known`,
      'Ask again; if it stays so, correct that file by hand.',
    );
  const whole = withoutBans(
    text,
    bansIn({ path, text }, name).filter((b) => b.kind !== 'not-known'),
  );
  return writeFile(path, text, whole, stat, stat);
}

function bans({ rules }: Observed, name: string): readonly Ban[] {
  return rules.flatMap((file) => bansIn(file, name));
}

function isListed({ lists }: Observed, name: string): boolean {
  return lists.some(({ text }) => text.split('\n').some((l) => l.trim().replaceAll('-', '_') === name));
}
