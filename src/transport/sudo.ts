import type { Failure } from '../domain/failure.ts';
import type { Privilege } from '../domain/ports.ts';

/** Random words that mark where our part of a conversation begins; login noise cannot know them. */
export type Marks = { readonly ready: string; readonly prompt: string };

const path =
  'PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"; LC_ALL=C; export PATH LC_ALL';
const shell = 'exec /bin/sh -s';

/**
 * What the login shell is told to run. bash, zsh, fish and csh all read it alike: one line in single quotes without a quote,
 * backslash or exclamation mark inside.
 */
function underLoginShell(script: string): string {
  return `exec /bin/sh -c '${script}'`;
}

/**
 * Finds out how root is reached, and reaches it, on one channel: root already; else sudo without a password; else it says
 * `asks` and waits for a line before it runs sudo with a password from its input.
 */
export function explore(marks: Marks): string {
  const { ready } = marks;
  return underLoginShell(
    [
      path,
      `if [ "$(id -u)" = 0 ]; then echo ${ready} root; ${shell}; fi`,
      `command -v sudo >/dev/null 2>&1 || { echo ${ready} missing >&2; exit 0; }`,
      `sudo -n /bin/sh -c "echo ${ready} passwordless; ${shell}"`,
      's=$?',
      `echo ${ready} asks >&2`,
      'read go || exit $s',
      withPassword(marks),
    ].join('; '),
  );
}

/** Reaches root in the way that `explore` found. */
export function enterAs(privilege: Privilege, marks: Marks): string {
  const { ready } = marks;
  switch (privilege) {
    case 'root':
      // All login shells read this alike as well, and one shell less has to be started.
      return `echo ${ready} root; ${shell}`;
    case 'passwordless':
      return underLoginShell(`${path}; exec sudo -n /bin/sh -c "echo ${ready} passwordless; ${shell}"`);
    case 'password':
      return underLoginShell(`${path}; ${withPassword(marks)}`);
  }
}

function withPassword({ ready, prompt }: Marks): string {
  return `exec sudo -k -S -p ${prompt} /bin/sh -c "echo ${ready} password; ${shell}"`;
}

/** What sudo's refusal means; undefined when it only wants a password. */
export function readRefusal(text: string, node: string, user: string): Failure | undefined {
  if (/must have a tty/i.test(text)) return { code: 'sudo-needs-tty', node, user };
  if (/not in the sudoers|is not allowed to|may not run sudo|not permitted to/i.test(text))
    return { code: 'sudo-not-allowed', node, user };
  if (/(password|authentication) is required|no askpass program|terminal is required/i.test(text))
    return undefined;
  return { code: 'refused', message: `sudo on ${node} said: ${text.trim() || 'nothing, and did not go on'}` };
}

/** What came of a password that was given. */
export function readPasswordEnd(text: string, node: string, user: string): Failure {
  if (/try again|incorrect password|incorrect authentication|authentication fail/i.test(text))
    return { code: 'sudo-wrong-password', node, user };
  return readRefusal(text, node, user) ?? { code: 'sudo-wrong-password', node, user };
}
