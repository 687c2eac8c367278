import type { Profile } from '../domain/control.ts';
import type { Event, NodeAddress, Recorded } from '../domain/event.ts';
import type { Result } from '../domain/failure.ts';
import type { Connector, RancherService, Target } from '../domain/ports.ts';
import type { LoadedPlan, ReviewPlan } from '../domain/review-plan.ts';
import type { Session } from '../domain/session.ts';
import type { Waivable, Waiver } from '../domain/waiver.ts';
import type { PastSession } from './state.ts';

/** A journal that is open for appending. What it returns is what it wrote: redacted. */
export type OpenJournal = {
  readonly path: string;
  readonly record: (event: Event) => Promise<Result<Recorded>>;
  readonly close: () => Promise<void>;
};

/** What stands in the journal of an earlier session, and where. */
export type PastRecords = { readonly path: string; readonly records: readonly Recorded[] };

/** The file of waivers. Each answers what the file holds then; what others wrote into it stays. */
export type WaiverFile = {
  readonly file: string;
  /** The operator named it; else it is the one in the state folder, which practice leaves alone. */
  readonly named: boolean;
  readonly read: () => Promise<Result<readonly Waiver[]>>;
  /** Writes these in the place of those that stood for the same finding of this cluster. */
  readonly add: (waivers: readonly Waiver[], cluster: string) => Promise<Result<readonly Waiver[]>>;
  readonly remove: (at: readonly Waivable[]) => Promise<Result<readonly Waiver[]>>;
};

/** Everything the store needs from outside its doors; `main` provides it. */
export type Services = {
  readonly program: string;
  readonly operator: string;
  readonly lab: boolean;
  /** Every session begun or resumed from here is read-only, whatever it was before. */
  readonly readOnly?: boolean;
  /** The flags that say how SSH is spoken, as they would be typed again; kept so that a resumed session can ask for them. */
  readonly flags?: readonly string[];
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly newSessionId: () => string;
  readonly loadProfiles: () => Promise<Result<readonly Profile[]>>;
  readonly connector: Connector;
  readonly workstation: (readOnly: boolean) => Target;
  /** The Rancher servers that can be asked; without it, none can. */
  readonly rancher?: RancherService;
  readonly createJournal: (id: string) => Promise<Result<OpenJournal>>;
  /** Reads an earlier session and leaves its journal as others see it. */
  readonly readPast: (id: string) => Promise<Result<PastRecords>>;
  readonly resumeJournal: (
    id: string,
  ) => Promise<Result<{ readonly journal: OpenJournal; readonly records: readonly Recorded[] }>>;
  /** Where waivers are kept for later sessions; without it they end with this one. */
  readonly waivers?: WaiverFile;
  /** The plan that --plan named. */
  readonly plan?: LoadedPlan;
  /** Writes a plan for people and for programs into the working directory. */
  readonly writePlan?: (
    plan: ReviewPlan,
    session: string,
  ) => Promise<Result<{ readonly files: readonly string[]; readonly sha256: string }>>;
  readonly listSessions: () => Promise<readonly PastSession[]>;
  readonly writeExport: (
    format: string,
    session: Session,
    records: readonly Recorded[],
    profile: Profile | undefined,
  ) => Promise<Result<string>>;
  readonly redact: (text: string) => string;
  readonly addSecret: (secret: string) => void;
  readonly sshHosts: () => Promise<readonly NodeAddress[]>;
  readonly readInventory: (
    path: string,
  ) => Promise<Result<{ readonly cluster: string; readonly nodes: readonly NodeAddress[] }>>;
  /** Nodes to begin with (the lab's, or those named on the command line). */
  readonly startNodes: readonly NodeAddress[];
  readonly clusterName: string;
  /** Starts the practice cluster, that of a distribution if one is named; what it returns replaces these services for the session. */
  readonly openLab: (distribution?: string) => Promise<Result<LabServices>>;
  /** The distribution whose practice cluster runs. */
  readonly labOf?: string;
  /** The distribution a lab was asked for by name: it is not chosen again. */
  readonly practises?: string;
  /** The lab was asked for a broken cluster: the session repairs it. */
  readonly repairs?: true;
  /** Most connections opened at once. */
  readonly forks: number;
  /** Leaves the program once everything is recorded. */
  readonly leave: (why: 'finished' | 'left' | 'interrupted') => void;
};

/** What of the services is another in the lab. */
export type LabServices = Pick<
  Services,
  | 'lab'
  | 'connector'
  | 'rancher'
  | 'workstation'
  | 'startNodes'
  | 'clusterName'
  | 'practises'
  | 'repairs'
  | 'labOf'
>;
