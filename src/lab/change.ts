import { stepSubject, stepSummary } from '../domain/commands.ts';
import type { Failure } from '../domain/failure.ts';
import type { DeedReport } from '../domain/ports.ts';
import { type Change, changeFolder, type Step } from '../domain/step.ts';
import { tree } from './files.ts';
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
  const refusal =
    node.changes[key] !== undefined
      ? 'This change was begun on the node before; look at it and undo it first.'
      : change.steps.map((step) => notOwnable(node, step)).find((what) => what !== undefined);
  if (refusal) return refused(cluster, { code: 'refused', message: refusal });
  // Of things an earlier step of the same change makes, nothing can be said yet.
  const moved = change.steps.find(
    (step, index) =>
      !change.steps.slice(0, index).some((earlier) => stepSubject(earlier) === stepSubject(step)) &&
      !stepHolds(node, step),
  );
  if (moved) return refused(cluster, { code: 'drifted', node: node.name, path: stepSubject(moved) });

  let state: LabChange = { begun: [], done: [], undone: [], kept: originals(node, change.steps) };
  let after = withChange(cluster, node.name, key, state);
  const output: string[] = [];
  for (const [index, step] of change.steps.entries()) {
    state = { ...state, begun: [...state.begun, index] };
    output.push(`step ${index + 1} of ${change.steps.length}: ${oneLine(stepSummary(step))}`);
    const result = runStep(after, node.name, step, now, readYaml);
    if (!result.ok) {
      const said = [...output, result.message];
      // Somebody else's object was there first; taking back must not delete it.
      const theirs = step.kind === 'create-object' && result.message.includes('AlreadyExists');
      if (theirs) state = { ...state, begun: state.begun.filter((n) => n !== index) };
      return putBack(takeBack(after, node.name, change, state), node.name, change, result.message, said);
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
      message: `The node no longer has ${changeFolder(change)}/undo.sh, and with it the originals of this change; it cannot be taken back from here.`,
    });
  const moved = change.steps.find((_, index) => drifted(node, change, index, state));
  if (moved && !force)
    return refused(cluster, { code: 'drifted', node: node.name, path: stepSubject(moved) });
  const back = takeBack(cluster, node.name, change, state);
  if (back.failed) return undoFailed(back, node.name, change, []);
  return {
    cluster: withChange(back.cluster, node.name, key, { ...back.state, ended: 'undone' }),
    report: { kind: 'done', output: [...back.output, takenBack] },
  };
}

/** The end of a change that failed in the middle: all of it taken back, or not all. */
function putBack(
  back: Back,
  name: string,
  change: Change,
  message: string,
  said: readonly string[],
): Performed {
  if (back.failed) return undoFailed(back, name, change, said);
  return {
    cluster: withChange(back.cluster, name, keyOf(change), { ...back.state, ended: 'put-back' }),
    report: {
      kind: 'put-back',
      failure: { code: 'change-failed', node: name, message },
      output: [...said, ...back.output, takenBack],
    },
  };
}

function undoFailed(back: Back, name: string, change: Change, said: readonly string[]): Performed {
  const told = back.output.find((line) => line.startsWith(notBack));
  const message = [said.at(-1), told].filter((line) => line !== undefined).join('; ');
  const script = `${changeFolder(change)}/undo.sh`;
  return {
    cluster: withChange(back.cluster, name, keyOf(change), back.state),
    report: {
      kind: 'unknown',
      failure: { code: 'undo-failed', node: name, message, script },
      output: [...said, ...back.output],
    },
  };
}

const notBack = 'This could not be taken back: ';
const takenBack = 'Everything this change did has been taken back.';

/** Whether taking a step back would lose somebody's work. A later step on the same thing speaks for both. */
function drifted(node: LabNode, change: Change, index: number, state: LabChange): boolean {
  const step = change.steps[index];
  if (!step || !isPending(state, index)) return false;
  const later = change.steps
    .slice(index + 1)
    .some((other) => other.kind === step.kind && stepSubject(other) === stepSubject(step));
  return !later && !undoHolds(node, step, state.kept[index]) && !stepHolds(node, step);
}

/** A deed that was not begun. */
export function refused(cluster: LabCluster, failure: Failure): Performed {
  return { cluster, report: { kind: 'refused', failure, output: [] } };
}

/** A step that was begun is taken back, also the one that failed: how far it came is not known on a real node. */
function isPending(state: LabChange, index: number): boolean {
  return state.begun.includes(index) && !state.undone.includes(index);
}

function isMaking(step: Step): boolean {
  return step.kind === 'make-folder' || step.kind === 'create-account' || step.kind === 'create-group';
}

type Back = {
  readonly cluster: LabCluster;
  readonly state: LabChange;
  readonly output: readonly string[];
  /** Whether some step would not go back; a line of the output then names it. */
  readonly failed: boolean;
};

function takeBack(cluster: LabCluster, name: string, change: Change, from: LabChange): Back {
  let after = cluster;
  let state = from;
  let failed = false;
  const output: string[] = [];
  for (const [index, step] of [...change.steps.entries()].reverse()) {
    if (!isPending(state, index)) continue;
    const summary = oneLine(stepSummary(step));
    // What was to be made and was not need not be removed.
    const nothing = isMaking(step) && !state.done.includes(index);
    const result = nothing
      ? { ok: true as const, cluster: after, output: [] }
      : undoStep(after, name, step, state.kept[index]);
    output.push(`Taking back: ${summary}`);
    if (!result.ok) {
      failed = true;
      output.push(result.message, `${notBack}${summary}`);
      continue;
    }
    output.push(...result.output);
    after = result.cluster;
    state = { ...state, undone: [...state.undone, index] };
  }
  return { cluster: after, state, output, failed };
}

/** A change of owner takes set-user bits away, and those could not go back. */
function notOwnable(node: LabNode, step: Step): string | undefined {
  if (step.kind !== 'set-owner') return undefined;
  const all = step.tree
    ? tree(node, step.path)
    : tree(node, step.path).filter(([path]) => path === step.path);
  const [path] = all.find(([, file]) => file.text !== undefined && /^[2-7]/.test(file.mode)) ?? [];
  return path && `${path} has a set-user or set-group bit, which a change of owner would take away.`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
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
