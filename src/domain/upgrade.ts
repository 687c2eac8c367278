import type { Want } from './control.ts';
import type { Role } from './distribution.ts';
import type { NodeFacts } from './event.ts';
import type { Failure } from './failure.ts';
import type { Verdict } from './verdict.ts';

/** What a version of Kubernetes or of the distribution no longer takes, as `profiles/<distribution>/upgrades.yaml` states it. */
export type Gate = {
  readonly id: string;
  /** The versions on which it is so. */
  readonly versions: string;
  readonly roles: readonly Role[];
  /** Where these do not hold, it does not matter. */
  readonly only?: readonly Want[];
  /** What has to hold before, of what runs. */
  readonly wants: readonly Want[];
  /** The same of what is configured and comes with the next start. */
  readonly next?: readonly Want[];
  /** Where any of these is configured, it matters too, whatever runs. */
  readonly onlyNext?: readonly Want[];
  /** What happens where it does not hold. */
  readonly what: string;
  /** What to do instead, beforehand. */
  readonly instead: string;
  readonly sources: readonly string[];
};

/** What comes of a gate on a node: what would break, what a person has to look at, and what could not be learned. */
export type GateKind = 'breaks' | 'look' | 'unknown' | 'holds' | 'not-applicable';

/** What comes of one gate on one node, with the verdict that says so. */
export type GateFinding = {
  readonly gate: Gate;
  readonly node: string;
  readonly kind: GateKind;
  readonly verdict: Verdict;
  /** Of what breaks: whether it runs so, is configured so and waits for a start, or both; absent where there is no difference. */
  readonly when?: 'running' | 'configured' | 'both';
};

/** A node of which the check was made: the version it runs, or why it was not reached. */
export type UpgradeNode = {
  readonly name: string;
  readonly version?: string;
  /** What it turned out to be, once it was reached. */
  readonly facts?: NodeFacts;
  readonly failure?: Failure;
};

/** What an upgrade would do, from what the nodes answered now. */
export type Upgrade = {
  /** The version to upgrade to, as it was named. */
  readonly to: string;
  readonly nodes: readonly UpgradeNode[];
  readonly findings: readonly GateFinding[];
  /** Why what is known here does not tell what becomes of it, each in one sentence; never fine where there is one. */
  readonly untold: readonly string[];
  /** What was left out, and how it is brought in, in one sentence. */
  readonly leftOut?: string;
};
