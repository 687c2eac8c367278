import { stepSubject } from '../domain/commands.ts';
import type { Failure } from '../domain/failure.ts';
import type { DeedReport } from '../domain/ports.ts';
import type { Change, Step } from '../domain/step.ts';
import { keep, marked, stepHolds, undoHolds } from './keep.ts';
import {
  type LabChange,
  type LabCluster,
  type LabKept,
  type LabNode,
  type ReadYaml,
  withNode,
} from './state.ts';
import { beyondLab, runStep } from './step.ts';
import { undoStep } from './undo.ts';

/** The cluster after a deed, and what is reported of it. */
export type Performed = { readonly cluster: LabCluster; readonly report: DeedReport };

/** Guards, keeps the originals, runs the steps; a failing step has the whole change put back. */
export function performChange(
  cluster: LabCluster,
  node: LabNode,
  change: Change,
  now: number,
  readYaml: ReadYaml,
): Performed {
  const key = keyOf(change);
  const beyond = change.steps.map(beyondLab).find((what) => what !== undefined);
  if (beyond) return refused(cluster, { code: 'lab-cannot', what: beyond });
  if (node.changes[key])
    return refused(cluster, {
      code: 'refused',
      message: `The change ${change.id} was begun on ${node.name} before.`,
    });
  const moved = change.steps.find((step) => !stepHolds(node, step));
  if (moved) return refused(cluster, { code: 'drifted', node: node.name, path: stepSubject(moved) });

  let state: LabChange = { begun: [], done: [], undone: [], kept: originals(node, change.steps) };
  let after = withChange(cluster, node.name, key, state);
  const output: string[] = [];
  for (const [index, step] of change.steps.entries()) {
    state = { ...state, begun: [...state.begun, index] };
    const result = runStep(after, node.name, step, now, readYaml);
    if (!result.ok) {
      const back = takeBack(after, node.name, change, state);
      const failure: Failure = { code: 'change-failed', node: node.name, message: result.message };
      const ended = { ...back.state, ended: 'put-back' as const };
      return {
        cluster: withChange(back.cluster, node.name, key, ended),
        report: { kind: 'put-back', failure, output: [...output, result.message, ...back.output] },
      };
    }
    output.push(...result.output);
    const kept = state.kept[index];
    const there = result.cluster.nodes[node.name];
    state = {
      ...state,
      done: [...state.done, index],
      kept: kept && there ? { ...state.kept, [index]: marked(kept, there, step) } : state.kept,
    };
    after = withChange(result.cluster, node.name, key, state);
  }
  after = withChange(after, node.name, key, { ...state, ended: 'done' });
  return { cluster: after, report: { kind: 'done', output } };
}

/** Takes a change back, last step first; without `force` it refuses where something is no longer what we left. */
export function performUndo(cluster: LabCluster, node: LabNode, change: Change, force: boolean): Performed {
  const key = keyOf(change);
  const state = node.changes[key];
  if (!state)
    return refused(cluster, {
      code: 'refused',
      message: `${node.name} has no originals of the change ${change.id}, so it cannot be taken back from here.`,
    });
  const moved = change.steps.find(
    (step, index) =>
      state.done.includes(index) &&
      !state.undone.includes(index) &&
      !undoHolds(node, step, state.kept[index]),
  );
  if (moved && !force)
    return refused(cluster, { code: 'drifted', node: node.name, path: stepSubject(moved) });
  const back = takeBack(cluster, node.name, change, state);
  if (back.trouble !== undefined) {
    const failure: Failure = { code: 'change-failed', node: node.name, message: back.trouble };
    return {
      cluster: withChange(back.cluster, node.name, key, back.state),
      report: { kind: 'unknown', failure, output: back.output },
    };
  }
  return {
    cluster: withChange(back.cluster, node.name, key, { ...back.state, ended: 'undone' }),
    report: { kind: 'done', output: back.output },
  };
}

/** A deed that was not begun. */
export function refused(cluster: LabCluster, failure: Failure): Performed {
  return { cluster, report: { kind: 'refused', failure, output: [] } };
}

type Back = {
  readonly cluster: LabCluster;
  readonly state: LabChange;
  readonly output: readonly string[];
  readonly trouble?: string;
};

function takeBack(cluster: LabCluster, name: string, change: Change, from: LabChange): Back {
  let after = cluster;
  let state = from;
  const output: string[] = [];
  for (const [index, step] of [...change.steps.entries()].reverse()) {
    if (!state.done.includes(index) || state.undone.includes(index)) continue;
    const result = undoStep(after, name, step, state.kept[index]);
    if (!result.ok)
      return { cluster: after, state, output: [...output, result.message], trouble: result.message };
    output.push(...result.output);
    after = result.cluster;
    state = { ...state, undone: [...state.undone, index] };
  }
  return { cluster: after, state, output };
}

function originals(node: LabNode, steps: readonly Step[]): Readonly<Record<number, LabKept>> {
  return Object.fromEntries(
    steps.flatMap((step, index) => {
      const kept = keep(node, step);
      return kept ? [[index, kept] as const] : [];
    }),
  );
}

function withChange(cluster: LabCluster, name: string, key: string, state: LabChange): LabCluster {
  const node = cluster.nodes[name];
  return node ? withNode(cluster, { ...node, changes: { ...node.changes, [key]: state } }) : cluster;
}

function keyOf(change: Change): string {
  return `${change.session}/${change.id}`;
}
