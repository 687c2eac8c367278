import type { Event, Outcome, Recorded } from '../domain/event.ts';
import type { ChangeState } from '../domain/session.ts';

/** One attempt to undo a change. */
export type UndoAttempt = {
  readonly at: string;
  readonly commands: readonly string[];
  readonly force: boolean;
  readonly endedAt?: string;
  readonly outcome?: Outcome;
  readonly output: readonly string[];
};

/** A change with the time of its end and every attempt to undo it, in order. */
export type ChangeHistory = {
  readonly state: ChangeState;
  readonly endedAt?: string;
  readonly undos: readonly UndoAttempt[];
};

type Decided = 'skipped' | 'unskipped' | 'waived' | 'unwaived' | 'attested' | 'acknowledged';

/** A decision of the operator about a control, with its reason. */
export type Decision = {
  readonly at: string;
  readonly control: string;
  readonly event: Extract<Event, { kind: Decided }>;
};

/** The changes of a session with what the session itself does not keep: when they ended, and all undo attempts. */
export function changeHistory(
  changes: readonly ChangeState[],
  records: readonly Recorded[],
): readonly ChangeHistory[] {
  const ends = new Map<string, string>();
  const undos = new Map<string, UndoAttempt[]>();
  for (const { at, event } of records) {
    if (event.kind === 'change-ended') ends.set(event.change, at);
    else if (event.kind === 'undo-intended') {
      const { commands, force } = event;
      undos.set(event.change, [...(undos.get(event.change) ?? []), { at, commands, force, output: [] }]);
    } else if (event.kind === 'undo-ended') {
      const { outcome, output } = event;
      const attempts = undos.get(event.change) ?? [];
      const last = attempts.at(-1) ?? { at, commands: [], force: false };
      undos.set(event.change, [...attempts.slice(0, -1), { ...last, endedAt: at, outcome, output }]);
    }
  }
  return changes.map((state) => {
    const endedAt = ends.get(state.change.id);
    return { state, ...(endedAt === undefined ? {} : { endedAt }), undos: undos.get(state.change.id) ?? [] };
  });
}

/** Every decision of the operator, in the order in which it was made. */
export function decisions(records: readonly Recorded[]): readonly Decision[] {
  return records.flatMap(({ at, event }): Decision[] => {
    switch (event.kind) {
      case 'skipped':
      case 'unskipped':
      case 'waived':
      case 'unwaived':
      case 'attested':
      case 'acknowledged':
        return [{ at, control: event.control, event }];
      default:
        return [];
    }
  });
}
