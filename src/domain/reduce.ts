import type { Event, Finding, NodeAddress, Outcome, Recorded } from './event.ts';
import { rancherSite } from './rancher.ts';
import { due, dueAfter, dueAgain, lastRestart, notDue, withoutMachines } from './restarts-due.ts';
import {
  type ChangeState,
  findingKey,
  type NodeState,
  noSession,
  openDeed,
  type Session,
} from './session.ts';
import { waiversAfter } from './waiver.ts';

/** The session after one more event. */
export function reduce(session: Session, recorded: Recorded): Session {
  return apply({ ...session, lastAt: recorded.at }, recorded.event, recorded.at);
}

function apply(s: Session, e: Event, at: string): Session {
  switch (e.kind) {
    case 'session-started':
      return {
        ...noSession,
        id: e.id,
        program: e.program,
        operator: e.operator,
        readOnly: e.readOnly,
        lab: e.lab,
        startedAt: at,
        lastAt: at,
      };
    case 'session-resumed': {
      const { ended: _, ...rest } = s;
      return { ...rest, readOnly: e.readOnly ?? s.readOnly };
    }
    case 'went-to':
      return { ...s, step: e.step };
    case 'purpose-chosen':
      return { ...(s.purpose === e.purpose ? s : unchosen(s)), purpose: e.purpose };
    case 'distribution-chosen':
      return { ...s, distribution: e.distribution };
    case 'benchmark-chosen':
      return selected(s, e.benchmark, e.level);
    case 'trouble-chosen': {
      const { pointed: _, ...rest } = selected(s, e.trouble, 2);
      return { ...rest, trouble: e.trouble, ...(e.pointed === undefined ? {} : { pointed: e.pointed }) };
    }
    case 'nodes-set':
      return {
        ...withoutMachines(
          s,
          s.nodes.filter((old) => !e.nodes.some((n) => sameNode(old, n))),
        ),
        cluster: e.cluster,
        nodes: e.nodes.map((n) => ({ ...s.nodes.find((old) => sameNode(old, n)), ...n })),
      };
    case 'rancher-named':
      return { ...(s.rancher === e.url ? s : withoutRancher(s)), rancher: e.url };
    case 'node-connected':
      return dueAgain(
        withNode(s, e.node, (n) => without({ ...n, facts: e.facts }, 'failure')),
        e.node,
        e.facts.machineId,
      );
    case 'node-failed':
      return withNode(s, e.node, (n) => ({ ...n, failure: e.failure }));
    case 'found':
      return addFindings(s, e.findings);
    case 'probe-started':
      return { ...s, missing: e.places };
    case 'probe-ended':
      return { ...s, missing: e.missing, probed: true };
    case 'skipped':
      return { ...s, skips: { ...s.skips, [findingKey(e.control, e.place)]: e.reason } };
    case 'unskipped': {
      const { [findingKey(e.control, e.place)]: _, ...skips } = s.skips;
      return { ...s, skips };
    }
    case 'plan-written':
    case 'plan-loaded':
      return s;
    case 'waivers-read':
    case 'waived':
    case 'unwaived':
      return { ...s, waivers: waiversAfter(s, e) };
    case 'attested':
      return {
        ...s,
        attestations: {
          ...s.attestations,
          [findingKey(e.control, e.place)]: { pass: e.pass, statement: e.statement, at },
        },
      };
    case 'acknowledged':
      return { ...s, acknowledged: { ...s.acknowledged, [e.control]: e.text } };
    case 'change-intended':
      return {
        ...s,
        changes: [
          ...s.changes,
          {
            change: e.change,
            ...machineOf(s, e.change.via),
            commands: e.commands,
            restarts: e.restarts,
            ...(e.units ? { units: e.units } : {}),
            at,
            output: [],
          },
        ],
      };
    case 'change-ended':
      return dueAfter(
        withChange(s, e.change, (c) => ({ ...c, outcome: e.outcome, output: e.output })),
        e.change,
        e.outcome,
      );
    case 'undo-intended':
      return withChange(s, e.change, (c) => ({
        ...c,
        undo: { at, ...(openDeed(c) === 'undo' ? { unsure: true } : {}) },
      }));
    case 'undo-ended':
      return dueAfter(
        withChange(s, e.change, (c) => ({ ...c, undo: undoAfter(c, e.outcome, at) })),
        e.change,
        e.outcome,
      );
    case 'restart-intended':
      return { ...s, restarts: [...s.restarts, { node: e.node, unit: e.unit, at }] };
    case 'restart-ended': {
      const restarts = s.restarts.map((r, i) =>
        i === lastRestart(s, e.node) ? { ...r, outcome: e.outcome } : r,
      );
      return e.outcome.kind === 'healthy' ? notDue({ ...s, restarts }, e.node, e.unit) : { ...s, restarts };
    }
    case 'stop-intended':
      return due(s, e.node);
    case 'noted':
      return { ...s, notes: [...s.notes, { at, text: e.text }] };
    case 'session-ended':
      return { ...s, ended: e.why };
    case 'host-key-accepted':
    case 'restart-set-aside':
    case 'lock-taken':
      return s;
  }
}

function selected(s: Session, benchmark: string, level: 1 | 2): Session {
  // Another selection has not been asked yet.
  const probed = s.probed && s.benchmark === benchmark && s.level === level;
  return { ...s, benchmark, level, probed };
}

/** A benchmark is no trouble and a trouble no benchmark: with another purpose, another is to be chosen. */
function unchosen(s: Session): Session {
  const { benchmark: _b, level: _l, trouble: _t, pointed: _p, ...rest } = s;
  return { ...rest, probed: false };
}

/** What was found on one Rancher server says nothing of another. */
function withoutRancher(s: Session): Session {
  const kept = <T>(by: Readonly<Record<string, T>>): Readonly<Record<string, T>> =>
    Object.fromEntries(Object.entries(by).filter(([key]) => !key.endsWith(`@${rancherSite}`)));
  return {
    ...s,
    before: kept(s.before),
    findings: kept(s.findings),
    skips: kept(s.skips),
    attestations: kept(s.attestations),
  };
}

function machineOf(s: Session, node: string): Pick<ChangeState, 'machine'> {
  const machine = node === rancherSite ? s.rancher : s.nodes.find((n) => n.name === node)?.facts?.machineId;
  return machine ? { machine } : {};
}

/** Whether this is the same machine under the same name: reached as the same user, at the same host and port. */
export function sameNode(a: NodeAddress, b: NodeAddress): boolean {
  return a.name === b.name && a.host === b.host && a.port === b.port && a.user === b.user;
}

/** The first answer to an undo speaks of that one alone; a later one was asked of the node, and speaks of all before it. */
function undoAfter({ undo }: ChangeState, outcome: Outcome, at: string): NonNullable<ChangeState['undo']> {
  const unsure = undo?.unsure && undo.outcome === undefined && outcome.kind !== 'unknown';
  return { at, outcome, ...(unsure ? { unsure } : {}) };
}

function withNode(s: Session, name: string, f: (n: NodeState) => NodeState): Session {
  return { ...s, nodes: s.nodes.map((n) => (n.name === name ? f(n) : n)) };
}

function withChange(s: Session, id: string, f: (c: ChangeState) => ChangeState): Session {
  return { ...s, changes: s.changes.map((c) => (c.change.id === id ? f(c) : c)) };
}

function without<K extends string>(node: NodeState, key: K): NodeState {
  const { [key as 'failure']: _, ...rest } = node;
  return rest;
}

function addFindings(s: Session, findings: readonly Finding[]): Session {
  const latest = { ...s.findings };
  const before = { ...s.before };
  for (const f of findings) {
    const key = findingKey(f.control, f.place);
    latest[key] = f;
    before[key] ??= f.verdict;
  }
  const places = new Set(findings.map((f) => f.place));
  return { ...s, findings: latest, before, missing: s.missing.filter((p) => !places.has(p)) };
}
