import type { Answer } from './answer.ts';
import type { Answers } from './ports.ts';

/** A command as an array of words; quoting happens in `quote.ts` only. */
export type Words = readonly string[];

/**
 * Everything that can be asked of a machine. Read-only by construction: the compiler in `transport/` knows how each is put
 * in shell, and nothing else may be asked.
 */
export type Question =
  /** The running value of a kernel key, dots as separators, from /proc/sys. */
  | { readonly kind: 'kernel'; readonly key: string }
  /**
   * Every file that sets kernel values at boot, with its text: sysctl.d folders, /etc/sysctl.conf, ufw's own. What is no file there
   * comes with an empty text, for its name alone masks others; a link comes once more, named `PATH -> TARGET`.
   */
  | { readonly kind: 'sysctl-files' }
  /** Mode, owner, group, size, type and modification time of one path; symbolic links are followed. */
  | { readonly kind: 'stat'; readonly path: string }
  /** The text of one file, at most 1 MiB. */
  | { readonly kind: 'file'; readonly path: string }
  /** The texts of the files directly in a folder whose names end in `suffix`, sorted by name bytes. */
  | { readonly kind: 'folder'; readonly path: string; readonly suffix: string }
  /** Up to 20 paths below (and with) `path`, on one filesystem, that are not owned by `owner:group`. */
  | { readonly kind: 'strays'; readonly path: string; readonly owner: string; readonly group: string }
  /** A local account: its line of /etc/passwd, never NSS or LDAP, which RKE2 cannot see. */
  | { readonly kind: 'account'; readonly name: string }
  /** A local group: its line of /etc/group. */
  | { readonly kind: 'group'; readonly name: string }
  /** State of a systemd unit as `systemctl show` prints it. */
  | { readonly kind: 'unit'; readonly name: string }
  /**
   * The arguments of the running process of this name, one list each process. Only those of root, and of the account of the same
   * name, count; `anyones` has every process that is called so.
   */
  | { readonly kind: 'process'; readonly name: string; readonly anyones?: true }
  /** A container of the node's own runtime (docker, or podman in its name): image, arguments, mounts and state, never its environment. */
  | { readonly kind: 'container'; readonly name: string }
  /** Kubernetes objects as JSON: `kubectl` is the command's first words, `get` what follows `get`. */
  | { readonly kind: 'object'; readonly kubectl: Words; readonly get: Words }
  /** Whether `user` may read `path` (`r`) or pass through it (`x`), tried as that user. */
  | { readonly kind: 'access'; readonly path: string; readonly user: string; readonly want: 'r' | 'x' }
  /** Who and what the machine is: hostname, machine-id, boot-id, os, user id, time. */
  | { readonly kind: 'machine' }
  /** The state files of a change left on the node, to learn how far it got. */
  | { readonly kind: 'change-state'; readonly session: string; readonly change: string }
  /** Every change whose originals this program keeps on the machine: a line of session, change and how it ended, or `begun`; `end` is last. */
  | { readonly kind: 'kept' }
  /** Who holds the wizard's lock on this node. */
  | { readonly kind: 'lock' }
  /** One path of the Rancher server's API, as its JSON; a list comes whole. */
  | { readonly kind: 'rancher'; readonly path: string }
  /** Whether the Rancher server lets a local account in with a password that everybody knows: `yes` or `no`. Tried only where the operator agreed. */
  | { readonly kind: 'rancher-login'; readonly account: string; readonly known: string }
  /**
   * Each name asked of each DNS server, all at once, as the node itself would ask. The answer has a line for each pair:
   * `SERVER NAME RCODE ANSWERS`, or `timeout` or `refused` in place of the numbers.
   */
  | { readonly kind: 'lookups'; readonly names: Words; readonly servers: Words }
  /** A read-only command, as words. */
  | { readonly kind: 'command'; readonly words: Words };

/** One text per question, equal when and only when the questions are: the key for deduplication and for answers. */
export function questionKey(question: Question): string {
  const before = keys.get(question);
  if (before !== undefined) return before;
  const names = Object.keys(question);
  const inOrder = names.every((name, i) => i === 0 || (names[i - 1] ?? '') < name);
  const key = inOrder ? JSON.stringify(question) : JSON.stringify(question, names.sort());
  keys.set(question, key);
  return key;
}

/** Remembered for the same object only: a question never changes, and is looked up by its key many times. */
const keys = new WeakMap<Question, string>();

/** The answer to a question; one that is missing counts as lost. */
export function answerTo(answers: Answers, question: Question): Answer {
  return answers.get(questionKey(question)) ?? { kind: 'lost', reason: 'it was not asked' };
}
