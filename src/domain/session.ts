import type { RestartOrder } from './distribution.ts';
import type { Finding, NodeAddress, NodeFacts, Outcome, RestartOutcome, WizardStep } from './event.ts';
import type { Failure } from './failure.ts';
import type { Change } from './step.ts';
import type { Purpose } from './trouble.ts';
import type { Verdict } from './verdict.ts';
import { isOpen } from './verdict.ts';
import { type Waiver, waivableIn, withWaivers } from './waiver.ts';

/** A node of the session and what has become of it. */
export type NodeState = NodeAddress & {
  readonly facts?: NodeFacts;
  readonly failure?: Failure;
};

/** A change and how far it has come: intended, then ended; perhaps undone. */
export type ChangeState = {
  readonly change: Change;
  /** The machine-id of the machine it was made on, where that is known: a name may later lead to another. */
  readonly machine?: string;
  readonly commands: readonly string[];
  readonly restarts: boolean;
  readonly units?: readonly string[];
  readonly at: string;
  readonly outcome?: Outcome;
  readonly output: readonly string[];
  readonly undo?: {
    readonly at: string;
    readonly outcome?: Outcome;
    /** An undo before this one has no known end, and this one was not carried out. */
    readonly unsure?: boolean;
  };
};

/** What is to be thought of a change: its end has to be found out, it is there, or nothing of it is. */
export type ChangeStatus = 'unfinished' | 'standing' | 'gone';

/** A restart of a node's service. */
export type RestartState = {
  readonly node: string;
  readonly unit: string;
  readonly at: string;
  readonly outcome?: RestartOutcome;
};

/** The session: the fold of its events and nothing else. */
export type Session = {
  readonly id: string;
  readonly program: string;
  readonly operator: string;
  readonly startedAt: string;
  readonly lastAt: string;
  readonly readOnly: boolean;
  readonly lab: boolean;
  readonly step: WizardStep;
  /** Absent where it was never said, which means to harden. */
  readonly purpose?: Purpose;
  /** What is seen of the cluster that is to be repaired; it stands in `benchmark` too. */
  readonly trouble?: string;
  /** The check that a line of a log pointed at. */
  readonly pointed?: string;
  readonly distribution?: string;
  readonly benchmark?: string;
  readonly level?: 1 | 2;
  readonly cluster: string;
  /** The Rancher server that is asked, if one was named. */
  readonly rancher?: string;
  readonly nodes: readonly NodeState[];
  /** First and latest verdict by `findingKey(control, place)`. */
  readonly before: Readonly<Record<string, Verdict>>;
  readonly findings: Readonly<Record<string, Finding>>;
  readonly skips: Readonly<Record<string, string>>;
  /** What somebody answers for as it is, as the file of waivers has it. */
  readonly waivers: readonly Waiver[];
  readonly attestations: Readonly<
    Record<string, { readonly pass: boolean; readonly statement: string; readonly at: string }>
  >;
  readonly acknowledged: Readonly<Record<string, string>>;
  readonly changes: readonly ChangeState[];
  readonly restarts: readonly RestartState[];
  /** Nodes whose service must be restarted for changes (or undos) to take effect. */
  readonly restartsDue: readonly string[];
  /** Which units of such a node, where it is not the node agent's. */
  readonly unitsDue: Readonly<Record<string, readonly string[]>>;
  /** Machines that left the list while a restart of them was due, with its units; it is due again once one is back. */
  readonly restartsLeft: readonly { readonly machine: string; readonly units: readonly string[] }[];
  readonly missing: readonly string[];
  readonly probed: boolean;
  readonly notes: readonly { readonly at: string; readonly text: string }[];
  readonly ended?: 'finished' | 'left' | 'interrupted';
};

/** Whether the session is to find out why a cluster is broken, and mend it. */
export function isRepair({ purpose }: { readonly purpose?: Purpose | undefined }): boolean {
  return purpose === 'repair';
}

/** The key of a finding: one control on one place. */
export function findingKey(control: string, place: string): string {
  return `${control}@${place}`;
}

/** A session before its first event. */
export const noSession: Session = {
  id: '',
  program: '',
  operator: '',
  startedAt: '',
  lastAt: '',
  readOnly: false,
  lab: false,
  step: 'start',
  cluster: '',
  nodes: [],
  before: {},
  findings: {},
  skips: {},
  waivers: [],
  attestations: {},
  acknowledged: {},
  changes: [],
  restarts: [],
  restartsDue: [],
  unitsDue: {},
  restartsLeft: [],
  missing: [],
  probed: false,
  notes: [],
};

/** What of a change was announced and has no known end: its undo, or itself; undefined when the ends are known. */
export function openDeed({
  outcome,
  undo,
}: Pick<ChangeState, 'outcome' | 'undo'>): 'change' | 'undo' | undefined {
  if (undo?.outcome?.kind === 'done') return undefined;
  if (undo && (undo.unsure || !settled(undo.outcome))) return 'undo';
  return settled(outcome) ? undefined : 'change';
}

/** Which one a change is. An undo that was refused, or never began, leaves it what it was before. */
export function changeStatus(state: Pick<ChangeState, 'outcome' | 'undo'>): ChangeStatus {
  if (openDeed(state)) return 'unfinished';
  return state.outcome?.kind === 'done' && state.undo?.outcome?.kind !== 'done' ? 'standing' : 'gone';
}

/** Changes that were announced and whose end was not recorded, or is unknown: to be looked at before anything else. */
export function unfinished(session: Session): readonly ChangeState[] {
  return session.changes.filter((c) => changeStatus(c) === 'unfinished');
}

/** Changes that stand: done and not undone. The undo list, newest first. */
export function standing(session: Session): readonly ChangeState[] {
  return session.changes.filter((c) => changeStatus(c) === 'standing').toReversed();
}

/** Changes of which something is there, or may be, newest first. */
export function remaining(session: Session): readonly ChangeState[] {
  return session.changes.filter((c) => changeStatus(c) !== 'gone').toReversed();
}

/** The units that are due for a restart on a node, in the order of their names; `agent` is the node agent's, for where no other is named. */
export function unitsDueAt(session: Session, node: string, agent: string): readonly string[] {
  return session.unitsDue[node]?.toSorted() ?? [agent];
}

/** Whether a change of a node stayed behind on another machine than the one its name leads to now. */
export function leftBehind(session: Pick<Session, 'nodes'>, { change, machine }: ChangeState): boolean {
  const now = session.nodes.find((n) => n.name === change.node)?.facts?.machineId;
  // What was changed in the cluster stays in it, whichever server spoke for it.
  return change.node === change.via && machine !== undefined && now !== undefined && now !== machine;
}

/**
 * The order in which nodes are restarted, those that are due unless said: one after the other, servers before agents unless their
 * distribution has it the other way.
 */
export function restartOrder(
  session: Session,
  nodes: readonly string[] = session.restartsDue,
  order: RestartOrder = ['server', 'agent'],
): readonly string[] {
  const kindOf = (name: string): 'server' | 'agent' =>
    session.nodes.find((n) => n.name === name)?.facts?.roles.includes('server') ? 'server' : 'agent';
  return order.flatMap((kind) => nodes.filter((name) => kindOf(name) === kind));
}

/** The verdict of a control on a place, with attestation and waivers taken in; undefined when it was not asked. */
export function verdictOf(session: Session, control: string, place: string): Verdict | undefined {
  const verdict = attestedVerdict(session, control, place);
  // What breaks a cluster is found whether somebody accepted it or not.
  if (verdict === undefined || session.waivers.length === 0 || isRepair(session)) return verdict;
  return withWaivers(
    verdict,
    session.waivers,
    waivableIn(session, control, place),
    session.lastAt.slice(0, 10),
  );
}

function attestedVerdict(session: Session, control: string, place: string): Verdict | undefined {
  const key = findingKey(control, place);
  const verdict = session.findings[key]?.verdict;
  const attested = session.attestations[key];
  if (verdict?.kind !== 'manual' || !attested) return verdict;
  return {
    kind: attested.pass ? 'pass' : 'fail',
    found: `attested: ${attested.statement}`,
    wanted: verdict.wanted,
  };
}

/** Whether no control has an answer yet, of any place: then there is nothing to count. */
export function nothingAsked({ findings }: Pick<Session, 'findings'>): boolean {
  return Object.keys(findings).length === 0;
}

/** Whether a control is still open on a place: not passed, not n/a, not waived, not skipped. A restart stays due, whatever was skipped. */
export function isOpenAt(session: Session, control: string, place: string): boolean {
  const verdict = verdictOf(session, control, place);
  if (verdict === undefined || !isOpen(verdict.kind)) return false;
  return verdict.kind === 'pending-restart' || session.skips[findingKey(control, place)] === undefined;
}

function settled(outcome: Outcome | undefined): boolean {
  return outcome !== undefined && outcome.kind !== 'unknown';
}
