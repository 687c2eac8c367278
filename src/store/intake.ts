import type { Finding, Recorded } from '../domain/event.ts';
import { reduce } from '../domain/reduce.ts';
import { plansThatHold } from './plans-that-hold.ts';
import type { AppStore } from './store.ts';

/** How events that stand in the journal come into the session. */
export type Intake = {
  /** Takes one event in, after all findings that wait. */
  readonly take: (recorded: Recorded) => void;
  /** Takes findings in, at once or with those of more places. */
  readonly gather: (at: string, findings: readonly Finding[]) => void;
  /** Takes in what waits. */
  readonly flush: () => void;
  /** Forgets what waits: another session begins. */
  readonly clear: () => void;
};

/** So many findings are copied without anybody noticing. */
const few = 5_000;

/**
 * Each addition to a session copies all that was found before. So the findings of many nodes wait until there are an eighth as
 * many as are known: what is copied then grows with the nodes, and not with their square.
 */
export function createIntake(store: AppStore): Intake {
  let waiting: Finding[] = [];
  let last = '';
  let known = 0;

  const reduced = (recorded: Recorded): void =>
    store.setState((state) => {
      const session = reduce(state.session, recorded);
      return { session, plans: plansThatHold(state.plans, state.session, session) };
    });
  const flush = (): void => {
    if (waiting.length === 0) return;
    const findings = waiting;
    waiting = [];
    reduced({ at: last, event: { kind: 'found', findings } });
    known = Object.keys(store.getState().session.findings).length;
  };

  return {
    take: (recorded) => {
      flush();
      reduced(recorded);
    },
    gather: (at, findings) => {
      for (const finding of findings) waiting.push(finding);
      last = at;
      if (known < few || waiting.length * 8 >= known) flush();
    },
    flush,
    clear: () => {
      waiting = [];
      known = 0;
    },
  };
}
