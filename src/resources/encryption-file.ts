import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { type Container, readContainer } from '../domain/container.ts';
import { readFile, readStat, type Stat } from '../domain/evidence.ts';
import { newKeyMark } from '../domain/new-key.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { attributeProblems, attributeSteps } from './attributes.ts';
import { type EncryptionText, readEncryption } from './encryption-text.ts';
import { flagValue } from './flags.ts';
import { absolutePath, oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const attributes = { mode: '0600', owner: 'root', group: 'root' };

const schema = z.strictObject({
  /** Where it lies unless the flag says otherwise, and where else it may lie. */
  path: absolutePath,
  others: z.array(absolutePath).readonly().default([]),
  /** The container that reads it, and the flags that may name it. */
  container: oneWord,
  flags: z.array(oneWord).min(1).readonly(),
  /** Providers that encrypt well enough to come first. */
  providers: z.array(oneWord).min(1).readonly(),
  /** SHA-256 of keys that stand in public texts, as they are written there. */
  published: z.array(z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hexadecimal')).readonly(),
  /** The whole text of the file when it is missing, with the mark of a new key; without it a missing file is left to a person. */
  create: z
    .string()
    .refine((text) => text.includes(newKeyMark), `needs ${newKeyMark} where the key goes`)
    .optional(),
  /** The way to a file with one key on every server, in one sentence. */
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly path: string;
  /** Whether the container is told to read a file; undefined where it does not run. */
  readonly told: boolean | undefined;
  /** Since when the container runs with what it read; undefined where it does not run, or reads the file anew by itself. */
  readonly since: Read<number | undefined>;
  readonly file: { readonly stat: Stat; readonly text: EncryptionText } | undefined;
};

function questions({ path, others, container }: Wanted) {
  return {
    container: { kind: 'container', name: container },
    files: [path, ...others].map((each) => ({
      path: each,
      stat: { kind: 'stat', path: each } as const,
      text: { kind: 'file', path: each } as const,
    })),
  } as const;
}

/**
 * The configuration with which the API server encrypts Secrets. It is judged in memory, and no key of it is shown or recorded.
 * A file that is there is never written over; a new one holds a mark, for which the key is put in when it is sent.
 */
export const encryptionFile: Resource<Wanted, Observed> = {
  type: 'encryption-file',
  schema,
  ask: (wanted): readonly Question[] => {
    const asked = questions(wanted);
    return [asked.container, ...asked.files.flatMap(({ stat, text }) => [stat, text])];
  },
  read: (wanted, answers): Read<Observed> => {
    const asked = questions(wanted);
    const container = readContainer(answerTo(answers, asked.container), wanted.container);
    if (!container.known) return container;
    const named = wanted.flags
      .map((flag) => flagValue(container.value?.args ?? [], flag))
      .find((value) => value !== undefined);
    const told = container.value?.state === 'running' ? named !== undefined : undefined;
    const since = told ? startOf(container.value, wanted) : known(undefined);
    // What another place holds is looked at too: a file that comes and goes there would be somebody's work under way.
    const files: Found[] = [];
    for (const file of asked.files) {
      const found = fileFound(file, answers);
      if (!found.known) return found;
      if (found.value) files.push(found.value);
    }
    if (named !== undefined && !asked.files.some((file) => file.path === named))
      return unread(`${wanted.container} reads ${named}, and what stands there was not asked for`);
    const used = files.find((file) => named === undefined || file.path === named);
    if (used) {
      const content = readEncryption(used.text, used.path);
      return content.known
        ? known({ path: used.path, told, since, file: { stat: used.stat, text: content.value } })
        : content;
    }
    return known({ path: named ?? wanted.path, told, since, file: undefined });
  },
  judge,
  change,
};

function startOf(container: Container | undefined, { flags }: Wanted): Read<number | undefined> {
  const args = container?.args ?? [];
  if (flags.some((flag) => flagValue(args, `${flag}-automatic-reload`) === 'true')) return known(undefined);
  const started = Date.parse(container?.started ?? '') / 1000;
  return Number.isNaN(started)
    ? unread(`when the container ${container?.name} was started could not be read`)
    : known(started);
}

type Found = { readonly path: string; readonly stat: Stat; readonly text: string };

function fileFound(
  file: ReturnType<typeof questions>['files'][number],
  answers: Answers,
): Read<Found | undefined> {
  const { path } = file;
  const stat = readStat(answerTo(answers, file.stat), path);
  if (!stat.known) return stat;
  const text = readFile(answerTo(answers, file.text), path);
  if (!text.known) return text;
  if (stat.value === undefined && text.value === undefined) return known(undefined);
  return stat.value === undefined || text.value === undefined
    ? unread(`${path} came or went while it was looked at`)
    : known({ path, stat: stat.value, text: text.value });
}

function judge(wanted: Wanted, { path, told, since, file }: Observed): Verdict {
  const aim = `${path} 0600 root:root, with ${wanted.providers.join(' or ')} first, a key of 32 bytes of your own, identity last or nowhere`;
  if (!file) return { kind: 'fail', found: `${path} does not exist`, wanted: aim };
  const problems = [...attributeProblems(file.stat, attributes), ...contentProblems(wanted, file.text)];
  const marks = file.text.keys.map((key) => `${key.name} ${key.fingerprint.slice(0, 8)}`).join(', ');
  if (problems.length > 0) return { kind: 'fail', found: problems.join(', '), wanted: aim };
  // A file that is made first, by hand, is good before anything reads it; one that somebody else makes is not.
  if (wanted.create === undefined && told !== true)
    return told === false
      ? { kind: 'fail', found: `${path} is right, but ${notTold(wanted)}`, wanted: aim }
      : unknown(`${wanted.container} does not run, so whether it reads ${path} cannot be seen`, aim);
  const found = `${file.text.providers[0]}, fingerprint of ${marks}`;
  if (!since.known) return unknown(since.reason, aim);
  // Its mode and owner are in force at once: what counts is when its content was written.
  if (since.value !== undefined && Math.floor(since.value) < file.stat.modified)
    return {
      kind: 'pending-restart',
      found,
      wanted: aim,
      reason: `${wanted.container} was started before ${path} was written; restart that container`,
    };
  return { kind: 'pass', found, wanted: aim };
}

function notTold({ container }: Wanted): string {
  return `${container} is not told to read it, so it encrypts nothing`;
}

function contentProblems(wanted: Wanted, text: EncryptionText): readonly string[] {
  const [first = 'nothing'] = text.providers;
  return [
    ...(text.kind ? [] : ['its kind is neither EncryptionConfig nor EncryptionConfiguration']),
    ...(text.secrets ? [] : ['no rule is for secrets']),
    ...(wanted.providers.includes(first) ? [] : [`${first} comes first`]),
    // Without it, what was stored in plain text cannot be read any more, which is as strict as it gets.
    ...(text.providers.slice(0, -1).includes('identity') ? ['identity is not last'] : []),
    ...(text.keys.length === 0 && first !== 'kms' ? ['it holds no key'] : []),
    ...text.keys.filter((key) => !key.whole).map((key) => `${key.name} is not 32 bytes`),
    ...text.keys
      .filter((key) => wanted.published.includes(key.fingerprint))
      .map((key) => `${key.name} is a key that stands in public documentation`),
  ];
}

function change(wanted: Wanted, { path, told, file }: Observed): Plan {
  if (!file && wanted.create !== undefined && path === wanted.path) {
    const write = writeFile(path, undefined, wanted.create, undefined, attributes);
    return write.kind === 'refused' ? write : stepsOrNothing([write], false);
  }
  if (!file)
    return refused(
      `${path} does not exist, and a key made for one node would make Secrets unreadable on the others`,
      wanted.instead,
    );
  const [problem] = contentProblems(wanted, file.text);
  if (problem !== undefined)
    return refused(
      `${path}: ${problem}; an edit of a file that holds a key can make Secrets unreadable`,
      `${wanted.instead} To change a key that is in use, add a new one first and have every Secret written again before you take the old one out.`,
    );
  const steps = attributeSteps(path, file.stat, attributes);
  return steps.length === 0 && wanted.create === undefined && told === false
    ? refused(`${path} is right, but ${notTold(wanted)}`, wanted.instead)
    : stepsOrNothing(steps, false);
}
