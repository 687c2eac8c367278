import * as z from 'zod';
import { known, type Read, unread, whyNot } from '../domain/answer.ts';
import { kubectlAt, type Place } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import { answerTo, type Question } from '../domain/question.ts';
import type { Plan, Resource } from '../domain/resource.ts';
import type { Verdict } from '../domain/verdict.ts';
import { columnsOption } from './evidence-lines.ts';
import { foundList, type Item, readItems, shortList } from './object-list.ts';
import { treeSteps, valueAt } from './tree.ts';
import { refused, stepsOrNothing } from './write.ts';

const schema = z.strictObject({
  /** That nodes out of service are empty, or that there are none. */
  want: z.enum(['empty', 'none']),
});

type Wanted = z.infer<typeof schema>;

/** A pod that a node out of service still runs and that another node could run; `orphan` when nobody would make it anew. */
type Left = { readonly node: string; readonly pod: string; readonly orphan: boolean };

type Observed = { readonly nodes: readonly string[]; readonly left: readonly Left[] };

const columns = {
  node: '.spec.nodeName',
  owner: '.metadata.ownerReferences[*].kind',
  phase: '.status.phase',
};

/** How long the emptying of one node may take, in seconds: less than a change may. */
const patience = 150;

function questions({ want }: Wanted, place: Place): { readonly nodes: Question; readonly pods?: Question } {
  const kubectl = kubectlAt(place);
  const nodes: Question = { kind: 'object', kubectl, get: ['nodes'] };
  if (want === 'none') return { nodes };
  const words = [...kubectl, 'get', 'pods', '-A', '-o', columnsOption(columns)];
  return { nodes, pods: { kind: 'command', words } };
}

/**
 * Nodes that were taken out of service (kubectl cordon): that they are empty, which the change sees to with kubectl drain, or that
 * there are none, for which it puts them into service again.
 */
export const outOfService: Resource<Wanted, Observed> = {
  type: 'out-of-service',
  schema,
  ask: (wanted, place) => Object.values(questions(wanted, place)),
  read,
  judge,
  change,
};

function read(wanted: Wanted, answers: Answers, place: Place): Read<Observed> {
  const asked = questions(wanted, place);
  const items = readItems(answerTo(answers, asked.nodes), 'the list of nodes');
  if (!items.known) return items;
  if (items.value.length === 0) return unread('the API lists no nodes');
  const nodes = items.value.filter(isOut).map((item) => item.name);
  if (!asked.pods) return known({ nodes, left: [] });
  const pods = answerTo(answers, asked.pods);
  if (pods.kind !== 'said') return unread(whyNot(pods, 'the list of pods'));
  const [head = '', ...rows] = pods.text.split('\n').filter((line) => line.trim() !== '');
  if (!/^NAMESPACE +NAME +NODE +OWNER +PHASE$/.test(head.trim()))
    return unread('the list of pods has no head');
  const cells = rows.map((row) => row.trim().split(/ {3,}/));
  if (cells.some((row) => row.length !== 5))
    return unread('the list of pods has a line that is not readable');
  const left = cells.flatMap(([namespace, name, node = '', owner = '', phase = '']) => {
    const stays = /DaemonSet|Node/.test(owner) || phase === 'Succeeded' || phase === 'Failed';
    return stays || !nodes.includes(node)
      ? []
      : [{ node, pod: `${namespace}/${name}`, orphan: owner === '<none>' }];
  });
  return known({ nodes, left });
}

function judge({ want }: Wanted, { nodes, left }: Observed): Verdict {
  if (want === 'none') {
    const wanted = 'every node in service';
    return nodes.length === 0
      ? { kind: 'pass', found: 'every node is in service', wanted }
      : {
          kind: 'fail',
          found: `${foundList(nodes)} out of service`,
          wanted,
          reason: 'no new pod is put there; put it into service again once what it was taken out for is done',
        };
  }
  const wanted = 'nodes out of service run nothing that another node could run';
  if (nodes.length === 0) return { kind: 'pass', found: 'every node is in service', wanted };
  if (left.length === 0)
    return { kind: 'pass', found: `${shortList(nodes)} out of service and empty`, wanted };
  const found = [...new Set(left.map((l) => l.node))].map(
    (node) => `${node} still runs ${shortList(left.filter((l) => l.node === node).map((l) => l.pod))}`,
  );
  return { kind: 'fail', found: found.join('; '), wanted };
}

function change({ want }: Wanted, { nodes, left }: Observed, place: Place): Plan {
  const kubectl = kubectlAt(place);
  if (want === 'none')
    return stepsOrNothing(
      nodes.map((node) => ({
        kind: 'patch-object',
        kubectl,
        object: ['node', node],
        patch: '{"spec":{"unschedulable":null}}',
        back: '{"spec":{"unschedulable":true}}',
      })),
      false,
    );
  const orphans = left.filter((l) => l.orphan).map((l) => l.pod);
  if (orphans.length > 0)
    return refused(
      `nobody would make ${shortList(orphans)} anew on another node`,
      'Save what these pods hold and remove them yourself, then ask again.',
    );
  const limits = ['--ignore-daemonsets', '--delete-emptydir-data', `--timeout=${patience}s`];
  // One at a time, so that what leaves the first has somewhere to go.
  return stepsOrNothing(
    [...new Set(left.map((l) => l.node))].slice(0, 1).map((node) => ({
      kind: 'run',
      words: [...kubectl, 'drain', node, ...limits],
      why: 'its pods are made anew on other nodes and do not come back by themselves; what they had in emptyDir volumes is lost',
    })),
    false,
  );
}

function isOut({ tree }: Item): boolean {
  return valueAt(tree, treeSteps('spec.unschedulable')) === true;
}
