import { kernelPath } from '../../domain/commands.ts';
import { type Question, questionKey } from '../../domain/question.ts';
import { commandLine, quote } from '../../domain/quote.ts';
import { changeFolder, nodeFolder } from '../../domain/step.ts';
import { askBase } from './ask-base.ts';
import { askFunctions, lockFile } from './ask-functions.ts';
import { folderPath, type Group, groupLines, groupsOf, type Numbered, pathOf } from './ask-groups.ts';

/** The questions without repetition, in order: their place is their index on the wire. */
export function distinct(questions: readonly Question[]): readonly Question[] {
  return [...new Map(questions.map((q) => [questionKey(q), q])).values()];
}

/** The groups of a batch of distinct questions; the frame of the n-th has the index after all questions, plus n. */
export function groupsIn(questions: readonly Question[]): readonly Group[] {
  return groupsOf(questions.map((question, index) => ({ index, question })));
}

/** The lines of the script that asks all questions (already distinct) in one go. */
export function askLines(questions: readonly Question[], groups: readonly Group[]): readonly string[] {
  const numbered = questions.map((question, index) => ({ index, question }));
  const members = groups.flatMap((group) => group.members);
  const grouped = new Set(members.map((n) => n.index));
  const seen = new Set(members.flatMap(({ question }) => pathOf(question) ?? []));
  return [
    ...askBase,
    ...functionsFor(questions),
    ...groups.flatMap((group, n) => [...groupLines(group, questions.length + n), ...againAlone(group)]),
    ...numbered.filter((n) => !grouped.has(n.index)).map((n) => unlessGone(n, seen)),
    'w_out',
  ];
}

/**
 * What the frame of a group leaves to be asked: the texts of what is there, and, where its command hung, every question
 * again alone with its own time limit, so that one that hangs costs only itself.
 */
function againAlone(group: Group): readonly string[] {
  const texts = group.members.filter(({ question: q }) => ['file', 'folder', 'lock'].includes(q.kind));
  const others = group.members.filter((n) => !texts.includes(n));
  const hangs = group.kind === 'kernel' || group.kind === 'paths';
  // One unit whose name is refused spoils the answer of all.
  if (group.kind === 'units')
    return [`case $w_status in 0 | 124 | 127 | 143) ;; *) ${others.map(askAlone).join('; ')} ;; esac`];
  return [
    ...(hangs && others.length > 0
      ? [`case $w_status in 124 | 143) ${others.map(askAlone).join('; ')} ;; esac`]
      : []),
    ...texts.map((n) => `if [ -n "$w_hung" ] || [ ${textTest(n.question)} ]; then ${askAlone(n)}; fi`),
  ];
}

/** A folder that was looked at already, and is not there, is not searched: it is said to be gone in the words of `find`. */
function unlessGone(numbered: Numbered, seen: ReadonlySet<string>): string {
  const { index, question: q } = numbered;
  const asked = askAlone(numbered);
  const folder =
    q.kind === 'command' && q.words[0] === 'find'
      ? q.words.slice(1).find((w) => !/^-[HLP]$/.test(w))
      : undefined;
  if (folder === undefined || !seen.has(folder)) return asked;
  return `if [ -n "$w_hung" ] || [ -e ${quote(folder)} ]; then ${asked}; else w_gone ${index} ${quote(folder)}; fi`;
}

function textTest(question: Question): string {
  return `${question.kind === 'folder' ? '-d' : '-e'} ${quote(pathOf(question) ?? '')}`;
}

/** Which functions each kind of question needs; those of accounts and groups are asked without any. */
const functionsOf: Readonly<Record<Question['kind'], readonly (keyof typeof askFunctions)[]>> = {
  kernel: ['kernel'],
  'sysctl-files': ['folder', 'sysctl-files'],
  stat: ['stat'],
  file: ['file'],
  folder: ['folder'],
  strays: ['strays'],
  account: [],
  group: [],
  unit: ['unit'],
  process: ['process'],
  object: ['command'],
  container: ['command'],
  access: ['access'],
  machine: ['machine'],
  'change-state': ['folder', 'processes', 'change-state'],
  kept: ['folder', 'kept'],
  lock: ['file'],
  rancher: [],
  'rancher-login': [],
  lookups: ['lookups'],
  command: ['command'],
};

function functionsFor(questions: readonly Question[]): readonly string[] {
  const names = new Set(questions.flatMap((question) => functionsOf[question.kind]));
  return [...names].flatMap((name) => askFunctions[name]);
}

function askAlone({ index, question: q }: Numbered<Question>): string {
  switch (q.kind) {
    case 'kernel':
      return `w_kernel ${index} ${quote(kernelPath(q.key))}`;
    case 'stat':
      return `w_stat ${index} ${quote(q.path)}`;
    case 'unit':
      return `w_unit ${index} ${quote(q.name)}`;
    case 'account':
    case 'group':
    case 'process':
    case 'container':
      throw new Error(`${q.kind} questions are asked together`);
    case 'rancher':
    case 'rancher-login':
      throw new Error(`${q.kind} questions are not for a shell`);
    case 'sysctl-files':
      return `w_sysctl_files ${index}`;
    case 'file':
      return `w_file ${index} ${quote(q.path)}`;
    case 'folder':
      return `w_folder ${index} ${quote(folderPath(q.path))} ${quote(q.suffix)}`;
    case 'strays':
      return `w_strays ${index} ${commandLine([q.path, q.owner, q.group])}`;
    case 'object':
      return `w_capped ${index} $w_20 ${commandLine([...q.kubectl, 'get', ...q.get, ...(asksForm(q.get) ? [] : ['-o', 'json'])])}; w_end ${index} "$w_status"`;
    case 'access':
      return `w_access ${index} ${commandLine([q.path, q.user, q.want])}`;
    case 'machine':
      return `w_machine ${index}`;
    case 'change-state':
      return `w_change_state ${index} ${quote(changeFolder({ session: q.session, id: q.change }))}`;
    case 'kept':
      return `w_kept_changes ${index} ${quote(nodeFolder)}`;
    case 'lock':
      return `w_file ${index} ${quote(lockFile)}`;
    case 'lookups':
      return `w_lookups ${index} ${q.servers.length} ${commandLine([...q.servers, ...q.names])}`;
    case 'command':
      return `w_command ${index} ${commandLine(q.words)}`;
  }
}

function asksForm(get: readonly string[]): boolean {
  return get.some((word) => word.startsWith('-o') || word.startsWith('--output'));
}
