import { stepSubject, stepSummary } from '../domain/commands.ts';
import type { Failure } from '../domain/failure.ts';
import { whatStays } from '../domain/lasting.ts';
import type { Change, Step } from '../domain/step.ts';
import { tree } from './files.ts';
import { keep, marked, stepHolds } from './keep.ts';
import { keptUndo, runKeptUndo } from './kept.ts';
import { keyOf, oneLine, type Performed, refused, withChange } from './performed.ts';
import type { LabChange, LabCluster, LabKept, LabNode, ReadYaml } from './state.ts';
import { beyondLab, runStep } from './step.ts';
import { type Back, takeBack, takenBack, undoFailed } from './take-back.ts';

/** Guards, keeps the originals, runs the steps; a failing step has the whole change put back. */
export function performChange(
  cluster: LabCluster,
  node: LabNode,
  change: Change,
  now: number,
  readYaml: ReadYaml,
): Performed {
  const key = keyOf(change);
  const beyond = change.steps
    .filter((step) => keptUndo(step) === undefined)
    .map(beyondLab)
    .find((what) => what !== undefined);
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

  let state: LabChange = { change, begun: [], done: [], undone: [], kept: originals(node, change.steps) };
  let after = withChange(cluster, node.name, key, state);
  const output: string[] = [];
  for (const [index, step] of change.steps.entries()) {
    state = { ...state, begun: [...state.begun, index] };
    output.push(`step ${index + 1} of ${change.steps.length}: ${oneLine(stepSummary(step))}`);
    const earlier = keptUndo(step);
    const result =
      earlier === undefined
        ? runStep(after, node.name, step, now, readYaml)
        : runKeptUndo(after, after.nodes[node.name] ?? node, earlier);
    if (!result.ok) {
      const said = [...output, result.message];
      // Somebody else's object was there first; taking back must not delete it.
      const theirs = step.kind === 'create-object' && result.message.includes('AlreadyExists');
      if (theirs) state = { ...state, begun: state.begun.filter((n) => n !== index) };
      const stays = whatStays(change.steps.slice(0, index));
      const failure = { code: 'change-failed', node: node.name, message: result.message } as const;
      const told = stays === undefined ? failure : { ...failure, stays };
      return putBack(takeBack(after, node.name, change, state), change, told, said);
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

/** The end of a change that failed in the middle: all of it taken back, or not all. */
function putBack(
  back: Back,
  change: Change,
  failure: Extract<Failure, { readonly code: 'change-failed' }>,
  said: readonly string[],
): Performed {
  if (back.failed) return undoFailed(back, failure.node, change, said);
  return {
    cluster: withChange(back.cluster, failure.node, keyOf(change), { ...back.state, ended: 'put-back' }),
    report: { kind: 'put-back', failure, output: [...said, ...back.output, takenBack] },
  };
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

function originals(node: LabNode, steps: readonly Step[]): Readonly<Record<number, LabKept>> {
  return Object.fromEntries(
    steps.flatMap((step, index) => {
      const kept = keep(node, step);
      return kept ? [[index, kept] as const] : [];
    }),
  );
}
