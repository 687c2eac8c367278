import { kernelPath } from '../../domain/commands.ts';
import { statFormat } from '../../domain/evidence.ts';
import type { Question, Words } from '../../domain/question.ts';
import { commandLine } from '../../domain/quote.ts';
import { lockFile, showUnits } from './ask-functions.ts';
import { objectGroups } from './ask-objects.ts';

type Of<K extends Question['kind']> = Extract<Question, { kind: K }>;

/** A question with its place among the questions of a batch, which is its index on the wire. */
export type Numbered<Q extends Question = Question> = { readonly index: number; readonly question: Q };

type GroupKind = 'paths' | 'kernel' | 'names' | 'processes' | 'units' | 'containers';

/**
 * Questions that one command on the node answers together, in one frame: what a process costs there is the cost of a
 * probe. Their answers are told apart by `ask-members.ts`.
 */
export type Group =
  | { readonly kind: GroupKind; readonly members: readonly Numbered[] }
  | {
      readonly kind: 'objects';
      readonly members: readonly Numbered<Of<'object'>>[];
      /** What follows `get` to have them all. */
      readonly get: Words;
    };

/** The groups of a batch. A question is in one group at most; groups of objects have two members at least. */
export function groupsOf(numbered: readonly Numbered[]): readonly Group[] {
  const group = (kind: GroupKind, of: readonly Numbered[]): readonly Group[] =>
    of.length > 0 ? [{ kind, members: of }] : [];
  return [
    ...group(
      'kernel',
      numbered.filter(({ question: q }) => q.kind === 'kernel' && isPlain(kernelPath(q.key))),
    ),
    ...group(
      'paths',
      numbered.filter(({ question }) => isPlain(pathOf(question) ?? '')),
    ),
    ...group(
      'names',
      numbered.filter(({ question: q }) => q.kind === 'account' || q.kind === 'group'),
    ),
    ...group(
      'processes',
      numbered.filter(({ question: q }) => q.kind === 'process'),
    ),
    ...group(
      'units',
      numbered.filter(({ question: q }) => q.kind === 'unit' && /^[A-Za-z0-9_.@:-]+$/.test(q.name)),
    ),
    ...group(
      'containers',
      numbered.filter(({ question: q }) => q.kind === 'container'),
    ),
    ...objectGroups(numbered.filter((n): n is Numbered<Of<'object'>> => n.question.kind === 'object')),
  ];
}

/** The path whose `stat` answers a question, or says why there is no answer. */
export function pathOf(question: Question): string | undefined {
  switch (question.kind) {
    case 'stat':
    case 'file':
      return question.path;
    case 'folder':
      return folderPath(question.path);
    case 'lock':
      return lockFile;
    case 'kernel':
    case 'sysctl-files':
    case 'strays':
    case 'account':
    case 'group':
    case 'unit':
    case 'process':
    case 'container':
    case 'object':
    case 'access':
    case 'machine':
    case 'change-state':
    case 'kept':
    case 'rancher':
    case 'rancher-login':
    case 'lookups':
    case 'command':
      return undefined;
  }
}

/** The file that knows an account or a group. */
export function namesFile(question: Of<'account' | 'group'>): string {
  return question.kind === 'account' ? '/etc/passwd' : '/etc/group';
}

/** A folder's path without slashes at its end. */
export function folderPath(path: string): string {
  return path.replace(/(.)\/+$/, '$1');
}

/** The lines of the script that answer a group in the frame of this index. */
export function groupLines(group: Group, index: number): readonly string[] {
  const paths = (of: (q: Question) => string): string =>
    commandLine([...new Set(group.members.map(({ question }) => of(question)))]);
  switch (group.kind) {
    case 'kernel':
      return framed(
        index,
        `$w_10 grep -H '' ${paths((q) => (q.kind === 'kernel' ? kernelPath(q.key) : ''))}`,
      );
    case 'paths':
      return [
        ...framed(index, `$w_10 stat -L -c '%n|${statFormat}' ${paths((q) => pathOf(q) ?? '')}`),
        // After a path that hung, none is touched again without a time limit.
        'case $w_status in 124 | 143) w_hung=yes ;; esac',
      ];
    case 'names': {
      const names = group.members.map(({ question: q }) => ('name' in q ? namePattern(q.name) : ''));
      const files = group.members.map(({ question: q }) =>
        q.kind === 'account' || q.kind === 'group' ? namesFile(q) : '',
      );
      const patterns = [...new Set(names)].flatMap((name) => ['-e', name]);
      return framed(index, `$w_10 grep -H ${commandLine([...patterns, ...new Set(files)])}`);
    }
    case 'processes': {
      const names = group.members.map(({ question: q }) => (q.kind === 'process' ? q.name : ''));
      const patterns = [...new Set(names)].flatMap((name) => ['-e', name.slice(0, commLength)]);
      return [`w_process ${index} ${commandLine(patterns)}`];
    }
    case 'units': {
      const names = group.members.map(({ question: q }) => (q.kind === 'unit' ? q.name : ''));
      return framed(index, `${showUnits} ${commandLine(names)}`, '2>/dev/null');
    }
    case 'containers': {
      const names = group.members.map(({ question: q }) => (q.kind === 'container' ? q.name : ''));
      const words = [
        'docker',
        'inspect',
        '--type',
        'container',
        '--format',
        containerFormat,
        ...new Set(names),
      ];
      return [`w_capped ${index} $w_20 ${commandLine(words)}; w_end ${index} "$w_status"`];
    }
    case 'objects': {
      const [first] = group.members;
      const words = [...(first?.question.kubectl ?? []), 'get', ...group.get, '-o', 'json'];
      return [`w_capped ${index} $w_20 ${commandLine(words)}; w_end ${index} "$w_status"`];
    }
  }
}

/** The name of a variable where it begins with ETCD_, with a comma after it; never its value. */
const etcdVariable = `{{if eq (printf "%.5s" .) "ETCD_"}}{{json (index (split . "=") 0)}},{{end}}`;

/** One line of JSON a container, of what is asked for and no more. */
export const containerFormat = `{${[
  ['name', '.Name'],
  ['image', '.Config.Image'],
  ['args', '.Args'],
  ['binds', '.HostConfig.Binds'],
  ['state', '.State.Status'],
  ['started', '.State.StartedAt'],
]
  .map(([key, field]) => `"${key}":{{json ${field}}}`)
  .join(',')},"variables":[{{range .Config.Env}}${etcdVariable}{{end}}null]}`;

/** The kernel keeps this many characters of a process's name. */
export const commLength = 15;

/** What is found begins with a path, and what is wrong with the name of the tool: both streams come as one. */
function framed(index: number, command: string, complaints = '2>&1'): readonly string[] {
  return [`w_out; w_said=$(${command} ${complaints}); w_status=$?; w_frame ${index} "$w_status" "$w_said"`];
}

function namePattern(name: string): string {
  return `^${name.replaceAll(/[\\.[\]*^$]/g, '\\$&')}:`;
}

/** A path that every tool prints as it is, so that a line about it is told from all others. */
function isPlain(path: string): boolean {
  return /^\/[A-Za-z0-9_./@%+=,-]*$/.test(path);
}
