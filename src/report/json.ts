import type { Outcome, RestartOutcome } from '../domain/event.ts';
import { type Failure, word } from '../domain/failure.ts';
import { type Cell, isOpenCell } from '../domain/scope.ts';
import { findingKey } from '../domain/session.ts';
import type { Verdict } from '../domain/verdict.ts';
import { jsonText } from './clean.ts';
import { exitCode } from './exit-code.ts';
import { type ChangeHistory, changeHistory, decisions } from './history.ts';
import type { ReportInput } from './input.ts';
import { logLine } from './log-line.ts';
import { chosen, misfitsOf, type Row } from './scope.ts';
import { summarise } from './summary.ts';

/** The name and number of the form that `docs/transcript.schema.json` describes. */
export const jsonForm = 'k8s-harden/transcript/1';

/** The transcript for programs, in the form of `docs/transcript.schema.json`. */
export function json(input: ReportInput): string {
  return jsonText(document(input));
}

function document({ session, records, profile, chain, head }: ReportInput) {
  const { controls, benchmark } = chosen(session, profile);
  const summary = summarise(session, controls, benchmark);
  const places = new Map(summary.places.map((p) => [p.place, p]));
  return {
    form: jsonForm,
    exitCode: exitCode(session, profile),
    session: {
      id: session.id,
      program: session.program,
      operator: session.operator,
      startedAt: session.startedAt,
      lastAt: session.lastAt,
      ended: session.ended ?? null,
      readOnly: session.readOnly && session.changes.length === 0,
      lab: session.lab,
      cluster: session.cluster,
      distribution: session.distribution ?? null,
      purpose: session.purpose ?? 'harden',
      trouble: session.trouble ?? null,
      benchmark: session.benchmark ?? null,
      level: session.level ?? null,
    },
    record: { chain, entries: records.length, head: head ?? null },
    nodes: session.nodes.map(({ name, host, port, user, facts, failure }) => ({
      name,
      host,
      port,
      user,
      reached: facts !== undefined,
      roles: facts?.roles ?? [],
      version: facts?.version ?? null,
      os: facts?.os ?? null,
      machineId: facts?.machineId ?? null,
      failure: failureJson(failure),
    })),
    outsideBenchmark: misfitsOf(session, profile).map(({ version, nodes, fits, nearest, sentence }) => ({
      version,
      nodes,
      fits: fits?.id ?? null,
      nearest: nearest.id,
      sentence,
    })),
    coverage: summary.coverage,
    totals: {
      before: summary.before,
      after: summary.after,
      fixed: summary.answers.fixed,
      worse: summary.worse,
      open: summary.answers.open,
      skipped: summary.answers.skipped,
      controls: summary.controls,
      answers: summary.answers,
    },
    places: [...places.values()].map(({ place, before, after, tally }) => ({
      place,
      before,
      after,
      open: tally.open,
      tally,
    })),
    controls: summary.rows.map((row) => ({
      id: row.control,
      title: row.title,
      numbers: row.numbers,
      places: row.cells.map((cell) => cellJson(row, cell, session.attestations)),
    })),
    changes: changeHistory(session.changes, records).map(changeJson),
    restarts: session.restarts.map(({ node, unit, at, outcome }) => ({
      node,
      unit,
      at,
      outcome: outcome ? restartJson(outcome) : null,
    })),
    restartsDue: summary.restartsDue,
    unfinished: summary.unfinished.map((u) => u.change),
    undoable: summary.undoable.map((u) => u.change),
    decisions: decisions(records).map(({ at, control, event }) => ({
      at,
      control,
      place: event.kind === 'acknowledged' ? null : event.place,
      kind: event.kind,
      text: logLine(event),
    })),
    notes: session.notes,
    log: records.map(({ at, event }) => ({ at, kind: event.kind, text: logLine(event, session) })),
  };
}

function cellJson(row: Row, cell: Cell, attestations: ReportInput['session']['attestations']) {
  const attested = attestations[findingKey(row.control, cell.place)];
  return {
    place: cell.place,
    before: verdictJson(cell.before),
    after: verdictJson(cell.after),
    open: isOpenCell(cell),
    skipped: cell.skipped ?? null,
    attested: attested ?? null,
  };
}

function verdictJson(verdict: Verdict | undefined) {
  if (!verdict) return null;
  const { kind, found, wanted, reason } = verdict;
  return { kind, found, wanted, reason: reason ?? null };
}

function changeJson({ state, endedAt, undos }: ChangeHistory) {
  const { change, at, commands, restarts, outcome, output } = state;
  return {
    id: change.id,
    control: change.control,
    node: change.node,
    via: change.via,
    at,
    endedAt: endedAt ?? null,
    steps: change.steps,
    commands,
    restarts,
    outcome: outcomeJson(outcome),
    output,
    undos: undos.map((undo) => ({
      at: undo.at,
      endedAt: undo.endedAt ?? null,
      force: undo.force,
      commands: undo.commands,
      outcome: outcomeJson(undo.outcome),
      output: undo.output,
    })),
  };
}

function outcomeJson(outcome: Outcome | undefined) {
  if (!outcome) return null;
  return { kind: outcome.kind, failure: failureJson(outcome.kind === 'done' ? undefined : outcome.failure) };
}

function restartJson(outcome: RestartOutcome) {
  return {
    kind: outcome.kind,
    seconds: 'seconds' in outcome ? outcome.seconds : null,
    line: 'line' in outcome ? outcome.line : null,
    failure: failureJson('failure' in outcome ? outcome.failure : undefined),
  };
}

function failureJson(failure: Failure | undefined) {
  return failure ? { code: failure.code, sentence: word(failure).sentence } : null;
}
