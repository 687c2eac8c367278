import type { Outcome } from './event.ts';
import type { NodeState, Session } from './session.ts';

/** What was found on a machine, or is due on it, says nothing of another that is given its name. */
export function withoutMachines(s: Session, nodes: readonly NodeState[]): Session {
  const gone = new Set(nodes.map((n) => n.name));
  const left = nodes.flatMap((n) =>
    n.facts?.machineId && s.restartsDue.includes(n.name)
      ? [{ machine: n.facts.machineId, units: s.unitsDue[n.name] ?? [] }]
      : [],
  );
  const kept = <T>(by: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(by).filter(([key]) => !gone.has(key.slice(key.indexOf('@') + 1))));
  return nodes.length === 0
    ? s
    : {
        ...s,
        before: kept(s.before),
        findings: kept(s.findings),
        skips: kept(s.skips),
        attestations: kept(s.attestations),
        missing: s.missing.filter((p) => !gone.has(p)),
        restartsDue: s.restartsDue.filter((p) => !gone.has(p)),
        unitsDue: Object.fromEntries(Object.entries(s.unitsDue).filter(([name]) => !gone.has(name))),
        restartsLeft: [...s.restartsLeft, ...left],
      };
}

/** The session once a machine answers under a name: what was due on it when it left the list is due again. */
export function dueAgain(s: Session, node: string, machine: string): Session {
  const left = s.restartsLeft.filter((l) => l.machine === machine);
  if (left.length === 0) return s;
  const others = s.restartsLeft.filter((l) => l.machine !== machine);
  const rest: Session = { ...s, restartsLeft: others };
  return left.reduce((session, { units }) => due(session, node, units), rest);
}

/** The session after the end of a change or an undo: its restart is due, unless nothing was done. */
export function dueAfter(s: Session, id: string, outcome: Outcome): Session {
  const state = s.changes.find((c) => c.change.id === id);
  if (!state?.restarts || outcome.kind === 'refused') return s;
  return due(s, state.change.node, state.units);
}

/** The session with a restart of a node due, of these units where any are named. */
export function due(s: Session, node: string, units: readonly string[] = []): Session {
  const restartsDue = s.restartsDue.includes(node) ? s.restartsDue : [...s.restartsDue, node];
  if (units.length === 0) return { ...s, restartsDue };
  const all = [...new Set([...(s.unitsDue[node] ?? []), ...units])];
  return { ...s, restartsDue, unitsDue: { ...s.unitsDue, [node]: all } };
}

/** The session after a restart of one unit that went well. */
export function notDue(s: Session, node: string, unit: string): Session {
  const { [node]: units = [], ...others } = s.unitsDue;
  const left = units.filter((each) => each !== unit);
  return left.length > 0
    ? { ...s, unitsDue: { ...others, [node]: left } }
    : { ...s, unitsDue: others, restartsDue: s.restartsDue.filter((n) => n !== node) };
}

/** Which restart of a node has no end yet; -1 when none. */
export function lastRestart(s: Session, node: string): number {
  return s.restarts.findLastIndex((r) => r.node === node && r.outcome === undefined);
}
