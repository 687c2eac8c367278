import type { Control, TargetKind } from './control.ts';
import { findingKey, isRepair, leftBehind, type Session, standing, verdictOf } from './session.ts';
import { isOpen, isWrong, type Verdict } from './verdict.ts';

/** A control on one place: its first verdict, its latest with attestations taken in, and what the operator decided. */
export type Cell = {
  readonly place: string;
  readonly before: Verdict | undefined;
  readonly after: Verdict | undefined;
  /** Why it was skipped, if it was; that of a control which passes now, or was changed and waits for its restart, does not count. */
  readonly skipped: string | undefined;
  readonly attested: boolean;
  /** Found wrong at first or changed in this session, and passing now by an answer, not by a word. */
  readonly fixed: boolean;
  /** In a repair: found wrong at first and passing now, without a change of its own; it was a symptom, or was mended elsewhere. */
  readonly gone: boolean;
};

/** A control with every place where an answer is expected. */
export type ScopeRow = { readonly control: string; readonly cells: readonly Cell[] };

/**
 * Every answer that counts: the chosen controls times their places, whether it came or not. What another selection asked for
 * stays in the session and counts nowhere; without any control chosen, all that was found counts.
 */
export function scopeOf(
  session: Session,
  controls: readonly Pick<Control, 'id' | 'target'>[],
): readonly ScopeRow[] {
  const changed = changedKeys(session);
  const asked =
    controls.length > 0 ? controls.map((c) => [c.id, placesOf(session, c.target)] as const) : found(session);
  return asked.map(([control, places]) => ({
    control,
    cells: places.map((place) => cellAt(session, control, place, changed)),
  }));
}

/** The nodes, each machine once: a name that leads to one which another name has already is not counted. */
export function countedNodes(session: Pick<Session, 'nodes'>): Session['nodes'] {
  const names = new Set(session.nodes.map((n) => n.name));
  return session.nodes.filter(({ failure }) => failure?.code !== 'same-machine' || !names.has(failure.other));
}

/** Where a control is asked: every machine, or the one place that speaks for the cluster, the workstation or the Rancher server. */
export function placesOf(session: Pick<Session, 'nodes'>, target: TargetKind): readonly string[] {
  return target === 'node' ? countedNodes(session).map((n) => n.name) : [target];
}

/** The keys of findings on which a change of this session stands. */
export function changedKeys(session: Session): ReadonlySet<string> {
  return new Set(
    standing(session)
      .filter((c) => !leftBehind(session, c))
      .map((c) => findingKey(c.change.control, c.change.node)),
  );
}

/** One control on one place; `changed` as `changedKeys` gives it. */
export function cellAt(session: Session, control: string, place: string, changed: ReadonlySet<string>): Cell {
  const key = findingKey(control, place);
  const before = session.before[key];
  const after = verdictOf(session, control, place);
  const passes = session.findings[key]?.verdict.kind === 'pass';
  const gone = isRepair(session) && passes && isWrong(before?.kind) && !changed.has(key);
  return {
    place,
    before,
    after,
    skipped: isOpenCell({ after }) && after?.kind !== 'pending-restart' ? session.skips[key] : undefined,
    attested: session.findings[key]?.verdict.kind === 'manual' && session.attestations[key] !== undefined,
    fixed: passes && !gone && (isWrong(before?.kind) || changed.has(key)),
    gone,
  };
}

/** Whether a control is open in a place; one that was never asked is. */
export function isOpenCell({ after }: Pick<Cell, 'after'>): boolean {
  return after === undefined || isOpen(after.kind);
}

/** How many controls were answered for another selection than the one that counts. */
export function outsideScope(session: Session, rows: readonly ScopeRow[]): number {
  const counted = new Set(rows.map((row) => row.control));
  const others = Object.values(session.findings).map((f) => f.control);
  return new Set(others.filter((id) => !counted.has(id))).size;
}

function found(session: Session): readonly (readonly [string, readonly string[]])[] {
  const places = new Map<string, string[]>();
  for (const { control, place } of Object.values(session.findings))
    places.set(control, [...(places.get(control) ?? []), place]);
  return [...places]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([control, seen]) => [control, allOf(session, seen)]);
}

/** A control found on one node was to be asked on all of them. */
function allOf(session: Session, seen: readonly string[]): readonly string[] {
  const alone = seen.some((place) => ['cluster', 'workstation', 'rancher'].includes(place));
  return [...new Set([...(alone ? [] : placesOf(session, 'node')), ...seen])];
}
