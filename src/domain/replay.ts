import type { Finding, Recorded } from './event.ts';
import { reduce } from './reduce.ts';
import { noSession, type Session } from './session.ts';
import type { Verdict } from './verdict.ts';

/**
 * The session after all these events: the same as reducing them one by one, but findings are gathered on the side, since
 * copying all of them for every node that answers would cost seconds for hundreds of nodes.
 */
export function replay(records: readonly Recorded[]): Session {
  let session = noSession;
  let findings: Record<string, Finding> = {};
  let before: Record<string, Verdict> = {};
  for (const recorded of records) {
    session = reduce({ ...session, findings: {}, before: {} }, recorded);
    if (recorded.event.kind === 'session-started') {
      findings = {};
      before = {};
    }
    Object.assign(findings, session.findings);
    for (const [key, verdict] of Object.entries(session.before)) before[key] ??= verdict;
  }
  return { ...session, findings, before };
}
