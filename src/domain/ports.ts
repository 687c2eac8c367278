import type { Answer } from './answer.ts';
import type { Hold } from './cluster-hold.ts';
import type { Event, NodeAddress } from './event.ts';
import type { Failure, Result } from './failure.ts';
import type { Question, Words } from './question.ts';
import type { Change } from './step.ts';

/** Options of one batch of questions. `onAnswer` fires as frames stream in; `deadlineMs` is for the whole batch. */
export type AskOptions = {
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  readonly onAnswer?: (done: number, of: number) => void;
};

/** Answers by `questionKey`. Every question asked has an entry; `lost` at worst. */
export type Answers = ReadonlyMap<string, Answer>;

/**
 * What can be done to a machine. Everything but the locks needs a change recorded before. The transport refuses
 * them all in a read-only session.
 */
export type Deed =
  /** Keep the originals, leave the undo script, run the steps; on a failing step put back what was done of it. */
  | { readonly kind: 'change'; readonly change: Change }
  /** Run the undo of a change; without `force` it refuses where a file is no longer what we wrote. */
  | { readonly kind: 'undo'; readonly change: Change; readonly force: boolean }
  /** `systemctl --no-block restart`; watching it is done by asking. */
  | { readonly kind: 'restart'; readonly unit: string }
  /** Run the command that makes a whole cluster as its file says, on the operator's machine, and wait for its end. */
  | { readonly kind: 'make-cluster'; readonly words: readonly string[] }
  | { readonly kind: 'stop'; readonly unit: string }
  | { readonly kind: 'start'; readonly unit: string }
  /** Take the wizard's lock on the node for `holder`; `take` takes it from somebody else. */
  | { readonly kind: 'lock'; readonly holder: string; readonly take: boolean }
  | { readonly kind: 'unlock'; readonly holder: string }
  /** Take the lock of the whole cluster, which is an object of its API; `over` is the version of one that this may replace. */
  | { readonly kind: 'hold'; readonly kubectl: Words; readonly hold: Hold; readonly over?: string }
  | { readonly kind: 'release'; readonly kubectl: Words; readonly holder: string };

/** What became of a deed. `output` is cleaned of control sequences and capped; `unknown`: the link broke before the end. */
export type DeedReport =
  | { readonly kind: 'done'; readonly output: readonly string[] }
  | { readonly kind: 'put-back'; readonly failure: Failure; readonly output: readonly string[] }
  | { readonly kind: 'refused'; readonly failure: Failure; readonly output: readonly string[] }
  | { readonly kind: 'unknown'; readonly failure: Failure; readonly output: readonly string[] };

/** Options of a deed; `onOutput` gets cleaned lines as they come. */
export type DeedOptions = {
  readonly deadlineMs: number;
  readonly onOutput?: (line: string) => void;
};

/** A machine that can be asked and changed. `ask` and `perform` never reject. */
export type Target = {
  readonly name: string;
  readonly ask: (questions: readonly Question[], options: AskOptions) => Promise<Answers>;
  readonly perform: (deed: Deed, options: DeedOptions) => Promise<DeedReport>;
  /** Fires once when the link is gone. */
  readonly onLost: (listener: (failure: Failure) => void) => void;
  readonly close: () => Promise<void>;
};

/** What the operator is asked while connecting. Answers are secrets or decisions; undefined means: given up. */
export type ConnectQuestion =
  | {
      readonly kind: 'host-key';
      readonly node: string;
      readonly host: string;
      readonly keyType: string;
      readonly fingerprint: string;
      /** What else known_hosts says of this host, in a sentence. */
      readonly note?: string;
    }
  | { readonly kind: 'passphrase'; readonly node: string; readonly keyPath: string }
  | { readonly kind: 'password'; readonly node: string; readonly user: string }
  | { readonly kind: 'prompt'; readonly node: string; readonly text: string; readonly echo: boolean }
  | { readonly kind: 'sudo-password'; readonly node: string; readonly user: string }
  | { readonly kind: 'rancher-token'; readonly node: string; readonly url: string };

/** How the operator answers: `yes` for a host key, text for all others, undefined to give up on this node. */
export type Answerer = (question: ConnectQuestion) => Promise<string | undefined>;

/** How privileges were reached on a node. */
export type Privilege = 'root' | 'passwordless' | 'password';

/** Opens targets. `readOnly` is enforced below this line. */
export type Connector = {
  readonly connect: (
    node: NodeAddress,
    options: {
      readonly readOnly: boolean;
      readonly deadlineMs: number;
      readonly answerer: Answerer;
      readonly signal?: AbortSignal;
    },
  ) => Promise<Result<{ readonly target: Target; readonly privilege: Privilege }>>;
};

/** The Rancher servers that can be asked; tokens stay inside. */
export type RancherService = {
  /** The server that was named at the start, and whether a token came with it. */
  readonly start?: string;
  /** The address in its one form, or why it is none. */
  readonly address: (text: string) => Result<string>;
  readonly hasToken: (url: string) => boolean;
  /** Takes a token and tries it; who it belongs to, or why it is of no use. */
  readonly enter: (url: string, token: string) => Promise<Result<string>>;
  /** Words that a place has when this server is asked there. */
  readonly words: (url: string) => Readonly<Record<string, string>>;
  readonly target: (url: string, readOnly: boolean) => Target;
};

/** Where events go: recorded durably before the promise resolves. */
export type Recorder = { readonly record: (event: Event) => Promise<Result<void>> };
