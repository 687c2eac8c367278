import type { Answer } from '../domain/answer.ts';
import { formatNamedTexts } from '../domain/evidence.ts';
import type { Question } from '../domain/question.ts';
import { mayAccess } from './access.ts';
import { answerCommand, labCannot } from './commands.ts';
import { fileAt, groupLine, passwdLine, statText, textsIn, tree } from './files.ts';
import { keptText } from './kept.ts';
import { getObjects, isKubectl, kubectlTrouble, selection } from './kubectl.ts';
import { lookupText } from './lookups.ts';
import type { LabChange, LabCluster, LabNode } from './state.ts';
import { unitText } from './unit.ts';

const fileCap = 1024 * 1024;

/** Where kernel values are set at boot, in order of precedence; `/lib` is a link to `/usr/lib` in the lab. */
const sysctlFolders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d'];
const sysctlFiles = ['/etc/sysctl.conf', '/etc/ufw/sysctl.conf', '/etc/default/ufw', '/etc/ufw/ufw.conf'];

/** The answer of a lab node to a question, at a moment in seconds since 1970. */
export function answerQuestion(cluster: LabCluster, name: string, question: Question, now: number): Answer {
  const node = cluster.nodes[name];
  if (!node) return { kind: 'lost', reason: `the lab has no node ${name}` };
  switch (question.kind) {
    case 'kernel':
      return orAbsent(node.kernel[question.key]);
    case 'sysctl-files':
      return said(formatNamedTexts(sysctlTexts(node)));
    case 'stat':
      return orAbsent(at(node, question.path, (file) => statText(node, file)));
    case 'file':
      return fileAnswer(node, question.path);
    case 'folder':
      return folderAnswer(node, question.path.replace(/(.)\/+$/, '$1'), question.suffix);
    case 'strays':
      return straysAnswer(node, question.path, question.owner, question.group);
    case 'account':
      return orAbsent(passwdLine(node, question.name));
    case 'group':
      return orAbsent(groupLine(node, question.name));
    case 'unit':
      return said(unitText(node, question.name));
    case 'process':
      return orAbsent(processText(node, question.name));
    case 'container':
      return containerAnswer(node, question.name);
    case 'object': {
      const select = selection(question.get);
      if (!select || !isKubectl(question.kubectl)) return labCannot;
      return kubectlTrouble(cluster, node, question.kubectl) ?? getObjects(cluster, select);
    }
    case 'access':
      if (!fileAt(node, question.path)) return { kind: 'absent' };
      if (!node.accounts[question.user]) return failed(`user ${question.user} does not exist`);
      return said(mayAccess(node, question.path, question.user, question.want) ? 'yes' : 'no');
    case 'machine':
      return said(machineText(node, now));
    case 'change-state': {
      const change = node.changes[`${question.session}/${question.change}`];
      return orAbsent(change && changeText(change));
    }
    case 'kept':
      return orAbsent(keptText(node));
    case 'lock':
      return orAbsent(node.lock);
    case 'rancher':
    case 'rancher-login':
      return labCannot;
    case 'lookups':
      return said(lookupText(cluster, node, question));
    case 'command':
      return answerCommand(cluster, node, question.words);
  }
}

function sysctlTexts(node: LabNode) {
  const inFolders = sysctlFolders.flatMap((folder) => textsIn(node, folder, '.conf'));
  const alone = sysctlFiles.flatMap((path) => {
    const text = fileAt(node, path)?.text;
    return text === undefined ? [] : [{ path, text }];
  });
  return [...inFolders, ...alone];
}

function fileAnswer(node: LabNode, path: string): Answer {
  const file = fileAt(node, path);
  if (!file) return { kind: 'absent' };
  if (file.text === undefined) return failed(`${path}: Is a directory`);
  return Buffer.byteLength(file.text) > fileCap ? { kind: 'too-large', cap: fileCap } : said(file.text);
}

function folderAnswer(node: LabNode, path: string, suffix: string): Answer {
  const folder = fileAt(node, path);
  if (!folder) return { kind: 'absent' };
  if (folder.text !== undefined) return failed(`${path} is not a folder`);
  return said(formatNamedTexts(textsIn(node, path, suffix)));
}

function straysAnswer(node: LabNode, path: string, owner: string, group: string): Answer {
  if (!fileAt(node, path)) return { kind: 'absent' };
  const strays = tree(node, path).filter(([, f]) => f.owner !== owner || f.group !== group);
  return said(
    strays
      .slice(0, 20)
      .map(([at]) => `${at}\n`)
      .join(''),
  );
}

function processText(node: LabNode, name: string): string | undefined {
  return node.processes[name]
    ?.map((words) => `${words.map((word) => `${word}\u0001`).join('')}\u0002`)
    .join('');
}

/** A node without containers of its own has no docker either. */
function containerAnswer(node: LabNode, name: string): Answer {
  if (Object.keys(node.containers).length === 0) return { kind: 'no-tool', tool: 'docker' };
  const container = node.containers[name];
  return orAbsent(container && JSON.stringify({ name, ...container }));
}

function machineText(node: LabNode, now: number): string {
  const facts = {
    hostname: node.name,
    'machine-id': node.machineId,
    'boot-id': node.bootId,
    os: node.os,
    user: 'root',
    uid: 0,
    now: Math.floor(now),
    uptime: Math.max(0, Math.floor(now - node.booted)),
    arch: node.arch,
  };
  return Object.entries(facts)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

function changeText(change: LabChange): string {
  // On a real node these are files, listed by name.
  const listed = (word: 'begun' | 'done' | 'undone') => change[word].map((n) => `${word} ${n}`).sort();
  const lines = [
    ...listed('begun'),
    ...listed('done'),
    ...listed('undone'),
    ...(change.ended ? [`ended ${change.ended}`] : []),
  ];
  return lines.join('\n');
}

function at<T>(node: LabNode, path: string, read: (file: NonNullable<ReturnType<typeof fileAt>>) => T) {
  const file = fileAt(node, path);
  return file && read(file);
}

function orAbsent(text: string | undefined): Answer {
  return text === undefined ? { kind: 'absent' } : said(text);
}

function said(text: string): Answer {
  return { kind: 'said', text };
}

function failed(message: string): Answer {
  return { kind: 'failed', exit: 1, message };
}
