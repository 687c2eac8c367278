import type { Role, Unsure } from './distribution.ts';
import type { Failure } from './failure.ts';
import type { PlanEvent } from './review-plan.ts';
import type { Change } from './step.ts';
import type { Purpose } from './trouble.ts';
import type { Verdict } from './verdict.ts';
import type { WaiverEvent } from './waiver.ts';

/** The screens on the way through, in order. */
export type WizardStep =
  | 'start'
  | 'distribution'
  | 'benchmark'
  | 'nodes'
  | 'connect'
  | 'probe'
  | 'controls'
  | 'restarts'
  | 'summary'
  | 'export';

/** How a node is reached; no secret is ever part of it. */
export type NodeAddress = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** What the operator said it is; detection decides. */
  readonly role?: Role;
};

/** What a node turned out to be. */
export type NodeFacts = {
  readonly hostname: string;
  readonly machineId: string;
  readonly bootId: string;
  readonly os: string;
  readonly user: string;
  readonly sudo: 'root' | 'passwordless' | 'password';
  readonly distribution?: string;
  /** As the distribution prints it, for example v1.21.14+rke2r1. */
  readonly version?: string;
  /** What it runs where it does not run the distribution that was chosen. */
  readonly instead?: { readonly distribution: string; readonly title: string; readonly version: string };
  readonly roles: readonly Role[];
  readonly dataDir?: string;
  /** What its configuration says the cluster is to call it. */
  readonly nodeName?: string;
  /** Where its cluster reaches it, as its node agent was told. */
  readonly address?: string;
  /** What could not be learned of it. */
  readonly unsure?: Unsure;
  readonly managedBy?: { readonly who: string; readonly instead: string };
};

/** One finding: a control judged on a place (a node's name, `cluster`, `workstation` or `rancher`). */
export type Finding = { readonly control: string; readonly place: string; readonly verdict: Verdict };

/** How a change or an undo ended. `unknown` blocks the next step on that node until it has been asked again. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'put-back'; readonly failure: Failure }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'unknown'; readonly failure: Failure };

/** How a restart ended. */
export type RestartOutcome =
  | { readonly kind: 'healthy'; readonly seconds: number }
  | { readonly kind: 'crash-looping'; readonly line: string }
  /** A command that makes a cluster ended, and not well. */
  | { readonly kind: 'failed'; readonly line: string }
  | { readonly kind: 'stuck'; readonly line: string; readonly seconds: number }
  | { readonly kind: 'unhardened'; readonly line: string }
  | { readonly kind: 'unknown'; readonly failure: Failure };

/** Everything that can happen in a session. A journal line is one of these; the session is their fold. */
export type Event =
  | {
      readonly kind: 'session-started';
      readonly id: string;
      readonly program: string;
      readonly operator: string;
      readonly readOnly: boolean;
      readonly lab: boolean;
      /** How the command line said SSH is to be spoken: flags and paths, as they would be typed again. */
      readonly flags?: readonly string[];
    }
  | {
      readonly kind: 'session-resumed';
      readonly operator: string;
      /** Whether it goes on read-only; as it was begun unless said. */
      readonly readOnly?: boolean;
      readonly flags?: readonly string[];
    }
  | { readonly kind: 'went-to'; readonly step: WizardStep }
  /** Without it, a session hardens. */
  | { readonly kind: 'purpose-chosen'; readonly purpose: Purpose }
  | { readonly kind: 'distribution-chosen'; readonly distribution: string }
  | { readonly kind: 'benchmark-chosen'; readonly benchmark: string; readonly level: 1 | 2 }
  /** What is seen of a broken cluster; `pointed` is the check that a line of a log pointed at. */
  | { readonly kind: 'trouble-chosen'; readonly trouble: string; readonly pointed?: string }
  | { readonly kind: 'nodes-set'; readonly cluster: string; readonly nodes: readonly NodeAddress[] }
  /** The Rancher server that is asked from now on; its token is nowhere recorded. */
  | { readonly kind: 'rancher-named'; readonly url: string }
  | {
      readonly kind: 'host-key-accepted';
      readonly node: string;
      readonly fingerprint: string;
      readonly keyType: string;
    }
  | { readonly kind: 'node-connected'; readonly node: string; readonly facts: NodeFacts }
  | { readonly kind: 'node-failed'; readonly node: string; readonly failure: Failure }
  | { readonly kind: 'probe-started'; readonly places: readonly string[]; readonly controls: number }
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | { readonly kind: 'probe-ended'; readonly missing: readonly string[] }
  | { readonly kind: 'skipped'; readonly control: string; readonly place: string; readonly reason: string }
  | { readonly kind: 'unskipped'; readonly control: string; readonly place: string }
  | WaiverEvent
  | PlanEvent
  | {
      readonly kind: 'attested';
      readonly control: string;
      readonly place: string;
      readonly pass: boolean;
      readonly statement: string;
    }
  | { readonly kind: 'acknowledged'; readonly control: string; readonly text: string }
  | {
      readonly kind: 'change-intended';
      readonly change: Change;
      readonly commands: readonly string[];
      readonly restarts: boolean;
      /** The units that must restart, where that is another than the node agent's. */
      readonly units?: readonly string[];
    }
  | {
      readonly kind: 'change-ended';
      readonly change: string;
      readonly outcome: Outcome;
      readonly output: readonly string[];
    }
  | {
      readonly kind: 'undo-intended';
      readonly change: string;
      readonly commands: readonly string[];
      readonly force: boolean;
    }
  | {
      readonly kind: 'undo-ended';
      readonly change: string;
      readonly outcome: Outcome;
      readonly output: readonly string[];
    }
  | { readonly kind: 'restart-intended'; readonly node: string; readonly unit: string }
  /** A service is stopped for a repair; a restart is due from then on. */
  | { readonly kind: 'stop-intended'; readonly node: string; readonly unit: string }
  | {
      readonly kind: 'restart-ended';
      readonly node: string;
      readonly unit: string;
      readonly outcome: RestartOutcome;
    }
  | { readonly kind: 'restart-set-aside'; readonly node: string; readonly reason: string }
  | { readonly kind: 'lock-taken'; readonly node: string; readonly holder: string; readonly from?: string }
  | { readonly kind: 'noted'; readonly text: string }
  | { readonly kind: 'session-ended'; readonly why: 'finished' | 'left' | 'interrupted' };

/** An event with its time (ISO 8601, UTC), as the journal keeps it and every reader gets it. */
export type Recorded = { readonly at: string; readonly event: Event };
