import { ok, type Result } from '../domain/failure.ts';
import type { Conversation } from './conversation.ts';
import type { Link } from './link.ts';
import { startShell } from './shell.ts';

/** A conversation with a node of the practice cluster: its user is root, and it needs no marks to find the beginning. */
export function labShell(link: Link): Result<Conversation> {
  let to: Parameters<Conversation['listen']>[0] | undefined;
  const shell = startShell(link.ssh, 'exec /bin/sh -s', {
    out: (chunk) => to?.out(chunk),
    error: (chunk) => to?.error(chunk),
  });
  return ok({
    shell,
    next: () => Promise.resolve({ kind: 'ready', privilege: 'root' }),
    said: () => '',
    listen: (listener) => {
      to = listener;
    },
  });
}
