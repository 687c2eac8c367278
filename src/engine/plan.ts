import { known, type Read } from '../domain/answer.ts';
import type { Control } from '../domain/control.ts';
import { fillWords, type Place, unitAt } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import type { Plan } from '../domain/resource.ts';
import type { Step } from '../domain/step.ts';
import { foreseen } from './foresee.ts';
import { takingBack } from './leaves.ts';
import { inapplicable, unreadable, wantsAt } from './place.ts';
import { judge, resourceOf } from './probe.ts';

/** What applying a control on a place would do, all its wants together. One refused want refuses the whole control. */
export function planControl(control: Control, place: Place, answers: Answers): Plan {
  const reason = inapplicable(control, place);
  if (reason)
    return {
      kind: 'refused',
      reason: `not applicable: ${reason}`,
      instead: 'Nothing needs to be done here.',
    };
  const obstacle = unreadable(control, place);
  if (obstacle) return { kind: 'refused', reason: obstacle, instead: 'Find out why, then ask again.' };
  const limited = control.onlyIf && judge(control, place, answers);
  if (limited?.kind === 'not-applicable' || limited?.kind === 'unknown')
    return {
      kind: 'refused',
      reason: limited.reason,
      instead: 'Nothing is changed where it is not known to matter.',
    };
  const steps: Step[] = [];
  let restarts = false;
  const units: string[] = [];
  // Each want is planned on the files as the wants before it will leave them.
  let then = answers;
  for (const want of wantsAt(control, place)) {
    const resource = resourceOf(want.type);
    const read = resource.read(want.spec, then, place);
    if (!read.known)
      return {
        kind: 'refused',
        reason: read.reason,
        instead: 'Ask the node again; what is not known is not changed.',
      };
    const plan = resource.change(want.spec, read.value, place);
    if (plan.kind === 'refused') return plan;
    if (plan.kind === 'nothing') continue;
    steps.push(...plan.steps);
    then = plan.steps.reduce(foreseen, then);
    restarts ||= plan.restarts;
    // Where each component has a unit of its own, that of the node agent has to be named among them.
    if (plan.restarts)
      units.push(...(plan.units ?? (place.distribution.argumentFiles ? [unitAt(place)] : [])));
  }
  if (steps.length === 0) return { kind: 'nothing' };
  const first = firstSteps(control, place, answers);
  if (!first.known) {
    const reason = `what it would leave in the cluster could not be recorded: ${first.reason}`;
    return {
      kind: 'refused',
      reason,
      instead: 'Undo would not be whole. Ask again when the API server answers.',
    };
  }
  return {
    kind: 'steps',
    steps: [...first.value, ...mergeWrites(steps)],
    restarts,
    ...(units.length > 0 ? { units: [...new Set(units)] } : {}),
  };
}

function firstSteps(control: Control, place: Place, answers: Answers): Read<readonly Step[]> {
  const steps: Step[] = [];
  for (const first of control.first ?? []) {
    if (!first.roles.some((role) => place.roles.includes(role))) continue;
    const undo = takingBack(first.leaves ?? [], place, answers);
    if (!undo.known) return undo;
    steps.push({ kind: 'run', words: fillWords(first.words, place.words), why: first.why, undo: undo.value });
  }
  return known(steps);
}

/** Consecutive writes of one file become one: from the first's original to the last's text. A folder is made once. */
function mergeWrites(steps: readonly Step[]): readonly Step[] {
  const merged: Step[] = [];
  for (const step of steps) {
    const at = merged.findIndex(
      (m) => m.kind === step.kind && 'path' in m && 'path' in step && m.path === step.path,
    );
    const earlier = merged[at];
    if (earlier?.kind === 'write-file' && step.kind === 'write-file')
      merged[at] = { ...earlier, content: step.content };
    else if (earlier?.kind !== 'make-folder') merged.push(step);
  }
  return filesFirst(merged);
}

/** Files before running values: what survives a reboot is written before what does not. */
function filesFirst(steps: readonly Step[]): readonly Step[] {
  const rank = (step: Step) => (step.kind === 'make-folder' ? 0 : step.kind === 'set-kernel' ? 2 : 1);
  return steps.toSorted((a, b) => rank(a) - rank(b));
}
