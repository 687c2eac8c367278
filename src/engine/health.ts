import type { Answer } from '../domain/answer.ts';
import { kubectlAt, type Place, unitAt } from '../domain/distribution.ts';
import { readObject, readProcess, readUnit } from '../domain/evidence.ts';
import type { Answers, Target } from '../domain/ports.ts';
import { answerTo, type Question, questionKey } from '../domain/question.ts';
import { patience } from './apply.ts';
import { textOf } from './place.ts';

/** Where kubectl answers. */
export type Api = { readonly target: Target; readonly place: Place };

type KubeNode = {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
};

type Lease = {
  readonly metadata?: { readonly name?: string };
  readonly spec?: { readonly renewTime?: string };
};

/** What stands between a freshly started node and being Ready with a healthy API; undefined when nothing does. */
export async function readiness(input: {
  readonly api: Api | undefined;
  readonly nodeName: string;
}): Promise<string | undefined> {
  if (!input.api) return 'no server is connected, so it cannot be seen whether the node is Ready';
  const look = await lookAtCluster(input.api);
  if ('reason' in look) return look.reason;
  const node = look.nodes.find((n) => isCalled(n, input.nodeName));
  if (!node) return `the cluster does not know a node called ${input.nodeName}`;
  if (!isReady(node)) return `${input.nodeName} is not Ready yet`;
  return look.unready.length > 0 ? `the API says: ${look.unready.join(', ')}` : undefined;
}

/** States in which a unit's own processes serve nobody. A unit that is starting may never get further. */
const atRest: readonly (string | undefined)[] = ['inactive', 'failed', 'activating'];

/**
 * Whether anything runs that a restart would end. Where nothing does, a start costs nothing, whatever the cluster's health;
 * but etcd outlives its unit, and a member that still votes must not be ended carelessly.
 */
export async function agentRuns(node: Api, name = unitAt(node.place)): Promise<boolean> {
  const unit: Question = { kind: 'unit', name };
  // Whoever it belongs to: better a gate too many than a member ended that still votes.
  const etcd: Question = { kind: 'process', name: 'etcd', anyones: true };
  const answers = await node.target.ask([unit, etcd], { deadlineMs: patience.ask });
  const silent: Answer = { kind: 'lost', reason: 'no answer' };
  const state = readUnit(answers.get(questionKey(unit)) ?? silent, unit.name);
  if (!state.known || !atRest.includes(state.value.get('ActiveState'))) return true;
  if (node.place.roles.includes('agent')) return false;
  const members = readProcess(answers.get(questionKey(etcd)) ?? silent, etcd.name);
  return !members.known || members.value !== undefined;
}

/** Whether one of these units serves anybody; one that did not answer might. */
export async function anyRuns({ target }: Pick<Api, 'target'>, units: readonly string[]): Promise<boolean> {
  const questions = units.map((name) => ({ kind: 'unit', name }) as const);
  const answers = await target.ask(questions, { deadlineMs: patience.ask });
  return questions.some((question) => {
    const state = readUnit(answerTo(answers, question), question.name);
    return !state.known || !atRest.includes(state.value.get('ActiveState'));
  });
}

/**
 * Why a restart of `nodeName` must not begin now: another control-plane node is not Ready, so the quorum of etcd would be
 * at risk, or the API is not whole. Undefined when it may begin.
 */
export async function restartGate(api: Api | undefined, nodeName: string): Promise<string | undefined> {
  if (!api) return 'No server is connected, so the health of the cluster is unknown.';
  const look = await lookAtCluster(api);
  if ('reason' in look) return look.reason;
  const ill = othersIll(look.nodes, nodeName);
  if (ill !== undefined) return ill;
  return look.unready.length > 0 ? `The API server is not whole: ${look.unready.join(', ')}.` : undefined;
}

/**
 * That another control-plane node than `nodeName` is known not to be Ready. What takes a change back is held up by nothing else: an
 * API that is not whole may be so for that very change.
 */
export async function quorumGate(api: Api | undefined, nodeName: string): Promise<string | undefined> {
  const look = api && (await lookAtCluster(api));
  return look && !('reason' in look) ? othersIll(look.nodes, nodeName) : undefined;
}

function othersIll(nodes: readonly KubeNode[], nodeName: string): string | undefined {
  const sick = nodes
    .filter((n) => !isCalled(n, nodeName) && isServer(n) && !isReady(n))
    .map((n) => n.metadata.name);
  return sick.length > 0
    ? `${sick.join(' and ')} ${sick.length > 1 ? 'are' : 'is'} not Ready; restarting another server now could lose the quorum of etcd.`
    : undefined;
}

type ClusterLook =
  | { readonly nodes: readonly KubeNode[]; readonly unready: readonly string[] }
  | { readonly reason: string };

async function lookAtCluster(api: Api): Promise<ClusterLook> {
  const kubectl = kubectlAt(api.place);
  const nodes: Question = { kind: 'object', kubectl, get: ['nodes'] };
  const ready: Question = { kind: 'command', words: [...kubectl, 'get', '--raw', '/readyz?verbose'] };
  const leases: Question = { kind: 'object', kubectl, get: ['leases', '-n', 'kube-node-lease'] };
  const answers: Answers = await api.target.ask([nodes, ready, leases], { deadlineMs: patience.ask });
  const read = readObject(
    answers.get(questionKey(nodes)) ?? { kind: 'lost', reason: 'no answer' },
    'the list of nodes',
  );
  if (!read.known) return { reason: read.reason };
  const items = (read.value as { items?: unknown } | null | undefined)?.items;
  if (items !== undefined && (!Array.isArray(items) || !items.every(isNode)))
    return { reason: 'the list of nodes is not as the API gives it' };
  if (!items || items.length === 0) return { reason: 'the API lists no nodes' };
  const said = textOf(answers.get(questionKey(ready)));
  if (said === undefined) return { reason: 'the API server does not say that it is ready' };
  const silent = silentNodes(answers.get(questionKey(leases)));
  const heard = items.map((n) => (silent.has(n.metadata.name) ? { ...n, status: {} } : n));
  return { nodes: heard, unready: said.split('\n').filter((line) => line.startsWith('[-]')) };
}

function isNode(item: unknown): item is KubeNode {
  const node = item as Partial<KubeNode> | null;
  const conditions: unknown = node?.status?.conditions ?? [];
  return (
    typeof node?.metadata?.name === 'string' &&
    Array.isArray(conditions) &&
    conditions.every((c: unknown) => typeof c === 'object' && c !== null)
  );
}

/** A kubelet renews its lease every ten seconds; one that has not for so long is not heard, whatever its last word was. */
const silentMs = 60_000;

/**
 * The nodes whose lease is much older than the newest: Ready stays as it was while nobody is there to revise it. The heartbeat
 * in the conditions would not tell, for a healthy kubelet sends it every five minutes only. Without leases Ready alone counts.
 */
function silentNodes(answer: Answer | undefined): ReadonlySet<string> {
  const read = answer && readObject(answer, 'the leases of the nodes');
  const items = read?.known ? (read.value as { items?: unknown } | null | undefined)?.items : undefined;
  const renewed = (Array.isArray(items) ? (items as readonly (Lease | null)[]) : []).flatMap((lease) => {
    const at = Date.parse(lease?.spec?.renewTime ?? '');
    return Number.isNaN(at) ? [] : [{ name: lease?.metadata?.name ?? '', at }];
  });
  const newest = Math.max(...renewed.map(({ at }) => at));
  return new Set(renewed.filter(({ at }) => newest - at > silentMs).map(({ name }) => name));
}

/** Kubernetes has its names in lower case, whatever the hostname or the configuration says. */
function isCalled(node: KubeNode, name: string): boolean {
  return node.metadata.name.toLowerCase() === name.toLowerCase();
}

function isReady(node: KubeNode): boolean {
  return node.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') ?? false;
}

function isServer(node: KubeNode): boolean {
  return Object.keys(node.metadata.labels ?? {}).some((label) =>
    /node-role\.kubernetes\.io\/(control-plane|etcd|master)/.test(label),
  );
}
