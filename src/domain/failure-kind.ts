/** Every failure we expect, with the facts its sentence needs. A new one is added here and worded in `failure.ts`. */
export type Failure =
  | { readonly code: 'usage'; readonly message: string }
  | { readonly code: 'no-terminal' }
  | {
      readonly code: 'profile-invalid';
      readonly file: string;
      readonly line: number;
      readonly key: string;
      readonly message: string;
    }
  | { readonly code: 'file-unreadable' | 'file-unwritable'; readonly path: string; readonly message: string }
  | {
      readonly code: 'node-unreachable';
      readonly node: string;
      readonly host: string;
      readonly message: string;
    }
  | { readonly code: 'connect-timeout'; readonly node: string; readonly seconds: number }
  | {
      readonly code: 'host-key-unknown';
      readonly node: string;
      readonly fingerprint: string;
      readonly keyType: string;
      /** What else known_hosts says of this host, in a sentence. */
      readonly note?: string;
    }
  | {
      readonly code: 'host-key-refused';
      readonly node: string;
      readonly fingerprint: string;
      readonly keyType: string;
    }
  | {
      readonly code: 'host-key-changed';
      readonly node: string;
      readonly fingerprint: string;
      readonly keyType: string;
      readonly where: string;
    }
  | { readonly code: 'host-key-revoked'; readonly node: string; readonly fingerprint: string }
  | { readonly code: 'known-hosts-unreadable'; readonly path: string; readonly message: string }
  | {
      readonly code: 'auth-failed';
      readonly node: string;
      readonly user: string;
      readonly offered: string;
      readonly tried: string;
    }
  | { readonly code: 'key-unusable'; readonly path: string; readonly message: string }
  | { readonly code: 'handshake-failed'; readonly node: string; readonly message: string }
  | { readonly code: 'sudo-password-needed'; readonly node: string; readonly user: string }
  | { readonly code: 'sudo-wrong-password'; readonly node: string; readonly user: string }
  | { readonly code: 'sudo-not-allowed'; readonly node: string; readonly user: string }
  | { readonly code: 'sudo-needs-tty'; readonly node: string; readonly user: string }
  | { readonly code: 'sudo-missing'; readonly node: string; readonly user: string }
  /** A name that leads to a machine which is connected under another name. */
  | { readonly code: 'same-machine'; readonly node: string; readonly other: string; readonly machine: string }
  | { readonly code: 'link-lost'; readonly node: string; readonly message: string }
  /** A fault of this program, on one node, that must not take the others along. */
  | { readonly code: 'bug'; readonly node: string; readonly message: string }
  | { readonly code: 'deadline'; readonly node: string; readonly seconds: number; readonly last: string }
  | { readonly code: 'read-only'; readonly what: string }
  | { readonly code: 'locked'; readonly node: string; readonly holder: string }
  | {
      readonly code: 'drifted';
      readonly node: string;
      readonly path: string;
      /** It is an undo that was refused: somebody changed it since our change. */
      readonly since?: 'change';
    }
  | { readonly code: 'refused'; readonly message: string }
  | { readonly code: 'node-full'; readonly node: string; readonly path: string }
  | { readonly code: 'node-read-only'; readonly node: string; readonly path: string }
  | {
      readonly code: 'change-failed';
      readonly node: string;
      readonly message: string;
      /** Commands before the one that failed which did their work, and which nothing takes back. */
      readonly stays?: string;
    }
  /** Taking back failed: part of a change may still stand. `script` is the undo script on the node. */
  | { readonly code: 'undo-failed'; readonly node: string; readonly message: string; readonly script: string }
  | { readonly code: 'journal-unwritable'; readonly path: string; readonly message: string }
  | { readonly code: 'session-not-found'; readonly session: string }
  | { readonly code: 'chain-broken'; readonly path: string; readonly line: number; readonly message: string }
  | { readonly code: 'lab-cannot'; readonly what: string };
