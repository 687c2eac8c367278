import { stepSubject } from '../domain/commands.ts';
import type { Failure } from '../domain/failure.ts';
import type { DeedReport } from '../domain/ports.ts';
import {
  type RancherStep,
  rancherSite,
  refusedRancherStep,
  requestLine,
  requestOf,
} from '../domain/rancher.ts';
import type { Change } from '../domain/step.ts';
import { systemWords } from '../domain/system-error.ts';
import { undoByHand } from '../domain/undo.ts';
import type { RancherKeeper, RancherMarks } from './rancher-kept.ts';
import { isAfter, isBefore, look, sendBack, sendStep } from './rancher-object.ts';
import type { RancherServer } from './rancher-server.ts';

type Say = (line: string) => void;

/** Runs the steps of a change, each after a look that its object is as it was seen; on a failing one, puts back what was done. */
export async function changeThere(
  change: Change,
  server: RancherServer,
  keeper: RancherKeeper,
  say: Say,
): Promise<DeedReport> {
  const steps = stepsOf(change);
  if ('failure' in steps) return steps;
  const output: string[] = [];
  const tell = teller(output, say);
  let marks: RancherMarks;
  try {
    for (const step of steps) {
      const obstacle = await obstacleTo(step, server);
      if (obstacle) return { kind: 'refused', failure: obstacle, output: [] };
    }
    marks = await keeper.open(change);
  } catch (error) {
    return refused(`The way back could not be kept: ${systemWords(error)}.`);
  }
  for (const [index, step] of steps.entries()) {
    const obstacle = index === 0 ? undefined : await obstacleTo(step, server);
    if (obstacle)
      return putBack(change, steps, index - 1, { server, marks, tell, failure: obstacle, output });
    await marks.mark(index, 'begun');
    tell(`step ${index + 1} of ${steps.length}: ${step.title}, ${requestLine(requestOf(step))}`);
    const sent = await sendStep(step, server);
    if (sent.kind === 'done') {
      await marks.mark(index, 'done');
      continue;
    }
    if (sent.kind === 'unknown')
      return {
        kind: 'unknown',
        failure: { code: 'link-lost', node: rancherSite, message: sent.reason },
        output,
      };
    const failure: Failure = {
      code: 'change-failed',
      node: rancherSite,
      message: `${step.title}: ${sent.reason}`,
    };
    return putBack(change, steps, index, { server, marks, tell, failure, output });
  }
  await marks.end('done');
  return { kind: 'done', output };
}

/** Takes a change back; without `force` only where the objects are still what the change made of them. */
export async function undoThere(
  change: Change,
  force: boolean,
  server: RancherServer,
  keeper: RancherKeeper,
  say: Say,
): Promise<DeedReport> {
  const steps = stepsOf(change);
  if ('failure' in steps) return steps;
  const output: string[] = [];
  const tell = teller(output, say);
  try {
    const known = await keeper.state(change.session, change.id);
    if (known.kind !== 'said') return refused(`Nothing of the change ${change.id} is kept on this machine.`);
    const marks = await keeper.open(change);
    const open: number[] = [];
    for (const [index, step] of steps.entries()) {
      if ((await marks.marked(index, 'begun')) === undefined) continue;
      if ((await marks.marked(index, 'undone')) !== undefined) continue;
      const seen = await look(step, server);
      if (seen.kind === 'unseen') return refused(`${step.title} cannot be seen: ${seen.reason}.`);
      if (!force && !isAfter(step, seen) && !isBefore(step, seen))
        return { kind: 'refused', failure: drifted(step), output: [] };
      open.push(index);
    }
    for (const index of open.toReversed()) {
      const back = await takeBack(steps[index] as RancherStep, index, { server, marks, tell, force });
      if (back !== undefined) return { kind: 'unknown', failure: undoFailed(change, back), output };
    }
    await marks.end('undone');
    return { kind: 'done', output };
  } catch (error) {
    return { kind: 'unknown', failure: undoFailed(change, systemWords(error)), output };
  }
}

type With = {
  readonly server: RancherServer;
  readonly marks: RancherMarks;
  readonly tell: Say;
  /** Also over what somebody else did meanwhile. */
  readonly force: boolean;
};

/** Takes one step back; why it could not be, otherwise. */
async function takeBack(
  step: RancherStep,
  index: number,
  { server, marks, tell, force }: With,
): Promise<string | undefined> {
  const back = await sendBack(step, force, server);
  if (back.kind !== 'done') return `${step.title}: ${back.reason}`;
  tell(back.note ?? `${step.title} is as it was.`);
  await marks.mark(index, 'undone');
  return undefined;
}

async function putBack(
  change: Change,
  steps: readonly RancherStep[],
  last: number,
  of: Omit<With, 'force'> & { readonly failure: Failure; readonly output: readonly string[] },
): Promise<DeedReport> {
  const { failure, output } = of;
  for (let index = last; index >= 0; index--) {
    const back = await takeBack(steps[index] as RancherStep, index, { ...of, force: false });
    if (back !== undefined) return { kind: 'unknown', failure: undoFailed(change, back), output };
  }
  await of.marks.end('put-back');
  return { kind: 'put-back', failure, output };
}

async function obstacleTo(step: RancherStep, server: RancherServer): Promise<Failure | undefined> {
  const seen = await look(step, server);
  if (seen.kind === 'unseen')
    return { code: 'refused', message: `${step.title} cannot be seen: ${seen.reason}.` };
  return isBefore(step, seen) ? undefined : drifted(step);
}

function stepsOf(change: Change): readonly RancherStep[] | (DeedReport & { readonly kind: 'refused' }) {
  const steps: RancherStep[] = [];
  for (const step of change.steps) {
    const why =
      step.kind === 'rancher-object' ? refusedRancherStep(step) : `${stepSubject(step)} is no object of it`;
    if (step.kind !== 'rancher-object' || why !== undefined)
      return refused(`A Rancher server is only changed through its API; ${why}.`);
    steps.push(step);
  }
  return steps;
}

function teller(output: string[], say: Say): Say {
  return (line) => {
    output.push(line);
    say(line);
  };
}

function drifted(step: RancherStep): Failure {
  return { code: 'drifted', node: rancherSite, path: step.title };
}

function undoFailed(change: Change, message: string): Failure {
  return { code: 'undo-failed', node: rancherSite, message, script: undoByHand(change).replace(/^sh /, '') };
}

function refused(message: string): DeedReport & { readonly kind: 'refused' } {
  return { kind: 'refused', failure: { code: 'refused', message }, output: [] };
}
