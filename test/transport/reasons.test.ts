import { expect, it } from 'vitest';
import { type LinkError, reasonOf } from '../../src/transport/reasons.ts';

it.each<readonly [Partial<LinkError> & { readonly message: string }, string]>([
  [{ message: 'connect ECONNREFUSED 10.0.0.1:22', code: 'ECONNREFUSED' }, 'the connection was refused'],
  [{ message: 'connect EACCES 10.0.0.1:22', code: 'EACCES' }, 'a firewall may forbid them'],
  [{ message: 'Timed out while waiting for handshake', level: 'client' }, 'did not finish the SSH handshake'],
  [{ message: 'Keepalive timeout', level: 'client-timeout' }, 'it stopped answering'],
  [{ message: 'Connection lost before handshake' }, 'it closed the connection before the SSH handshake'],
  [{ message: 'Invalid identification string', level: 'handshake' }, 'does not speak SSH 2'],
  [{ message: '(SSH) Channel open failure: open failed' }, 'MaxSessions in its sshd_config'],
  [{ message: 'Not connected' }, 'the connection was closed'],
  [{ message: '' }, 'the connection was closed'],
  [{ message: '(SSH) something new' }, 'something new'],
])('says in plain words: %o', (error, words) => {
  expect(reasonOf(Object.assign(new Error(error.message), error))).toContain(words);
});
