import type { WizardStep } from './event.ts';
import { isRepair, type Session } from './session.ts';

/** The path through the wizard, in order. */
export const path: readonly WizardStep[] = [
  'start',
  'distribution',
  'benchmark',
  'nodes',
  'connect',
  'probe',
  'controls',
  'restarts',
  'summary',
  'export',
];

/** The words of a step in the header. */
export const stepTitle: Readonly<Record<WizardStep, string>> = {
  start: 'Start',
  distribution: 'Distribution',
  benchmark: 'Benchmark',
  nodes: 'Nodes',
  connect: 'Connect',
  probe: 'Probe',
  controls: 'Controls',
  restarts: 'Restarts',
  summary: 'Summary',
  export: 'Export',
};

/** What the steps are called where a cluster is repaired. */
const repairTitle: Readonly<Partial<Record<WizardStep, string>>> = {
  benchmark: 'Symptom',
  probe: 'Evidence',
  controls: 'Causes',
};

/** The words of a step in a session of this purpose. */
export function stepWord(session: Pick<Session, 'purpose'>, step: WizardStep): string {
  return (isRepair(session) ? repairTitle[step] : undefined) ?? stepTitle[step];
}

/** The step after this one; the last stays. */
export function nextStep(step: WizardStep): WizardStep {
  return path[path.indexOf(step) + 1] ?? step;
}

/** The step before this one; the first stays. */
export function previousStep(step: WizardStep): WizardStep {
  return path[path.indexOf(step) - 1] ?? step;
}

/** Why a step cannot be entered yet; undefined when it can. */
export function blocked(session: Session, step: WizardStep): string | undefined {
  const at = path.indexOf(step);
  if (at > path.indexOf('distribution') && !session.distribution) return 'choose a distribution first';
  if (at > path.indexOf('benchmark') && !session.benchmark)
    return isRepair(session) ? 'choose a symptom first' : 'choose a benchmark first';
  if (at > path.indexOf('nodes') && session.nodes.length === 0) return 'name at least one node first';
  if (at > path.indexOf('connect') && !session.nodes.some((n) => n.facts))
    return 'no node is connected; r tries again, esc leads back to the addresses';
  if (at > path.indexOf('probe') && !session.probed) return 'probe the nodes first';
  return undefined;
}
