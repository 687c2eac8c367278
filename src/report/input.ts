import type { Profile } from '../domain/control.ts';
import type { Recorded } from '../domain/event.ts';
import type { Session } from '../domain/session.ts';

/** How whole the record is, as verifying the journal found it. */
export type Chain =
  | 'whole'
  | 'not ended'
  /** The wizard wrote it itself, before it was left. */
  | 'still open'
  | 'end not on record'
  | `cut off after line ${number}`
  | `changed up to line ${number}`
  | `added to after line ${number}`
  | `damaged at line ${number}`;

/** What every report is a function of. The profile gives titles and numbers; without it ids stand in. */
export type ReportInput = {
  readonly session: Session;
  readonly records: readonly Recorded[];
  readonly profile?: Profile;
  readonly chain: Chain;
  /** Hash of the last whole line of the journal: who keeps it can tell later whether lines were cut off. */
  readonly head?: string;
};

/** A form in which a session can be written down. */
export type Format = {
  readonly id: string;
  readonly title: string;
  /** For whom it is and what stands in it, in a few words. */
  readonly about: string;
  readonly extension: string;
  /** Why a session cannot be written down so, in one sentence with the way out; undefined where it can. */
  readonly refuses?: (input: ReportInput) => string | undefined;
  readonly render: (input: ReportInput) => string;
};
