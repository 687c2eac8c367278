import { type Distribution, serviceUnit } from './distribution.ts';
import { type ChangeState, leftBehind, type Session, unfinished } from './session.ts';
import type { Step } from './step.ts';

/** What is written or taken back, with the units that it concerns. */
export type Concerned = {
  readonly change: { readonly steps: readonly Step[] };
  readonly units?: readonly string[] | undefined;
};

/** Why the argument files of one more control-plane node have to wait: for the end of a change, or for a restart, on these. */
type Ahead = { readonly wait: 'end' | 'restart'; readonly nodes: readonly string[] };

/** The units that somebody else restarts by himself once this is done, because their argument files differ then. */
export function watchedUnits(
  distribution: Distribution,
  { change, units = [] }: Concerned,
): readonly string[] {
  if (distribution.argumentFiles?.watcher === undefined) return [];
  const written = change.steps.flatMap((step) =>
    step.kind === 'write-file'
      ? [serviceUnit(distribution, step.path.slice(step.path.lastIndexOf('/') + 1))]
      : [],
  );
  return [...new Set(written)].filter((unit) => units.includes(unit));
}

/** Whether a node belongs to the control plane; one of which that is not known might. */
export function isControlPlane(session: Pick<Session, 'nodes'>, name: string): boolean {
  const node = session.nodes.find((n) => n.name === name);
  const roles = node?.facts?.roles ?? [];
  return node !== undefined && (roles.length === 0 || roles.some((role) => role !== 'agent'));
}

/** The other control-plane nodes that have to be done with before this one; undefined when none is. */
export function serversAhead(session: Session, distribution: Distribution, name: string): Ahead | undefined {
  const others = session.nodes.map((n) => n.name).filter((n) => n !== name && isControlPlane(session, n));
  const open = unfinished(session).filter(
    (c) => !leftBehind(session, c) && watchedUnits(distribution, c).length > 0,
  );
  const uncertain = others.filter((other) => open.some((c) => c.change.node === other));
  if (uncertain.length > 0) return { wait: 'end', nodes: uncertain };
  const due = others.filter((other) => awaitsRestart(session, distribution, other));
  return due.length > 0 ? { wait: 'restart', nodes: due } : undefined;
}

/** Whether a node has argument files for which its restart is due, or a restart that did not end well. */
export function awaitsRestart(session: Session, distribution: Distribution, node: string): boolean {
  if (!session.restartsDue.includes(node)) return false;
  const units = session.unitsDue[node];
  // Its service was stopped: what it starts with is yet to be seen.
  return units === undefined || units.some((unit) => isOwed(session, distribution, node, unit));
}

/** Whether a change has no known end, or its units still wait for the restart: taken back, they have what they ran with before it. */
export function isStillWaiting(session: Session, distribution: Distribution, state: ChangeState): boolean {
  const { node } = state.change;
  if (unfinished(session).includes(state)) return true;
  return watchedUnits(distribution, state).every((unit) => isOwed(session, distribution, node, unit));
}

function isOwed(session: Session, distribution: Distribution, node: string, unit: string): boolean {
  if (!session.restartsDue.includes(node) || !session.unitsDue[node]?.includes(unit)) return false;
  const last = session.restarts.findLast((r) => r.node === node && r.unit === unit);
  if (last && last.outcome?.kind !== 'healthy') return true;
  return session.changes.some(
    (c) =>
      isOf(session, c, node) &&
      writtenAt(c) > (last?.at ?? '') &&
      watchedUnits(distribution, c).includes(unit),
  );
}

/** Whether a change was made on the machine that a name leads to now, whatever its name was then. */
function isOf(session: Session, { change, machine }: ChangeState, node: string): boolean {
  const now = session.nodes.find((n) => n.name === node)?.facts?.machineId;
  if (change.node !== change.via || machine === undefined || now === undefined) return change.node === node;
  return machine === now;
}

/** When its files were last written, or may have been. */
function writtenAt({ at, outcome, undo }: ChangeState): string {
  if (outcome?.kind === 'refused') return '';
  return undo && undo.outcome?.kind !== 'refused' ? undo.at : at;
}
