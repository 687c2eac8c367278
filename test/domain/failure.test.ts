import { describe, expect, it } from 'vitest';
import { type Failure, sentences, told, word } from '../../src/domain/failure.ts';

/** One of every kind; the compiler asks for a new one. `message` is what somebody else's library or the node said. */
function samples(message: string): { readonly [Code in Failure['code']]: Failure & { readonly code: Code } } {
  const key = { fingerprint: 'SHA256:abc', keyType: 'ed25519' };
  const user = { node: 'cp-1', user: 'ops' };
  const at = { node: 'cp-1', path: '/etc/x' };
  return {
    usage: { code: 'usage', message },
    'no-terminal': { code: 'no-terminal' },
    'profile-invalid': { code: 'profile-invalid', file: 'a.yaml', line: 3, key: 'title', message },
    'file-unreadable': { code: 'file-unreadable', path: '/etc/x', message },
    'file-unwritable': { code: 'file-unwritable', path: '/etc/x', message },
    'node-unreachable': { code: 'node-unreachable', node: 'cp-1', host: '10.0.0.1', message },
    'connect-timeout': { code: 'connect-timeout', node: 'cp-1', seconds: 30 },
    'host-key-unknown': { code: 'host-key-unknown', node: 'cp-1', note: message, ...key },
    'host-key-refused': { code: 'host-key-refused', node: 'cp-1', ...key },
    'host-key-changed': { code: 'host-key-changed', node: 'cp-1', where: 'known_hosts, line 3', ...key },
    'host-key-revoked': { code: 'host-key-revoked', node: 'cp-1', fingerprint: 'SHA256:abc' },
    'known-hosts-unreadable': { code: 'known-hosts-unreadable', path: '/etc/x', message },
    'auth-failed': { code: 'auth-failed', ...user, offered: '', tried: 'a key' },
    'key-unusable': { code: 'key-unusable', path: '/etc/x', message },
    'handshake-failed': { code: 'handshake-failed', node: 'cp-1', message },
    'sudo-password-needed': { code: 'sudo-password-needed', ...user },
    'sudo-wrong-password': { code: 'sudo-wrong-password', ...user },
    'sudo-not-allowed': { code: 'sudo-not-allowed', ...user },
    'sudo-needs-tty': { code: 'sudo-needs-tty', ...user },
    'sudo-missing': { code: 'sudo-missing', ...user },
    'same-machine': { code: 'same-machine', node: 'cp-7', other: 'cp-1', machine: '0123' },
    'link-lost': { code: 'link-lost', node: 'cp-1', message },
    bug: { code: 'bug', node: 'cp-1', message },
    deadline: { code: 'deadline', node: 'cp-1', seconds: 5, last: message },
    'read-only': { code: 'read-only', what: 'a change' },
    locked: { code: 'locked', node: 'cp-1', holder: 'mara@desk, session a' },
    drifted: { code: 'drifted', ...at },
    refused: { code: 'refused', message },
    'node-full': { code: 'node-full', ...at },
    'node-read-only': { code: 'node-read-only', ...at },
    'change-failed': { code: 'change-failed', node: 'cp-1', message },
    'undo-failed': { code: 'undo-failed', node: 'cp-1', message, script: '/k/undo.sh' },
    'journal-unwritable': { code: 'journal-unwritable', path: '/etc/x', message },
    'session-not-found': { code: 'session-not-found', session: 's1' },
    'chain-broken': { code: 'chain-broken', path: '/etc/x', line: 3, message },
    'lab-cannot': { code: 'lab-cannot', what: message },
  };
}

describe('the words of a failure', () => {
  for (const message of [
    'it is gone',
    'It is gone.',
    'is it gone?',
    'it is gone:',
    '',
    'Nothing was changed.',
  ])
    it.each(Object.entries(samples(message)))(
      `are whole sentences: %s, with ${JSON.stringify(message)}`,
      (_, failure) => {
        const { sentence, hint } = word(failure);
        for (const text of [sentence, hint, told(failure)].filter((t) => t !== '')) {
          expect(text).toMatch(/[.!?]$|\.sh$/);
          expect(text).not.toMatch(/\.\.|[:;,?]\.|\.:|\s\s|^\s|\s$| \./);
        }
        const said = told(failure).split(/(?<=[.!?]) /);
        expect(new Set(said).size).toBe(said.length);
        expect(told(failure).startsWith(sentence)).toBe(true);
      },
    );

  it('join to one text, each ended once and said once', () => {
    expect(sentences('It broke', 'Try again.')).toBe('It broke. Try again.');
    expect(sentences('It broke.', 'It broke')).toBe('It broke.');
    expect(sentences('cp-1 said “no”', '', 'Is it up?')).toBe('cp-1 said “no”. Is it up?');
    expect(sentences('It could not be read: ')).toBe('It could not be read.');
    expect(sentences('', ' ')).toBe('');
  });
});
