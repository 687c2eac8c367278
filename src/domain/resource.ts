import type { Read } from './answer.ts';
import type { Place } from './distribution.ts';
import type { Answers } from './ports.ts';
import type { Question } from './question.ts';
import type { Step } from './step.ts';
import type { Verdict } from './verdict.ts';

/** What a change would do: steps, or why we will not do it and what to do instead. */
export type Plan =
  | {
      readonly kind: 'steps';
      readonly steps: readonly Step[];
      readonly restarts: boolean;
      /** The units that restart for it, where that is another than the node agent's. */
      readonly units?: readonly string[];
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly reason: string; readonly instead: string };

/**
 * A resource type, pure on plain values: it says what to ask, reads the answers, judges, and says which steps would
 * change it. It never runs anything. Undo is not written here: the way back of each kind of step, which
 * puts back the originals kept beside it, is in `undo.ts`: one mechanism for the wizard and for the script left on the node.
 */
export type Resource<Wanted, Observed> = {
  readonly type: string;
  /** Validates what the YAML says; throws a zod error whose path names the key. */
  readonly schema: { readonly parse: (value: unknown) => Wanted };
  /** Hangs on nothing of a place but its distribution, words, roles and session: what one node was asked, nodes alike are asked too. */
  readonly ask: (wanted: Wanted, place: Place) => readonly Question[];
  /** What else its change hangs on, by the answers so far: asked only before a change is planned, until nothing new is named. */
  readonly askToPlan?: (wanted: Wanted, answers: Answers, place: Place) => readonly Question[];
  /** Takes its answers out of those of a whole batch, by the questions themselves. */
  readonly read: (wanted: Wanted, answers: Answers, place: Place) => Read<Observed>;
  readonly judge: (wanted: Wanted, observed: Observed, place: Place) => Verdict;
  readonly change: (wanted: Wanted, observed: Observed, place: Place) => Plan;
};

/** A resource type with its types hidden, as the list of all types holds it. */
// biome-ignore lint/suspicious/noExplicitAny: the list holds every type; the schema has checked what goes in
export type AnyResource = Resource<any, any>;
