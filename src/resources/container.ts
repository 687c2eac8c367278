import * as z from 'zod';
import { known } from '../domain/answer.ts';
import { type Container, readContainer } from '../domain/container.ts';
import type { Place } from '../domain/distribution.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import { notApplicable, unknown, type Verdict } from '../domain/verdict.ts';
import { flagShape, inWords, runsHere } from './argument.ts';
import { argumentHolds, argumentWish } from './argument-test.ts';
import { flagItems, flagValue, whyDoubtful } from './flags.ts';
import { oneWord } from './values.ts';
import { refused } from './write.ts';

const { via: _via, value: _value, flag: _flag, ...tests } = flagShape;

const one = Object.keys({ ...tests, has: 0 }).filter((key) => !['default', 'instead', 'like'].includes(key));

const schema = z
  .strictObject({
    name: oneWord,
    /** A flag of its arguments, which may be called otherwise by version. */
    flag: z
      .string()
      .regex(/^(\{\{[a-z0-9-]+\}\}|[a-z0-9][a-z0-9-]*)$/, 'a flag without its dashes')
      .optional(),
    ...tests,
    /** Items, joined by commas, all of which a list flag must have; their order does not count. */
    has: oneWord.optional(),
    /** What must be mounted, as `from:to`. */
    bind: z
      .string()
      .regex(/^\/[^:\s]*:\/[^:\s]*$/, 'two absolute paths with a colon between them')
      .optional(),
    /** Its arguments count while it does not run as well: with them it is started, and with them it ended. */
    stopped: z.literal(true).optional(),
  })
  .refine((w) => (w.flag === undefined) !== (w.bind === undefined), 'needs either a flag or a bind')
  .refine((w) => one.filter((t) => w[t as keyof typeof w] !== undefined).length === (w.bind ? 0 : 1), {
    message: `needs exactly one of ${one.join(', ')} for a flag, and none for a bind`,
  })
  .refine(...inWords);

type Wanted = z.infer<typeof schema>;

/** A flag that names a file or folder of settings, and for which flags of its component that then decides. */
type SettingsFile = {
  readonly flag: string;
  readonly decides: (flag: string, value: string | undefined) => boolean;
};

const notGiven = (_: string, value: string | undefined): boolean => value === undefined;

const settingsFiles: ReadonlyMap<string, readonly SettingsFile[]> = new Map([
  ['etcd', [{ flag: 'config-file', decides: () => true }]],
  ['kube-proxy', [{ flag: 'config', decides: () => true }]],
  [
    'kube-scheduler',
    [{ flag: 'config', decides: (flag: string) => ['profiling', 'address', 'port'].includes(flag) }],
  ],
  [
    'kubelet',
    [
      { flag: 'config', decides: notGiven },
      { flag: 'config-dir', decides: notGiven },
    ],
  ],
]);

type Observed = { readonly container: Container | undefined };

function containerQuestion({ name }: Wanted): Question {
  return { kind: 'container', name };
}

/** An argument or a mount of a container of the node's own runtime. Whoever made it sets them, so they are judged here and changed there. */
export const container: Resource<Wanted, Observed> = {
  type: 'container',
  schema,
  ask: (wanted) => [containerQuestion(wanted)],
  read: (wanted, answers) => {
    const read = readContainer(answerTo(answers, containerQuestion(wanted)), wanted.name);
    return read.known ? known({ container: read.value }) : read;
  },
  judge,
  change,
};

function judge(wanted: Wanted, { container: found }: Observed, place: Place): Verdict {
  const aim = wish(wanted);
  if (!found)
    return runsHere(wanted.name, place)
      ? unknown(`there is no container ${wanted.name}, so its arguments cannot be seen`, aim)
      : notApplicable(`${place.node} runs no ${wanted.name}`);
  if (found.state !== 'running' && !wanted.stopped)
    return unknown(`${wanted.name} is ${found.state}, so what is in force cannot be seen`, aim);
  const settings = wanted.flag === undefined ? undefined : settingsInstead(wanted.flag, found);
  if (settings !== undefined)
    return unknown(
      `${wanted.name} reads its settings from ${settings}, which may say otherwise and is not asked for`,
      aim,
    );
  const variable = wanted.flag === undefined ? undefined : variableInstead(wanted.flag, found);
  if (variable !== undefined)
    return unknown(
      `${wanted.name} is given the variable ${variable}, whose value is not asked for and which ${variable === everything ? 'keeps it from looking at its arguments' : 'says what its arguments do not'}`,
      aim,
    );
  const doubt = wanted.flag === undefined ? undefined : whyDoubtful(found.args, wanted.flag);
  if (doubt !== undefined) return unknown(`in the arguments of ${wanted.name} ${doubt}`, aim);
  return { kind: holds(wanted, found) ? 'pass' : 'fail', found: shown(wanted, found), wanted: aim };
}

/** The file or folder from which a container takes a setting in place of its flag, where it was given one. */
function settingsInstead(flag: string, { name, args }: Container): string | undefined {
  const rules = (settingsFiles.get(name) ?? []).filter((rule) => rule.flag !== flag);
  for (const rule of rules) {
    const path = flagValue(args, rule.flag);
    if (path !== undefined && path !== '' && rule.decides(flag, flagValue(args, flag))) return path;
  }
  return undefined;
}

/** The variable that names a file of settings to etcd, which then takes nothing from its arguments. */
const everything = 'ETCD_CONFIG_FILE';

/** The variable from which etcd takes a setting for which it has no argument, or all of them. */
function variableInstead(flag: string, { name, args, variables }: Container): string | undefined {
  if (name !== 'etcd') return undefined;
  if (variables.includes(everything) && flagValue(args, 'config-file') === undefined) return everything;
  const own = `ETCD_${flag.toUpperCase().replaceAll('-', '_')}`;
  return variables.includes(own) && flagValue(args, flag) === undefined ? own : undefined;
}

function change(wanted: Wanted, { container: found }: Observed, place: Place): Plan {
  if (found && holds(wanted, found)) return { kind: 'nothing' };
  const instead = wanted.instead ?? place.distribution.containers?.instead;
  return refused(
    `${wanted.name} is a container that ${place.distribution.title} makes; what is changed by hand is lost when it is made anew`,
    `${instead ?? 'Change it where it is made.'} Wanted is ${wish(wanted)}.`,
  );
}

function holds(wanted: Wanted, found: Container): boolean {
  if (wanted.bind !== undefined) return found.binds.some((bind) => mount(bind) === wanted.bind);
  const value = flagValue(found.args, wanted.flag ?? '', wanted.name);
  if (wanted.has === undefined) return argumentHolds(wanted, value);
  const items = flagItems(value ?? wanted.default ?? '');
  return flagItems(wanted.has).every((item) => items.includes(item));
}

function wish(wanted: Wanted): string {
  if (wanted.bind !== undefined) return `${wanted.bind} mounted`;
  const { has } = wanted;
  return `--${wanted.flag} ${has === undefined ? argumentWish(wanted) : `with ${flagItems(has).join(', ')}`}`;
}

function shown(wanted: Wanted, found: Container): string {
  if (wanted.bind !== undefined) return holds(wanted, found) ? `${wanted.bind} mounted` : 'not mounted';
  const value = flagValue(found.args, wanted.flag ?? '', wanted.name);
  if (value === undefined) return `--${wanted.flag} not given`;
  if (value === '-') return `--${wanted.flag}=- (standard output, which no file keeps)`;
  if (wanted.has === undefined) return `--${wanted.flag}=${value}`;
  const missing = flagItems(wanted.has).filter((item) => !flagItems(value).includes(item));
  return missing.length > 0 ? `--${wanted.flag} without ${missing.join(', ')}` : `--${wanted.flag}=${value}`;
}

/** The two paths of a mount, without the words about how it is mounted. */
function mount(bind: string): string {
  return bind.split(':').slice(0, 2).join(':');
}
