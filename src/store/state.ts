import type { StandingHold } from '../domain/cluster-hold.ts';
import {
  type Benchmark,
  benchmarkOf,
  type Control,
  controlOf,
  type Profile,
  selectControls,
} from '../domain/control.ts';
import type { NodeAddress, WizardStep } from '../domain/event.ts';
import type { Failure } from '../domain/failure.ts';
import type { ConnectQuestion } from '../domain/ports.ts';
import { remember } from '../domain/remember.ts';
import type { LoadedPlan } from '../domain/review-plan.ts';
import { restartOrder, type Session } from '../domain/session.ts';
import type { Change } from '../domain/step.ts';
import type { Purpose } from '../domain/trouble.ts';
import type { Making } from '../engine/whose-cluster.ts';
import type { Format } from '../report/input.ts';
import type { View } from './view.ts';

/** A past session as the start screen lists it. */
export type PastSession = {
  readonly id: string;
  readonly startedAt: string;
  readonly lastAt: string;
  readonly ended: boolean;
  readonly distribution: string;
  readonly cluster: string;
  readonly nodes: number;
  readonly unfinished: number;
  readonly changes: number;
  readonly lab: boolean;
  /** Where it was left, and on how many nodes a restart is due. */
  readonly step: WizardStep;
  readonly purpose?: Purpose;
  readonly restartsDue: number;
  /** It ended as finished, not merely left. */
  readonly finished: boolean;
  readonly damage?: string;
  /** The damage forbids going on with it. */
  readonly closed: boolean;
  /** It has none of the nodes that were named on the command line. */
  readonly elsewhere?: boolean;
};

/** What applying a control on one place would do, computed from the latest answers; shown before the yes. */
export type PlannedChange =
  | {
      readonly kind: 'ready';
      readonly control: string;
      readonly place: string;
      readonly change: Change;
      readonly commands: readonly string[];
      /** How it would be taken back, as the node would run it. */
      readonly undo: readonly string[];
      /** Unified diffs of the files it writes, secrets masked. */
      readonly diffs: readonly { readonly path: string; readonly text: string }[];
      readonly restarts: boolean;
      readonly units?: readonly string[] | undefined;
    }
  | {
      readonly kind: 'refused';
      readonly control: string;
      readonly place: string;
      readonly reason: string;
      readonly instead: string;
      /** Only because what it would refuse has not been looked at yet. */
      readonly unseen?: true;
    }
  | { readonly kind: 'nothing'; readonly control: string; readonly place: string };

/** A piece of work under way, for the header, the spinner and the idle mark. */
export type Work = {
  readonly id: string;
  readonly label: string;
  readonly since: number;
  readonly done: number;
  readonly of: number;
  /** Changes a node, so that leaving must finish the step first. */
  readonly changing: boolean;
};

/** How far the connecting or probing of one node has come. */
export type Progress = {
  readonly phase: 'waiting' | 'connecting' | 'asking' | 'done' | 'failed';
  readonly done: number;
  readonly of: number;
  /** Why it failed; when it is done: who holds the node's lock, if somebody else does. */
  readonly failure?: Failure;
};

/** What a control would break, found out before it may be applied: per namespace what would be refused. */
export type Preview =
  | { readonly kind: 'asking' }
  | { readonly kind: 'ready'; readonly lines: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

/** What an upgrade to a version would break, as the report words it. */
export type Foretold =
  | { readonly kind: 'asking'; readonly to: string }
  | { readonly kind: 'ready'; readonly to: string; readonly lines: readonly string[] };

/** Everything a screen can read. `session` is only ever the fold of events; `view` only ever of intents. */
export type AppState = {
  readonly session: Session;
  readonly view: View;
  readonly profiles: readonly Profile[];
  readonly sessions: readonly PastSession[];
  /** Hosts offered for import from the SSH configuration. */
  readonly sshHosts: readonly NodeAddress[];
  /** The forms in which the session can be exported, as `report/` lists them; empty before a session is opened. */
  readonly formats: readonly Pick<Format, 'id' | 'title' | 'about'>[];
  readonly plans: Readonly<Record<string, PlannedChange>>;
  /** The plan that was loaded, to hold what is so now against. */
  readonly plan?: LoadedPlan | undefined;
  readonly previews: Readonly<Record<string, Preview>>;
  /** Whom the command that makes the cluster would touch, as its file was read for the question. */
  readonly making?: Making | { readonly kind: 'asking' } | undefined;
  /** What an upgrade would break, once it was asked for. */
  readonly upgrade?: Foretold | undefined;
  /** The lock of the cluster that somebody left behind, as the last restart found it; the next one takes it over. */
  readonly restartHeld?: StandingHold | undefined;
  readonly progress: Readonly<Record<string, Progress>>;
  readonly work: readonly Work[];
  /** How many events are on their way to the disk; nothing of them is shown before they are there. */
  readonly recording: number;
  /** A question of a connection under way that waits for the operator. */
  readonly asked?: ConnectQuestion;
  /** The last lines of live output of a change, undo or restart, cleaned. */
  readonly output: readonly string[];
  readonly journalPath: string;
  /** The files that were written of this session since it was opened. */
  readonly written?: readonly string[] | undefined;
  /** The session was practice and the program that made its cluster has ended: it can only be read. */
  readonly clusterGone: boolean;
  /** What is waived ends with this session: practice keeps no file of waivers, unless one was named for it. */
  readonly waiversEnd?: boolean;
  /** The last work that could have changed a node changed nothing. */
  readonly untouched: boolean;
  /** What starts this program here, for the commands that it names. */
  readonly command: string;
  /** Told to stop after the step under way. */
  readonly stopping: boolean;
  /** A clock tick for spinners and elapsed times while work is under way; milliseconds since 1970. */
  readonly now: number;
};

/** The profile and benchmark of the session, once chosen. */
export function chosen(state: AppState): { readonly profile?: Profile; readonly benchmark?: Benchmark } {
  const profile = state.profiles.find((p) => p.distribution.id === state.session.distribution);
  const benchmark = benchmarkOf(profile, state.session.benchmark);
  return { ...(profile ? { profile } : {}), ...(benchmark ? { benchmark } : {}) };
}

/** Nodes in the order in which they are restarted, as their distribution has it; those that are due unless said. */
export function restartsInOrder(state: AppState, nodes?: readonly string[]): readonly string[] {
  return restartOrder(state.session, nodes, chosen(state).profile?.distribution.restartOrder);
}

/** A control of the session's profile by id. */
export function controlById(state: AppState, id: string): Control | undefined {
  return controlOf(chosen(state).profile, id);
}

// The screens ask for them at every key.
const selected = remember(selectControls);

/** The controls walked in this session, in order. */
export function walked(state: AppState): readonly Control[] {
  const { profile, benchmark } = chosen(state);
  return profile && benchmark ? selected(profile, benchmark, state.session.level ?? 1) : [];
}
