import { notTakenBack } from '../domain/lasting.ts';
import { nodeFolder, type Step } from '../domain/step.ts';
import { withChange } from './performed.ts';
import type { LabCluster, LabNode } from './state.ts';
import type { StepResult } from './step.ts';
import { driftOf, takeBack, takenBack } from './take-back.ts';

/** Every change that a node keeps the originals of, and how it ended, as the `kept` question answers it; undefined before the first. */
export function keptText(node: LabNode): string | undefined {
  if (Object.keys(node.changes).length === 0) return undefined;
  const lines = Object.entries(node.changes)
    .flatMap(([key, { begun, ended }]) => {
      const state = ended ?? (begun.length > 0 ? 'begun' : '');
      return state === '' ? [] : [`${key.replace('/', ' ')} ${state}`];
    })
    .sort();
  return [...lines, 'end'].join('\n');
}

/** The change, as `session/change`, whose undo script on the node a step runs; undefined for every other step. */
export function keptUndo(step: Step): string | undefined {
  if (step.kind !== 'run') return undefined;
  const [shell, script = '', ...rest] = step.words;
  const path = script.startsWith(`${nodeFolder}/`) ? script.slice(nodeFolder.length + 1) : '';
  const key = /^([^/]+\/[^/]+)\/undo\.sh$/.exec(path)?.[1];
  return shell === 'sh' && rest.length === 0 ? key : undefined;
}

/** Runs the undo script of a change on its node. */
export function runKeptUndo(cluster: LabCluster, node: LabNode, key: string): StepResult {
  const state = node.changes[key];
  if (!state?.change)
    return { ok: false, message: `sh: 0: cannot open ${nodeFolder}/${key}/undo.sh: No such file` };
  const drift = driftOf(cluster, node, state.change, state);
  if (drift !== undefined) return { ok: false, message: notTakenBack(drift) };
  const back = takeBack(cluster, node.name, state.change, state);
  if (back.failed) return { ok: false, message: back.output.join('\n') };
  const ended = withChange(back.cluster, node.name, key, { ...back.state, ended: 'undone' });
  return { ok: true, cluster: ended, output: [...back.output, takenBack] };
}
