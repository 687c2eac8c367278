import type { Profile } from '../domain/control.ts';
import { type Session, unfinished } from '../domain/session.ts';
import { chosen } from './scope.ts';
import { summarise } from './summary.ts';

/**
 * The exit code of a session that ran to its end: 4 when nodes were named and none was reached, 3 when anything is open,
 * skipped, unknown, unfinished or waiting for a restart, else 0. A session that named no node has nothing open. With the
 * profile, a control that was never asked where it should have been is open too; without it that cannot be seen.
 */
export function exitCode(session: Session, profile?: Profile): 0 | 3 | 4 {
  const { nodes, probed, missing, restartsDue } = session;
  if (nodes.length === 0) return 0;
  if (nodes.every((node) => node.facts === undefined)) return 4;
  const { controls, benchmark } = chosen(session, profile);
  const settled =
    probed &&
    missing.length === 0 &&
    restartsDue.length === 0 &&
    unfinished(session).length === 0 &&
    nodes.every((node) => node.facts !== undefined && node.failure === undefined) &&
    summarise(session, controls, benchmark).open.length === 0;
  return settled ? 0 : 3;
}
