import type { Answer } from '../domain/answer.ts';
import type { Words } from '../domain/question.ts';
import { type Kind, kindNamed, objectAt, qualified, serves } from './kinds.ts';
import { isTree } from './merge-patch.ts';
import type { LabCluster, LabNode, LabObject } from './state.ts';

/** What `kubectl get` and its kin are pointed at. */
export type Selection = {
  readonly kind: Kind;
  readonly name?: string;
  /** Undefined for all namespaces, and for kinds that have none. */
  readonly namespace?: string;
  /** A label that they must have. */
  readonly label?: readonly [name: string, value: string];
  /** A field that they must have, with the way to it. */
  readonly field?: readonly [name: string, value: string];
};

/** Where the RKE2 of the lab puts its kubectl when nobody moved the data folder. */
const usualKubectl = '/var/lib/rancher/rke2/bin/kubectl';

/** Whether words are the beginning of a kubectl command: the program, and at most the kubeconfig to use. */
export function isKubectl(words: Words): boolean {
  if (words.join(' ') === 'k8s kubectl') return true;
  const [program = '', ...flags] = words.filter((word) => word !== 'env' && !/^[A-Z]+=/.test(word));
  if (!/(^|\/)kubectl$/.test(program)) return false;
  const rest = flags.join(' ');
  return rest === '' || /^--kubeconfig[ =]\S+$/.test(rest);
}

/** Why kubectl cannot be asked on this node at this moment; undefined when it can. */
export function kubectlTrouble(cluster: LabCluster, node: LabNode, words: Words): Answer | undefined {
  const program = words.find((word) => /(^|\/)kubectl$/.test(word)) ?? '';
  if (program.startsWith('/') && program !== usualKubectl && !node.files[program]) {
    return { kind: 'no-tool', tool: program };
  }
  if (!node.roles.includes('server')) {
    const kubeconfig = words.find((word) => word.endsWith('.yaml') || word.endsWith('.kubeconfig'));
    if (kubeconfig && node.files[kubeconfig.replace(/^.*=/, '')])
      return apiAnswers(cluster) ? undefined : failed(refused('127.0.0.1:6443'));
    return failed(
      kubeconfig
        ? `error: stat ${kubeconfig.replace(/^.*=/, '')}: no such file or directory`
        : refused('localhost:8080'),
    );
  }
  return apiAnswers(cluster) ? undefined : failed(refused('127.0.0.1:6443'));
}

/** Whether the API can be reached at all: some server of the cluster runs. */
function apiAnswers(cluster: LabCluster): boolean {
  return Object.values(cluster.nodes).some(
    (node) =>
      node.roles.includes('server') &&
      (['rke2-server', 'snap.k8s.kube-apiserver'].some((unit) => node.units[unit]?.active === 'active') ||
        node.containers['kube-apiserver']?.state === 'running'),
  );
}

/** Takes the words after the verb apart; undefined when they are beyond the lab. */
export function selection(words: Words): Selection | undefined {
  const plain: string[] = [];
  let namespace: string | undefined;
  let all = false;
  let label: Selection['label'];
  let field: Selection['field'];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    if (word === '-A' || word === '--all-namespaces') all = true;
    else if (word === '-n' || word === '--namespace') namespace = words[++i];
    else if (word.startsWith('--namespace=')) namespace = word.slice('--namespace='.length);
    else if (word === '-o' && words[i + 1] === 'json') i++;
    else if (word === '-l' && /^[\w./-]+=[\w.-]+$/.test(words[i + 1] ?? '')) {
      const [key = '', value = ''] = (words[++i] ?? '').split('=');
      label = [key, value];
    } else if (word === '--field-selector' && /^\w+(\.\w+)*=[\w.-]+$/.test(words[i + 1] ?? '')) {
      const [key = '', value = ''] = (words[++i] ?? '').split('=');
      field = [key, value];
    } else if (word !== '-o=json' && word !== '-ojson' && word !== '--output=json') plain.push(word);
  }
  const [first = '', name, ...more] = plain[0]?.includes('/') ? plain[0].split('/') : plain;
  const kind = kindNamed(first);
  if (!kind || more.length > 0 || first.startsWith('-') || name?.startsWith('-') || (all && name)) return;
  return {
    kind,
    ...(name ? { name } : {}),
    ...(label ? { label } : {}),
    ...(field ? { field } : {}),
    ...(kind.namespaced && !all ? { namespace: namespace ?? 'default' } : {}),
  };
}

/** The answer of `kubectl get … -o json`. */
export function getObjects(cluster: LabCluster, select: Selection): Answer {
  const { kind, name, namespace, label, field } = select;
  if (!serves(cluster, kind)) return failed(noSuchKind(kind));
  if (name !== undefined) {
    const object = objectAt(cluster, kind, namespace, name);
    return object ? said(shown(cluster, object)) : { kind: 'absent' };
  }
  const items = [...cluster.objects, ...(label?.[1] === 'etcd' ? etcdPods(cluster) : [])]
    .filter((o) => o.kind === kind.kind)
    .filter((o) => namespace === undefined || o.metadata.namespace === namespace)
    .filter((o) => label === undefined || labelsOf(o)[label[0]] === label[1])
    .filter((o) => field === undefined || fieldOf(o, field[0]) === field[1])
    .toSorted((a, b) => order(a).localeCompare(order(b), 'en'))
    .map((o) => shown(cluster, o));
  return said({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } });
}

/** The static pods of etcd, which follow from what runs on the nodes and are not stored. */
function etcdPods(cluster: LabCluster): readonly LabObject[] {
  return Object.values(cluster.nodes).flatMap(({ name, processes }) =>
    processes.etcd
      ? [
          {
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: `etcd-${name}`, namespace: 'kube-system', labels: { component: 'etcd' } },
            spec: { nodeName: name },
            status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
          },
        ]
      : [],
  );
}

function fieldOf(object: unknown, way: string): unknown {
  return way.split('.').reduce<unknown>((at, step) => (isTree(at) ? at[step] : undefined), object);
}

function labelsOf({ metadata }: LabObject): Readonly<Record<string, string>> {
  return (metadata.labels ?? {}) as Readonly<Record<string, string>>;
}

/** How the API server says that a kind is not served. */
export function noSuchKind(kind: Kind): string {
  return `error: the server doesn't have a resource type "${kind.plural}"`;
}

/** How the API server says that an object is not there. */
export function notFound(kind: Kind, name: string): string {
  return `Error from server (NotFound): ${qualified(kind)} "${name}" not found`;
}

/** A node's object says Ready when its kubelet runs: the one thing of an object that is not stored. */
function shown(cluster: LabCluster, object: LabObject): LabObject {
  if (object.kind !== 'Node') return object;
  const node = cluster.nodes[object.metadata.name];
  const ready = node?.processes.kubelet !== undefined || node?.containers.kubelet?.state === 'running';
  const status = (object.status ?? {}) as Readonly<Record<string, unknown>>;
  const others = ((status.conditions ?? []) as readonly { readonly type: string }[]).filter(
    (c) => c.type !== 'Ready',
  );
  const condition = ready
    ? { type: 'Ready', status: 'True', reason: 'KubeletReady' }
    : { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown' };
  return { ...object, status: { ...status, conditions: [...others, condition] } };
}

function order(object: LabObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

function said(value: unknown): Answer {
  return { kind: 'said', text: `${JSON.stringify(value, null, 4)}\n` };
}

function failed(message: string): Answer {
  return { kind: 'failed', exit: 1, message };
}

function refused(where: string): string {
  return `The connection to the server ${where} was refused - did you specify the right host or port?`;
}
