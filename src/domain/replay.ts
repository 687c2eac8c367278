import type { Finding, Recorded } from './event.ts';
import { reduce } from './reduce.ts';
import { noSession, type Session } from './session.ts';
import type { Verdict } from './verdict.ts';

/**
 * The session after all these events: the same as reducing them one by one, but what was found is added to one map, since
 * copying all of it for every node that answers would cost seconds for hundreds of nodes.
 */
export function replay(records: readonly Recorded[]): Session {
  let session = noSession;
  let findings: Record<string, Finding> = {};
  let before: Record<string, Verdict> = {};
  for (const recorded of records) {
    if (recorded.event.kind === 'found') {
      session = reduce({ ...session, findings: {}, before: {} }, recorded);
      Object.assign(findings, session.findings);
      for (const [key, verdict] of Object.entries(session.before)) before[key] ??= verdict;
      continue;
    }
    session = reduce({ ...session, findings, before }, recorded);
    // Another event may drop findings, and then gives new maps; none of them is ever written to but here.
    if (session.findings !== findings) findings = { ...session.findings };
    if (session.before !== before) before = { ...session.before };
  }
  return { ...session, findings, before };
}
