import { stepSubject, stepSummary } from '../domain/commands.ts';
import { type Change, changeFolder, type Step } from '../domain/step.ts';
import { backSummary } from '../domain/undo.ts';
import { stepHolds, undoHolds } from './keep.ts';
import { patchHolds } from './objects.ts';
import { keyOf, oneLine, type Performed, refused, withChange } from './performed.ts';
import type { LabChange, LabCluster, LabNode } from './state.ts';
import { undoStep } from './undo.ts';

/** Takes a change back, last step first; without `force` it refuses where something is no longer what we left. */
export function performUndo(cluster: LabCluster, node: LabNode, change: Change, force: boolean): Performed {
  const key = keyOf(change);
  const state = node.changes[key];
  if (!state)
    return refused(cluster, {
      code: 'refused',
      message: `The node no longer has ${changeFolder(change)}/undo.sh, and with it the originals of this change; it cannot be taken back from here.`,
    });
  const path = force ? undefined : driftOf(cluster, node, change, state);
  if (path !== undefined) return refused(cluster, { code: 'drifted', node: node.name, path });
  const back = takeBack(cluster, node.name, change, state);
  if (back.failed) return undoFailed(back, node.name, change, []);
  return {
    cluster: withChange(back.cluster, node.name, key, { ...back.state, ended: 'undone' }),
    report: { kind: 'done', output: [...back.output, takenBack] },
  };
}

/** The end of a way back that could not be gone to its end: what is there now must be asked. */
export function undoFailed(back: Back, name: string, change: Change, said: readonly string[]): Performed {
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
/** The last words of a way back. */
export const takenBack = 'Everything this change did has been taken back.';

/** The first thing of a change that is no longer as it left it. */
export function driftOf(
  cluster: LabCluster,
  node: LabNode,
  change: Change,
  state: LabChange,
): string | undefined {
  const moved = change.steps.find((_, index) => drifted(cluster, node, change, index, state));
  return moved && stepSubject(moved);
}

/** Whether taking a step back would lose somebody's work. A later step on the same thing speaks for both. */
function drifted(
  cluster: LabCluster,
  node: LabNode,
  change: Change,
  index: number,
  state: LabChange,
): boolean {
  const step = change.steps[index];
  if (!step || !isPending(state, index)) return false;
  const later = change.steps
    .slice(index + 1)
    .some((other) => other.kind === step.kind && stepSubject(other) === stepSubject(step));
  if (!later && step.kind === 'patch-object') return !patchHolds(cluster, node, step);
  return (
    !later &&
    !undoHolds(node, step, state.kept[index], change.steps.slice(index + 1)) &&
    !stepHolds(node, step)
  );
}

/** A step that was begun is taken back, also the one that failed: how far it came is not known on a real node. */
function isPending(state: LabChange, index: number): boolean {
  return state.begun.includes(index) && !state.undone.includes(index);
}

function isMaking(step: Step): boolean {
  return step.kind === 'make-folder' || step.kind === 'create-account' || step.kind === 'create-group';
}

/** How far a way back got. */
export type Back = {
  readonly cluster: LabCluster;
  readonly state: LabChange;
  readonly output: readonly string[];
  /** Whether some step would not go back; a line of the output then names it. */
  readonly failed: boolean;
};

/** Takes back every step that was begun, last first, and goes on where one will not go. */
export function takeBack(cluster: LabCluster, name: string, change: Change, from: LabChange): Back {
  let after = cluster;
  let state = from;
  let failed = false;
  const output: string[] = [];
  for (const [index, step] of [...change.steps.entries()].reverse()) {
    if (!isPending(state, index)) continue;
    const summary = oneLine(stepSummary(step));
    // What was to be made and was not need not be removed; what is as it was, the lab never refuses to set.
    const nothing = isMaking(step) && !state.done.includes(index);
    const result = nothing
      ? { ok: true as const, cluster: after, output: [] }
      : undoStep(after, name, step, state.kept[index]);
    output.push(`Taking back: ${oneLine(backSummary(step, index))}`);
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
