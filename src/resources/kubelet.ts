import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import { readProcess } from '../domain/evidence.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo } from '../domain/question.ts';
import type { Resource } from '../domain/resource.ts';
import {
  changeArgument,
  flagShape,
  inWords,
  judgeArgument,
  type ObservedArgument,
  oneTest,
  processQuestion,
  viaQuestions,
  withVia,
} from './argument.ts';
import { flagItems, flagValue, whyDoubtful } from './flags.ts';
import { kubeletFileQuestions, otherKubeletFile, readKubeletFiles } from './kubelet-files.ts';
import { treeSteps, valueAt } from './tree.ts';
import { absolutePath, treePath } from './values.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

const schema = z
  .strictObject({
    ...flagShape,
    /** Where the same setting stands in a configuration file of the kubelet. */
    field: treePath,
    /** The folder of configuration files that the distribution hands to the kubelet. */
    folder: absolutePath,
  })
  .refine(...oneTest)
  .refine(...inWords);

type Wanted = z.infer<typeof schema>;

const process = { process: 'kubelet' } as const;

/** A setting of the running kubelet: its flag when it has one, else what the last of its configuration files says. */
export const kubelet: Resource<Wanted, ObservedArgument> = {
  type: 'kubelet',
  schema,
  ask: (wanted, place) => [
    processQuestion(process),
    ...kubeletFileQuestions(wanted.folder),
    ...viaQuestions(wanted, place),
  ],
  read: (wanted, answers, place) => {
    const processes = readProcess(answerTo(answers, processQuestion(process)), 'kubelet');
    if (!processes.known) return processes;
    const values: (string | undefined)[] = [];
    for (const args of processes.value ?? []) {
      const value = settingOf(wanted, args, answers);
      if (!value.known) return value;
      values.push(value.value);
    }
    return withVia({ ...wanted, ...process }, processes.value ? values : undefined, answers, place);
  },
  judge: (wanted, observed, place) => judgeArgument({ ...wanted, ...process }, observed, place),
  change: (wanted, observed, place) => changeArgument({ ...wanted, ...process }, observed, place),
};

/** What one kubelet runs with. A flag beats every file; gates are set one by one, so those of flags and files add up. */
function settingOf(
  { flag, field, folder }: Wanted,
  args: readonly string[],
  answers: Answers,
): Read<string | undefined> {
  const doubt = whyDoubtful(args, flag);
  if (doubt !== undefined) return unread(`in the arguments of the kubelet ${doubt}`);
  const given = flagValue(args, flag, 'kubelet');
  const gates = flag === 'feature-gates';
  if (given !== undefined && !gates) return known(given);
  const files = readKubeletFiles(args, folder, answers);
  if (!files.known) return files;
  let value: unknown;
  for (const { path, text } of files.value) {
    const parsed = parseYaml(text, path);
    const tree = parsed.known ? valuesOf(parsed.value, path) : parsed;
    if (!tree.known) return tree;
    const said = valueAt(tree.value, treeSteps(field));
    if (said !== undefined) value = gates ? { ...asMap(value), ...asMap(said) } : said;
  }
  const other = otherKubeletFile(args);
  if (other !== undefined && (value === undefined || gates)) return unread(other);
  if (!gates) return known(asFlag(value));
  const byFlag = flagItems(given ?? '').map((item) => item.split('=') as [string, string?]);
  return known(asFlag({ ...asMap(value), ...Object.fromEntries(byFlag) }));
}

function asMap(value: unknown): Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};
}

/** A value of a file as a flag would say it; nothing stands for what is not set. */
function asFlag(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) return value.join(',');
  if (typeof value !== 'object') return String(value);
  const items = Object.entries(value).map(([name, on]) => `${name}=${on}`);
  return items.length > 0 ? items.join(',') : undefined;
}
