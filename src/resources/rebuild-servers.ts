import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import { type Item, readItems } from './object-list.ts';
import { treeSteps, valueAt } from './tree.ts';

/** With fewer members etcd has no majority once one is out. */
const fewest = 3;

function questions(place: Place): Readonly<Record<'nodes' | 'members' | 'health', Question>> {
  const kubectl = kubectlAt(place);
  return {
    nodes: { kind: 'object', kubectl, get: ['nodes'] },
    members: { kind: 'object', kubectl, get: ['pods', '-n', 'kube-system', '-l', 'component=etcd'] },
    health: { kind: 'command', words: [...kubectl, 'get', '--raw', '/readyz?verbose'] },
  };
}

/** What tells whether the others are enough without this server; nothing is asked for an agent, which has no etcd. */
export function serverQuestions(place: Place): readonly Question[] {
  return isServer(place) ? Object.values(questions(place)) : [];
}

/** Why a server cannot be spared; undefined when it can, or is none. */
export function othersEnough(answers: Answers, place: Place, name: string): Read<string | undefined> {
  if (!isServer(place)) return known(undefined);
  const asked = questions(place);
  const nodes = readItems(answerTo(answers, asked.nodes), 'the list of nodes');
  if (!nodes.known) return nodes;
  const members = readItems(answerTo(answers, asked.members), 'the list of etcd pods');
  if (!members.known) return members;
  const obstacle = fewOrIll(nodes.value, members.value, name);
  return obstacle === undefined ? etcdHealth(answers, asked.health) : known(obstacle);
}

function fewOrIll(nodes: readonly Item[], members: readonly Item[], name: string): string | undefined {
  const own = nodes.find((item) => item.name === name);
  if (!own || !hasRole(own, anyServer)) return `the cluster lists no server called ${name}`;
  // Where etcd has servers of its own, only they are members.
  const role = hasRole(own, member) ? member : anyServer;
  const all = nodes.filter((item) => hasRole(item, role));
  if (all.length < fewest)
    return `of ${all.length} servers none can be spared; without this one etcd has no majority. Add servers first`;
  const sick = nodes.filter((item) => item !== own && hasRole(item, anyServer) && !isReady(item));
  if (sick.length > 0)
    return `${sick.map((item) => item.name).join(', ')} is not Ready; without this server too etcd could lose its majority`;
  // A kubelet is Ready also where etcd on its node is not.
  const mute = all.find(
    (item) => item !== own && !members.some((pod) => isOn(pod, item.name) && isReady(pod)),
  );
  return mute && `no etcd is Ready on ${mute.name}; see to its pod etcd-${mute.name} in kube-system first`;
}

/** What the API server says of etcd: each of its lines must be well, and there must be one. */
function etcdHealth(answers: Answers, question: Question): Read<string | undefined> {
  const answer = answerTo(answers, question);
  if (answer.kind !== 'said') return unread(whyNot(answer, 'the health of etcd'));
  const lines = answer.text.split('\n').filter((line) => /^\[[+-]\]etcd(-readiness)?( |$)/.test(line));
  if (!lines.some((line) => line.startsWith('[+]etcd ok')))
    return unread('the API server does not say that etcd is well (kubectl get --raw /readyz?verbose)');
  const ill = lines.find((line) => !line.endsWith(' ok'));
  return known(
    ill === undefined
      ? undefined
      : `the API server says of etcd: ${ill}; see to etcd before a server is taken out`,
  );
}

const member = /^node-role\.kubernetes\.io\/etcd$/;
const anyServer = /^node-role\.kubernetes\.io\/(control-plane|etcd|master)$/;

function isServer({ roles }: Place): boolean {
  return roles.includes('server') || roles.includes('etcd');
}

function hasRole({ tree }: Item, role: RegExp): boolean {
  return Object.keys((valueAt(tree, ['metadata', 'labels']) ?? {}) as object).some((label) =>
    role.test(label),
  );
}

function isOn({ tree }: Item, node: string): boolean {
  return valueAt(tree, treeSteps('spec.nodeName')) === node;
}

function isReady({ tree }: Item): boolean {
  const conditions = valueAt(tree, treeSteps('status.conditions'));
  return (
    Array.isArray(conditions) &&
    conditions.some((c) => valueAt(c, ['type']) === 'Ready' && valueAt(c, ['status']) === 'True')
  );
}
