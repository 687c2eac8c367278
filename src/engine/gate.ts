import type { Control, TargetKind, Want } from '../domain/control.ts';
import type { Distribution, Place } from '../domain/distribution.ts';
import type { Answers } from '../domain/ports.ts';
import type { Gate, GateFinding, GateKind } from '../domain/upgrade.ts';
import { notApplicable, type Verdict } from '../domain/verdict.ts';
import { inRange, type Version } from '../domain/version.ts';
import { judge } from './probe.ts';

/** What is configured of a gate, and whether that makes it matter: judged where the next start reads it. */
export type Planned = { readonly next?: Verdict; readonly matters?: Verdict };

/** Where the next start of a distribution reads what is configured: its node, or the file that makes the whole cluster. */
export function plannedOn({ clusterFile }: Distribution): TargetKind {
  return clusterFile ? 'workstation' : 'node';
}

/** The controls that ask what runs on a node of some gates, and what is configured there. */
export function nodeControls(gates: readonly Gate[], distribution: Distribution): readonly Control[] {
  const planned = plannedOn(distribution) === 'node' ? plannedControls(gates, distribution) : [];
  return [...gates.flatMap((gate) => Object.values(partsOf(gate))), ...planned];
}

/** The controls that ask what is configured, of some gates. */
export function plannedControls(gates: readonly Gate[], distribution: Distribution): readonly Control[] {
  const target = plannedOn(distribution);
  return gates.flatMap((gate) => Object.values(plannedParts(gate, target)).flat());
}

/** What is configured of a gate at a place, from answers alone. */
export function plannedAt(gate: Gate, place: Place, answers: Answers): Planned {
  const { next, matters } = plannedParts(gate, plannedOn(place.distribution));
  // Any of them is enough, so the best counts.
  const [best] = matters.map((m) => judge(m, place, answers)).toSorted((a, b) => rank(a) - rank(b));
  return { ...(next ? { next: judge(next, place, answers) } : {}), ...(best ? { matters: best } : {}) };
}

/** What comes of a gate on a node, from what runs there and what is configured. */
export function gateFinding(
  gate: Gate,
  place: Place,
  runs: Version | undefined,
  answers: Answers,
  planned: Planned | undefined,
): GateFinding {
  const finding = (kind: GateKind, verdict: Verdict, when?: GateFinding['when']): GateFinding => ({
    gate,
    node: place.node,
    kind,
    verdict,
    ...(when && kind === 'breaks' ? { when } : {}),
  });
  const { wanted, only } = partsOf(gate);
  const applies = only && judge(only, place, answers);
  const planning = planned?.matters;
  if (applies && !(planning && holds(planning))) {
    const unread = [applies, planning].find((v) => v?.kind === 'unknown');
    if (unread && !holds(applies)) return finding('unknown', unread);
    if (applies.kind === 'fail' || applies.kind === 'not-applicable')
      return finding('not-applicable', notApplicable(`it does not matter on ${place.node}`));
  }
  const verdict = judge(wanted, place, answers);
  // What a person has to look at was looked at when the node went beyond that version.
  if (verdict.kind === 'manual' && runs && inRange(runs, gate.versions))
    return finding('not-applicable', notApplicable(`${place.node} is beyond that version already`));
  const kind = kindOf(verdict);
  const next = planned?.next;
  if (!next || next.kind === 'not-applicable') {
    const onlyPlanned = applies !== undefined && !holds(applies);
    return finding(kind, verdict, planning && onlyPlanned ? 'configured' : undefined);
  }
  if (kindOf(next) === 'breaks')
    return kind === 'breaks'
      ? finding('breaks', { ...verdict, found: `${verdict.found}; configured: ${next.found}` }, 'both')
      : finding('breaks', next, 'configured');
  if (next.kind === 'unknown')
    return kind === 'breaks' ? finding(kind, verdict, 'running') : finding('unknown', next);
  // Where the configuration is all that a start reads, what it no longer asks for ends with it.
  const ends = next.kind === 'pending-restart' || place.distribution.config === undefined;
  if (kind === 'breaks' && ends)
    return finding('holds', {
      ...verdict,
      kind: 'pending-restart',
      reason: 'the next start no longer brings it',
    });
  return finding(kind, verdict, 'running');
}

function kindOf({ kind }: Verdict): GateKind {
  switch (kind) {
    // It is right where the next start reads it, and an upgrade is a start.
    case 'pending-restart':
    case 'pass':
      return 'holds';
    case 'manual':
      return 'look';
    case 'unknown':
    case 'not-applicable':
      return kind;
    default:
      return 'breaks';
  }
}

function holds(verdict: Verdict): boolean {
  return kindOf(verdict) === 'holds';
}

function rank(verdict: Verdict): number {
  return holds(verdict) ? 0 : verdict.kind === 'unknown' ? 1 : 2;
}

const parts = new WeakMap<Gate, { readonly wanted: Control; readonly only?: Control }>();

/** What runs on a node as controls, so that it is asked and judged as they are: what must hold, and where it matters at all. */
function partsOf(gate: Gate): { readonly wanted: Control; readonly only?: Control } {
  const made = parts.get(gate) ?? {
    wanted: controlFor(gate, gate.id, gate.wants, 'node'),
    ...(gate.only ? { only: controlFor(gate, `${gate.id}-only`, gate.only, 'node') } : {}),
  };
  parts.set(gate, made);
  return made;
}

type PlannedParts = { readonly next?: Control; readonly matters: readonly Control[] };

const planned = new WeakMap<Gate, Map<TargetKind, PlannedParts>>();

/** What is configured, as controls of where the next start reads it. */
function plannedParts(gate: Gate, target: TargetKind): PlannedParts {
  const byTarget = planned.get(gate) ?? new Map<TargetKind, PlannedParts>();
  planned.set(gate, byTarget);
  const made = byTarget.get(target) ?? {
    ...(gate.next ? { next: controlFor(gate, `${gate.id}-next`, gate.next, target) } : {}),
    matters: (gate.onlyNext ?? []).map((want, n) =>
      controlFor(gate, `${gate.id}-matters-${n}`, [want], target),
    ),
  };
  byTarget.set(target, made);
  return made;
}

function controlFor(gate: Gate, id: string, wants: readonly Want[], target: TargetKind): Control {
  return {
    id,
    title: gate.what,
    target,
    roles: gate.roles,
    why: gate.what,
    breaks: gate.instead,
    impact: 'none',
    needs: [],
    sources: gate.sources,
    wants,
  };
}
