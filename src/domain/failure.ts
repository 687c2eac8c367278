import type { Failure } from './failure-kind.ts';

export type { Failure } from './failure-kind.ts';

/** A value, or a failure that was foreseen. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** A success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** A foreseen failure. */
export function fail<T = never>(failure: Failure): Result<T> {
  return { ok: false, failure };
}

/** One sentence that says what happened, one that says the way out. */
export type Wording = { readonly sentence: string; readonly hint: string };

/** The words of a failure, for every screen and every message on the command line; both end in a full stop. */
export function word(failure: Failure): Wording {
  const { sentence, hint } = wordingOf(failure);
  return { sentence: sentences(sentence), hint };
}

/** What happened and the way out, as one text. */
export function told(failure: Failure): string {
  const { sentence, hint } = word(failure);
  return sentences(sentence, hint);
}

/** Joins texts to sentences: each ends once, and one that was said already is not said again. */
export function sentences(...texts: readonly string[]): string {
  const said: string[] = [];
  for (const text of texts) {
    const plain = text.trim();
    const whole = /[.!?…]["”’)\]]?$/.test(plain) ? plain : `${plain.replace(/[\s:;,]+$/, '')}.`;
    if (plain !== '' && !said.some((before) => before.endsWith(whole))) said.push(whole);
  }
  return said.join(' ');
}

function wordingOf(f: Failure): Wording {
  switch (f.code) {
    case 'usage':
      return { sentence: f.message, hint: 'See k8s-harden --help.' };
    case 'no-terminal':
      return {
        sentence: 'The wizard needs a terminal for its input and output.',
        hint: 'Without one, use: k8s-harden check, export, verify.',
      };
    case 'profile-invalid':
      return {
        sentence: `${f.file}:${f.line}: ${f.key ? `${f.key}: ` : ''}${f.message}`,
        hint: 'Correct that line; nothing was changed.',
      };
    case 'file-unreadable':
      return {
        sentence: `${f.path} cannot be read: ${f.message}`,
        hint: 'Check the path and its permissions.',
      };
    case 'file-unwritable':
      return {
        sentence: `${f.path} cannot be written: ${f.message}`,
        hint: 'Check that its folder is there, that you may write to it, and that the disk has room.',
      };
    case 'node-unreachable':
      return {
        sentence: `${f.node} (${f.host}) cannot be reached: ${f.message}`,
        hint: 'Check the address and port, and that sshd is running there.',
      };
    case 'connect-timeout':
      return {
        sentence: `${f.node} did not finish connecting within ${f.seconds} s.`,
        hint: 'The other nodes go on; try this one again with r.',
      };
    case 'host-key-unknown':
      return {
        sentence: `${f.node} shows a ${f.keyType} host key that is not in known_hosts: ${f.fingerprint}${f.note ? `. ${f.note}` : ''}`,
        hint: 'Compare it with the console of the node before you accept it.',
      };
    case 'host-key-refused':
      return {
        sentence: `The host key of ${f.node} was refused by you: ${f.keyType} ${f.fingerprint}`,
        hint: 'Nothing was sent there. On the Connect screen, r asks again.',
      };
    case 'host-key-changed':
      return {
        sentence: `The host key of ${f.node} is not the one in ${f.where}: it now shows ${f.keyType} ${f.fingerprint}`,
        hint: 'Someone may be in between. Find out why it changed; ssh-keygen -R removes the old entry.',
      };
    case 'host-key-revoked':
      return {
        sentence: `The host key of ${f.node} (${f.fingerprint}) is marked as revoked in known_hosts.`,
        hint: 'Do not connect; ask whoever revoked it.',
      };
    case 'known-hosts-unreadable':
      return {
        sentence: `${f.path} cannot be read: ${f.message}`,
        hint: 'Without it no host can be recognised, so no connection is made.',
      };
    case 'auth-failed':
      return {
        sentence: `${f.node} let ${f.user} not in. It offers ${f.offered || 'nothing'}; we tried ${f.tried || 'nothing'}.`,
        hint: 'Check the user, the key or the agent (ssh-add -l).',
      };
    case 'key-unusable':
      return {
        sentence: `The key ${f.path} cannot be used: ${f.message}`,
        hint: 'Use another key, or an agent that holds it.',
      };
    case 'handshake-failed':
      return {
        sentence: `${f.node} and this program found no common ground: ${f.message}`,
        hint: 'The server may want algorithms that we do not have.',
      };
    case 'sudo-password-needed':
      return {
        sentence: `sudo asks ${f.user} for a password on ${f.node}.`,
        hint: 'Type it on the connect screen; it is kept in memory only.',
      };
    case 'sudo-wrong-password':
      return {
        sentence: `sudo on ${f.node} did not accept that password of ${f.user}.`,
        hint: 'It was tried once and will not be repeated by itself.',
      };
    case 'sudo-not-allowed':
      return {
        sentence: `${f.user} may not use sudo on ${f.node}.`,
        hint: 'Connect as root or as a user with sudo rights.',
      };
    case 'sudo-needs-tty':
      return {
        sentence: `sudo on ${f.node} insists on a terminal (requiretty) for ${f.user}.`,
        hint: `Add "Defaults:${f.user} !requiretty" to sudoers there, or connect as root.`,
      };
    case 'sudo-missing':
      return {
        sentence: `${f.node} has no sudo, and ${f.user} is not root.`,
        hint: 'Connect as root, or install sudo there.',
      };
    case 'same-machine':
      return {
        sentence: `${f.node} and ${f.other} are one machine (machine-id ${f.machine}): take one of them off the list.`,
        hint: `Nothing is asked or changed by the name of ${f.node}.`,
      };
    case 'link-lost':
      return {
        sentence: `The link to ${f.node} was lost: ${f.message}`,
        hint: 'What was under way there is unknown until it is asked again.',
      };
    case 'bug':
      return {
        sentence: `This program failed at ${f.node}: ${f.message}`,
        hint: 'That is a bug: please report it. What that node has is unknown; the others go on.',
      };
    case 'deadline':
      return {
        sentence: `${f.node} gave no answer within ${f.seconds} s${f.last ? ` (last: ${f.last})` : ''}.`,
        hint: 'Its state is unknown; ask again with r.',
      };
    case 'read-only':
      return {
        sentence: `Read-only session: ${f.what} was not sent.`,
        hint: 'Start without --read-only to change anything.',
      };
    case 'locked':
      return {
        sentence: `${f.holder} is working on ${f.node}.`,
        hint: 'Wait for them, or take over on the connect screen.',
      };
    case 'drifted':
      if (f.since === 'change')
        return {
          sentence: `${f.path} on ${f.node} was changed by somebody since this change was made.`,
          hint: 'Nothing was taken back. To undo it all the same, and lose that edit, press F on the Undo screen.',
        };
      return {
        sentence: `${f.path} on ${f.node} changed after we looked.`,
        hint: `Nothing was written on ${f.node}; to see what would run there now, press a on the control again.`,
      };
    case 'refused':
      return { sentence: f.message, hint: 'Nothing was changed.' };
    case 'node-full':
      return {
        sentence: `The disk of ${f.node} is full at ${f.path}.`,
        hint: 'Nothing was changed; free some space first.',
      };
    case 'node-read-only':
      return {
        sentence: `${f.path} on ${f.node} is on a read-only filesystem.`,
        hint: 'Nothing was changed; remount it writable, or treat the node as immutable.',
      };
    case 'change-failed':
      return {
        sentence: `The change on ${f.node} failed: ${f.message}`,
        hint:
          f.stays === undefined
            ? 'What had been done of it was put back.'
            : `What these commands did before stays, for nothing takes it back: ${f.stays}. All else was put back; look at what is there now, then apply it again for the rest.`,
      };
    case 'undo-failed':
      return {
        sentence: `Taking the change back on ${f.node} failed: ${f.message}`,
        hint: `Part of it may still stand. On the node, as root: sh ${f.script}`,
      };
    case 'journal-unwritable':
      return {
        sentence: `The journal ${f.path} cannot be written: ${f.message}`,
        hint: 'Without a record nothing is changed.',
      };
    case 'session-not-found':
      return { sentence: `There is no session ${f.session}.`, hint: 'k8s-harden sessions lists them.' };
    case 'chain-broken':
      return {
        sentence: `${f.path}:${f.line}: ${f.message}`,
        hint: 'The record is not whole from that line on; what stands before it is.',
      };
    case 'lab-cannot':
      return { sentence: `The lab cannot do this: ${f.what}`, hint: 'Try it on a real node.' };
  }
}
