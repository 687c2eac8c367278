import type { Control } from '../domain/control.ts';
import type { Place } from '../domain/distribution.ts';
import type { Answers, Target } from '../domain/ports.ts';
import type { PlanItem } from '../domain/review-plan.ts';
import { type Change, changeFolder, nodeFolder } from '../domain/step.ts';
import type { Verdict } from '../domain/verdict.ts';
import { planControl } from './plan.ts';
import { askMissing, askToPlan, questionsOf } from './probe.ts';
import { secretsOf } from './secrets.ts';
import { show } from './show.ts';

/** How secrets are kept out of a plan. */
export type Discretion = {
  readonly addSecret: (secret: string) => void;
  readonly redact: (text: string) => string;
};

const askMs = 60_000;

/** What applying an open control on a place would do, for review: planned as for an apply, and never done. */
export async function reviewControl(
  target: Target,
  control: Control,
  place: Place,
  verdict: Verdict,
  numbers: readonly string[],
  { addSecret, redact }: Discretion,
  have: Answers = new Map(),
): Promise<PlanItem> {
  const options = { deadlineMs: askMs };
  const asked = await askMissing(target, questionsOf([control], place), have, options);
  const answers = await askToPlan(target, control, place, asked, options);
  const plan = planControl(control, place, answers);
  const change: Change = {
    id: 'change',
    session: 'session',
    control: control.id,
    node: place.node,
    via: target.name,
    steps: plan.kind === 'steps' ? plan.steps : [],
  };
  secretsOf(change).forEach(addSecret);
  const { commands, undo, diffs } = show(change, redact);
  const refused = plan.kind === 'refused' ? plan : { reason: verdict.reason ?? '', instead: '' };
  return {
    control: control.id,
    title: control.title,
    numbers,
    place: place.node,
    verdict: verdict.kind,
    found: redact(verdict.found),
    wanted: redact(verdict.wanted),
    breaks: control.breaks,
    impact: control.impact,
    needs: control.needs,
    does: plan.kind,
    reason: redact(refused.reason),
    instead: redact(refused.instead),
    commands,
    diffs,
    // The folder of a change has the names of a session and a change that do not exist yet.
    undo:
      change.steps.length === 0
        ? []
        : undo.map((line) => line.replaceAll(changeFolder(change), `${nodeFolder}/<session>/<change>`)),
    restarts: plan.kind === 'steps' && plan.restarts,
    units: plan.kind === 'steps' ? (plan.units ?? []) : [],
  };
}

/** The item with secrets taken out that came to be known only after it was made. */
export function discreet(item: PlanItem, redact: Discretion['redact']): PlanItem {
  return {
    ...item,
    found: redact(item.found),
    wanted: redact(item.wanted),
    reason: redact(item.reason),
    instead: redact(item.instead),
    commands: item.commands.map(redact),
    undo: item.undo.map(redact),
    diffs: item.diffs.map(({ path, text }) => ({ path, text: redact(text) })),
  };
}
