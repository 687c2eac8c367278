import * as z from 'zod';
import { known, type Read, unread } from '../domain/answer.ts';
import type { Place } from '../domain/distribution.ts';
import { type NamedText, newestTime, readNamedTexts, readStat, type Stat } from '../domain/evidence.ts';
import { folderOf } from '../domain/path.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { unknown, type Verdict } from '../domain/verdict.ts';
import { judgeByAge } from './activity.ts';
import {
  fileOf,
  isConfigured,
  noPlugins,
  type PluginEntry,
  pluginsIn,
  rebased,
  withPlugins,
} from './admission-document.ts';
import { levelSchema, otherLevel, planLevel } from './admission-level.ts';
import {
  type ArgumentFile,
  argumentFileQuestions,
  planArgumentWrite,
  readArgumentFile,
} from './argument-file.ts';
import { flagValue } from './flags.ts';
import { readListing, statListing } from './listing.ts';
import { ownedArguments } from './owned.ts';
import { absolutePath, anyValue, oneWord } from './values.ts';
import { refused, stepsOrNothing, writeFile } from './write.ts';

const schema = z
  .strictObject({
    plugin: oneWord,
    /** The document that is written when the API server names none, or one of the samples. */
    file: absolutePath,
    /** A folder of documents that the distribution brings along and may write anew. */
    samples: absolutePath,
    /** The plugin's configuration, or the file that holds it. */
    configuration: anyValue.optional(),
    path: absolutePath.optional(),
    /** What its configuration must say somewhere, whoever wrote it; which of these is theirs to choose. */
    level: levelSchema.optional(),
  })
  .refine((w) => (w.configuration === undefined) !== (w.path === undefined), {
    message: 'needs exactly one of configuration, path',
  });

type Wanted = z.infer<typeof schema>;

type Observed = {
  readonly server: ArgumentFile;
  /** The document that counts at the next start, and that of the running API server. */
  readonly named: string | undefined;
  readonly running: string | undefined;
  readonly documents: readonly NamedText[];
  readonly stats: ReadonlyMap<string, Stat>;
  readonly folderThere: boolean;
};

const service = 'kube-apiserver';
const flag = 'admission-control-config-file';

function questions({ file, samples }: Wanted) {
  const folders = [folderOf(file), samples];
  return {
    texts: folders.map((path): Question => ({ kind: 'folder', path, suffix: '.yaml' })),
    stats: folders.map(statListing),
    own: { kind: 'stat', path: file } as const,
  };
}

/** One plugin's entry in the AdmissionConfiguration that the API server reads, beside those of all others. */
export const admissionPlugin: Resource<Wanted, Observed> = {
  type: 'admission-plugin',
  schema,
  ask: (wanted, place) => {
    const { texts, stats, own } = questions(wanted);
    return [...argumentFileQuestions(service, place), ...texts, ...stats, own];
  },
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Answers, place: Place): Read<Observed> {
  const server = readArgumentFile(service, answers, place);
  if (!server.known) return server;
  const { texts, stats, own } = questions(wanted);
  const documents: NamedText[] = [];
  const found = new Map<string, Stat>();
  for (const [n, question] of texts.entries()) {
    const answer = answerTo(answers, question);
    const what = n === 0 ? folderOf(wanted.file) : wanted.samples;
    const inFolder = readNamedTexts(answer, what);
    if (!inFolder.known) return inFolder;
    documents.push(...inFolder.value);
    const listing = answerTo(answers, stats[n] ?? question);
    const listed = listing.kind === 'said' ? readListing(listing.text) : known([]);
    if (!listed.known) return listed;
    for (const [path, stat] of listed.value) found.set(path, stat);
  }
  const stat = readStat(answerTo(answers, own), wanted.file);
  if (!stat.known) return stat;
  if (stat.value) found.set(wanted.file, stat.value);
  const named = server.value.file && flagValue(server.value.file.read.words, flag);
  if (named !== undefined && !isAsked(wanted, named))
    return unread(
      `--${flag} names ${named}, which is no .yaml file of ${folderOf(wanted.file)} and was not read`,
    );
  const first = server.value.processes?.[0];
  return known({
    server: server.value,
    named,
    running: first && flagValue(first, flag),
    documents,
    stats: found,
    folderThere: answerTo(answers, texts[0] as Question).kind !== 'absent',
  });
}

/** Whether a file is among those whose text was asked for. */
function isAsked({ file, samples }: Wanted, path: string): boolean {
  return [folderOf(file), samples].includes(folderOf(path)) && path.endsWith('.yaml');
}

function isThere({ documents }: Observed, path: string): boolean {
  return documents.some((document) => document.path === path);
}

/** The file with the plugin's configuration, where the document names one that is not there. */
function goneFile(
  wanted: Wanted,
  observed: Observed,
  plugins: readonly PluginEntry[],
  document: string,
): string | undefined {
  const path = fileOf(plugins, wanted.plugin, document);
  return path !== undefined && isAsked(wanted, path) && !isThere(observed, path) ? path : undefined;
}

function judge(wanted: Wanted, observed: Observed): Verdict {
  const { server, running } = observed;
  const path = observed.named ?? wanted.file;
  const levels = wanted.level ? `, ${wanted.level.at} ${wanted.level.oneOf.join(' or ')}` : '';
  const aim = `${wanted.plugin} with its configuration in ${path}${levels}`;
  if (!server.processes) return unknown(`${service} is not running, so what is in force cannot be seen`, aim);
  const plugins = entriesOf(observed, path);
  if (!plugins) return { kind: 'fail', found: `${path} does not exist`, wanted: aim };
  if (!plugins.known) return { kind: 'fail', found: plugins.reason, wanted: aim };
  const names = plugins.value.map(({ name }) => name).join(', ') || 'no plugin';
  if (!isConfigured(plugins.value, wanted.plugin)) return { kind: 'fail', found: names, wanted: aim };
  const gone = goneFile(wanted, observed, plugins.value, path);
  if (gone !== undefined)
    return { kind: 'fail', found: `${path} names ${gone}, which does not exist`, wanted: aim };
  const other = otherLevel(wanted, observed.documents, plugins.value, path);
  if (!other.known) return unknown(other.reason, aim);
  if (other.value !== undefined)
    return { kind: 'fail', found: `${wanted.plugin}, but ${other.value}`, wanted: aim };
  const right = { found: names, wanted: aim };
  // A document that the running API server was not given is not its business yet.
  if (running === undefined) return { ...right, kind: 'pass' };
  if (running !== path)
    return {
      ...right,
      kind: 'pending-restart',
      reason: `${server.unit} runs with ${running} until it restarts`,
    };
  // What the document names is read at the same start.
  const holds = fileOf(plugins.value, wanted.plugin, path);
  const last = [path, ...(holds !== undefined && isAsked(wanted, holds) ? [holds] : [])]
    .map((each) => ({ path: each, modified: writtenAt(observed, each) }))
    .reduce((a, b) => (a.modified === undefined || (b.modified ?? Infinity) <= a.modified ? a : b));
  return judgeByAge(right, server.since, last, server.unit);
}

function writtenAt({ stats }: Observed, path: string): number | undefined {
  const stat = stats.get(path);
  return stat && newestTime(stat);
}

function change(wanted: Wanted, observed: Observed, place: Place): Plan {
  const { server, named } = observed;
  const current = named ?? wanted.file;
  const plugins = entriesOf(observed, current);
  if (plugins && !plugins.known)
    return refused(plugins.reason, `Correct ${current} by hand, then ask again.`);
  const gone = plugins && goneFile(wanted, observed, plugins.value, current);
  if (gone !== undefined)
    return refused(
      `${current} names ${gone} for ${wanted.plugin}, which does not exist, and ${service} would not start with it`,
      `Correct the path in ${current}, or put the file there, then ask again.`,
    );
  if (plugins && isConfigured(plugins.value, wanted.plugin))
    return planLevel(wanted, otherLevel(wanted, observed.documents, plugins.value, current), current);
  const owned = ownedArguments(place, service, `${flag}=${wanted.file}`);
  if (owned) return owned;
  if (wanted.path !== undefined && isAsked(wanted, wanted.path) && !isThere(observed, wanted.path))
    return refused(
      `${wanted.path} does not exist, and ${service} would not start without it`,
      'Write that file first; the control before this one does.',
    );
  // A sample may be written anew at a refresh, and what was added would be lost: all of it moves to a document of our own.
  const sample = named !== undefined && folderOf(named) === wanted.samples;
  const target = sample ? wanted.file : current;
  const folder = folderOf(target);
  const brought =
    sample && plugins ? plugins.value.map((entry) => rebased(entry, folderOf(current), folder)) : [];
  const own: PluginEntry =
    wanted.path === undefined
      ? { name: wanted.plugin, configuration: wanted.configuration }
      : rebased({ name: wanted.plugin, path: wanted.path }, folder, folder);
  const before = observed.documents.find((d) => d.path === target)?.text;
  if (before !== undefined && !observed.stats.has(target))
    return refused(`the owner and mode of ${target} could not be read`, `Edit ${target} by hand.`);
  const edited = withPlugins(before ?? noPlugins, [...brought, own], target);
  if (!edited.known)
    return refused(edited.reason, `Add ${wanted.plugin} to the plugins in ${target} by hand.`);
  const fresh = { mode: '0600', owner: 'root', group: 'root' };
  const write = writeFile(target, before, edited.value, observed.stats.get(target), fresh);
  if (write.kind === 'refused') return write;
  const makes: readonly Step[] = observed.folderThere
    ? []
    : [{ kind: 'make-folder', path: folder, ...fresh, mode: '0700' }];
  const flagged = sample ? planArgumentWrite(server, flag, target, [server.unit]) : undefined;
  if (flagged?.kind === 'refused') return flagged;
  const steps = [...makes, write, ...(flagged?.kind === 'steps' ? flagged.steps : [])];
  return stepsOrNothing(steps, true, [server.unit]);
}

/** The plugins of a document; undefined when it is not there. */
function entriesOf({ documents }: Observed, path: string): Read<readonly PluginEntry[]> | undefined {
  const text = documents.find((document) => document.path === path)?.text;
  return text === undefined ? undefined : pluginsIn(text, path);
}
