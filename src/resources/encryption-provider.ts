import * as z from 'zod';
import { known } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { newestTime } from '../domain/evidence.ts';
import type { Resource } from '../domain/resource.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { judgeByAge } from './activity.ts';
import { type EncryptionText, readEncryption } from './encryption-text.ts';
import { flagValue } from './flags.ts';
import { type NamedBy, type NamedFile, namedFileQuestions, readNamedFile } from './named-file.ts';
import { absolutePath, oneWord } from './values.ts';
import { refused } from './write.ts';

const schema = z.strictObject({
  /** Where it lies unless the flag says otherwise, and where else it may lie. */
  path: absolutePath,
  others: z.array(absolutePath).readonly().default([]),
  /** Providers of which one must come first for Secrets. */
  providers: z.array(oneWord).min(1).readonly(),
  /** The way to it, in one sentence. */
  instead: z.string().min(1),
});

type Wanted = z.infer<typeof schema>;

type Observed = NamedFile & { readonly content: EncryptionText | undefined };

const service = 'kube-apiserver';
const flag = 'encryption-provider-config';

function namedBy({ path, others }: Wanted): NamedBy {
  return { service, flag, path, others };
}

/** Which provider encrypts Secrets, in the file that the API server is given. It is judged in memory, and only the provider is told. */
export const encryptionProvider: Resource<Wanted, Observed> = {
  type: 'encryption-provider',
  schema,
  ask: (wanted, place) => namedFileQuestions(namedBy(wanted), place),
  read: (wanted, answers, place: Place) => {
    const file = readNamedFile(namedBy(wanted), answers, place);
    if (!file.known) return file;
    if (file.value.text === undefined) return known({ ...file.value, content: undefined });
    const content = readEncryption(file.value.text, file.value.path);
    return content.known ? known({ ...file.value, content: content.value }) : content;
  },
  judge,
  change: (wanted, observed) =>
    problemOf(wanted, observed) === undefined
      ? { kind: 'nothing' }
      : refused(
          `${observed.path}: ${problemOf(wanted, observed)}; an edit of a file that holds a key can make Secrets unreadable`,
          wanted.instead,
        ),
};

function judge(wanted: Wanted, observed: Observed): Verdict {
  const { path, component, running, stat, content } = observed;
  const aim = `${wanted.providers.join(' or ')} first for Secrets, in ${path}`;
  const problem = problemOf(wanted, observed);
  if (problem !== undefined) return { kind: 'fail', found: problem, wanted: aim };
  const [args] = component.processes ?? [];
  if (!args) return unknown(`${service} is not running, so what is in force cannot be seen`, aim);
  const right = { found: content?.providers[0] ?? '', wanted: aim };
  if (running === undefined)
    return { kind: 'fail', found: `${path} is right, but ${service} is not told to read it`, wanted: aim };
  if (running !== path)
    return {
      ...right,
      kind: 'pending-restart',
      reason: `${component.unit} runs with ${running} until it restarts`,
    };
  if (flagValue(args, `${flag}-automatic-reload`) === 'true') return { ...right, kind: 'pass' };
  return judgeByAge(right, component.since, { path, modified: stat && newestTime(stat) }, component.unit);
}

/** What of the file is not as wanted, in words. */
function problemOf({ providers }: Wanted, { path, content }: Observed): string | undefined {
  if (!content) return `${path} does not exist`;
  const [first = 'nothing'] = content.providers;
  if (!content.kind) return 'its kind is neither EncryptionConfig nor EncryptionConfiguration';
  if (!content.secrets) return 'no rule is for secrets';
  return providers.includes(first) ? undefined : `${first} comes first`;
}
