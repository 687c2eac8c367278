import type { Answer } from './answer.ts';
import { type Question, questionKey, type Words } from './question.ts';
import { findReads } from './read-only-find.ts';
import { kubectlReads } from './read-only-kubectl.ts';
import { clusterTools, type Reader, readers, versionForms } from './read-only-table.ts';

/** True when a command only reads; otherwise why that is not known, as part of a sentence. */
type ReadsOnly = true | string;

/** A wrapper that is let through: it lets kubectl's error stream be read beside its output. */
export const bothStreams: Words = ['sh', '-c', 'exec "$@" 2>&1', 'sh'];

/** The other: it ends what waits for others, with an exit code (137) that tells so, before the time for a question is over. */
export const patiently: Words = ['timeout', '-s', 'KILL', '8'];

const systemFolders = [
  '/bin',
  '/sbin',
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/snap/bin',
];

/**
 * Whether a command is known to only read. What may run unseen is a list in this program, not for a profile to say.
 * `folders` are those of the distribution's own programs; without them, as on a node whose data folder was moved, a cluster's
 * tool may lie in any folder called bin that is not a temporary one.
 */
export function readOnlyCommand(words: Words, folders?: readonly string[]): ReadsOnly {
  if (words.some((word) => word.includes('\0'))) return 'a word of it holds a zero byte';
  const wrapper = [bothStreams, patiently].find((w) => w.every((word, n) => words[n] === word));
  if (wrapper) return readOnlyCommand(words.slice(wrapper.length), folders);
  const [program = '', ...rest] = words;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (!liesWell(program, name, folders))
    return `${program} does not lie in a folder of the system or of the cluster's tools`;
  if (versionForms(name).some((form) => rest.length === 1 && rest[0] === form)) return true;
  if (name === 'kubectl') return kubectlReads(rest);
  if (rest[0] === 'kubectl' && ['rke2', 'k3s', 'k8s'].includes(name)) return kubectlReads(rest.slice(1));
  if (name === 'find') return findReads(rest, (inner) => readOnlyCommand(inner, folders));
  const reader = readers.get(name);
  return reader
    ? readerReads(name, reader, rest)
    : `${name || 'an empty word'} is not one of the commands that are known to only read`;
}

/** Whether a folder may hold a distribution's own programs: absolute, called bin, and no place where anybody may write. */
export function isProgramFolder(folder: string): boolean {
  return (
    /^(\/[^/\0\n]+)*\/bin$/.test(folder) &&
    !folder.split('/').some((part) => part === '..' || part === '.') &&
    !isTemporary(folder)
  );
}

/** The sentence for a profile that would run something unseen: why not, and the way out. */
export function refusedInProfile(reason: string): string {
  return `${reason}, and this would run unseen; name something that only reads, such as cat, stat, ls, journalctl or kubectl get`;
}

/** Why a question must not be sent to a machine, as part of a sentence; undefined when it only reads. */
export function refusedQuestion(question: Question): string | undefined {
  switch (question.kind) {
    case 'command':
      return reasonOf(readOnlyCommand(question.words));
    case 'object':
      return reasonOf(readOnlyCommand([...question.kubectl, 'get', ...question.get]));
    case 'kernel':
      return hasWayUp(question.key) ? `${question.key} is not a kernel key` : undefined;
    case 'stat':
    case 'file':
    case 'folder':
    case 'strays':
    case 'access':
      // A path that begins with a dash would be read as a flag.
      if (!question.path.startsWith('/')) return `${question.path} is not an absolute path`;
      if (question.kind === 'access' && question.user.startsWith('-'))
        return `${question.user} is not a name of an account`;
      return question.kind === 'file' && isDevice(question.path) ? deviceReason(question.path) : undefined;
    case 'container':
      return /^[a-zA-Z0-9][\w.-]*$/.test(question.name)
        ? undefined
        : `${question.name} is not a name of a container`;
    case 'rancher':
    case 'rancher-login':
      return 'only a Rancher server is asked for that, through its API';
    case 'lookups': {
      const name = question.names.find((each) => !/^[\w-]{1,63}(\.[\w-]{1,63})*$/.test(each));
      if (name !== undefined) return `${name} is not a name to look up`;
      const server = question.servers.find(
        (each) => !/^(\d{1,3}(\.\d{1,3}){3}|[\da-f]*:[\da-f:.]+)$/i.test(each),
      );
      return server === undefined ? undefined : `${server} is not an address`;
    }
    case 'sysctl-files':
    case 'account':
    case 'group':
    case 'unit':
    case 'process':
    case 'machine':
    case 'change-state':
    case 'kept':
    case 'lock':
      return undefined;
  }
}

/** Remembered for the same object only: a question never changes, and every node is asked it. */
const reasons = new WeakMap<Question, string | undefined>();

/** Parts the questions that only read, which may be sent, from the others, each with the answer that says why it was not. */
export function partQuestions(questions: readonly Question[]): {
  readonly sent: readonly Question[];
  readonly refused: ReadonlyMap<string, Answer>;
} {
  const sent: Question[] = [];
  const refused = new Map<string, Answer>();
  for (const question of questions) {
    const reason = reasons.has(question) ? reasons.get(question) : refusedQuestion(question);
    reasons.set(question, reason);
    if (reason === undefined) sent.push(question);
    else refused.set(questionKey(question), { kind: 'lost', reason: `it was not sent, for ${reason}` });
  }
  return { sent, refused };
}

function reasonOf(reads: ReadsOnly): string | undefined {
  return reads === true ? undefined : reads;
}

function liesWell(program: string, name: string, folders: readonly string[] | undefined): boolean {
  if (program === name) return true;
  const folder = program.slice(0, -name.length - 1);
  if (systemFolders.includes(folder)) return true;
  return clusterTools.has(name) && isProgramFolder(folder) && (folders?.includes(folder) ?? true);
}

function readerReads(name: string, reader: Reader, rest: Words): ReadsOnly {
  if (reader.verbFirst && rest[0]?.startsWith('-')) return `${name} ${rest[0]} is not known to only read`;
  const operands: string[] = [];
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i] ?? '';
    if (word.startsWith('-') && word !== '-') {
      if (reader.flags !== 'any' && !reader.flags.test(word))
        return `${name} ${word} is not known to only read`;
      // A flag's own value is no operand; should it begin with a dash, it is looked at as a flag.
      if (reader.takes?.test(word) && !rest[i + 1]?.startsWith('-')) {
        const value = rest[++i] ?? '';
        if (reader.values?.test(value) === false) return `${name} ${word} ${value} is not known to only read`;
      }
    } else operands.push(word);
  }
  const device = reader.opens ? rest.find(isDevice) : undefined;
  if (device !== undefined) return deviceReason(device);
  if (reader.operands === 'any') return true;
  const said = operands.join(' ');
  if (operands.every((word) => /^\S+$/.test(word)) && reader.operands.test(said)) return true;
  return `${[name, ...operands].join(' ')} is not known to only read`;
}

/** Opening a device is enough to set it off: a watchdog that was opened restarts the machine. */
function isDevice(path: string): boolean {
  return /(^|\/)dev(?!\/null$)(\/|$)/.test(path) || hasWayUp(path);
}

function hasWayUp(path: string): boolean {
  return /(^|\/)\.\.(\/|$)/.test(path);
}

function deviceReason(path: string): string {
  return `${path} may be a device, and opening one can be enough to set it off`;
}

function isTemporary(path: string): boolean {
  return /^\/(tmp|var\/tmp|dev|proc|run\/user)(\/|$)/.test(path);
}
