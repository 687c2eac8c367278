/** How a conversation with a shell ended: its exit code (null: none arrived), and why when the link knows better. */
export type End = { readonly exit: number | null; readonly reason?: string };

/** One conversation: a script to send, its output to feed back, and what it all meant. Knows nothing of SSH. */
export type Exchange<T> = {
  /** What `sh -s` gets on its standard input. */
  readonly script: string;
  /** The same as JSON, for a node that is no shell (the lab). */
  readonly data: () => string;
  readonly feed: (chunk: Buffer) => void;
  readonly feedError: (chunk: Buffer) => void;
  readonly finish: (end: End) => T;
};

/** What a conversation looks like on the wire, whole. */
export type Spoken = { readonly out: string; readonly err: string; readonly exit: number };

/** A marker is 128 random bits in hexadecimal; anything else is a bug of the caller. */
export function checkMarker(marker: string): string {
  if (!/^[0-9a-f]{32}$/.test(marker)) throw new Error('a marker is 32 hexadecimal digits');
  return marker;
}

/** Why nothing more arrived, in a few words. */
export function whyEnded(end: End): string {
  if (end.reason) return end.reason;
  return end.exit === null
    ? 'the link was lost'
    : `the script on the node ended too early (exit ${end.exit})`;
}
