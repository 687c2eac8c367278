import { reachedAs } from '../domain/address.ts';
import type { NodeAddress } from '../domain/event.ts';
import { leftBehind, remaining, type Session } from '../domain/session.ts';

/** How many nodes a warning names. */
const named = 3;

/** What stays on machines when these nodes leave the list or get another address, in one sentence; undefined when nothing does. */
export function stayingBehind(session: Session, leaving: readonly NodeAddress[]): string | undefined {
  const there = remaining(session).filter((c) => !leftBehind(session, c));
  const nodes = leaving.filter((n) => there.some((c) => c.change.via === n.name));
  if (nodes.length === 0) return undefined;
  const words = (of: (node: NodeAddress) => string): string =>
    nodes
      .slice(0, named)
      .map(of)
      .concat(nodes.length > named ? [`${nodes.length - named} more`] : [])
      .join(', ');
  const [machine, again] =
    nodes.length === 1
      ? ['the machine that was', 'add it again under this name']
      : ['the machines that were', 'add them again under these names'];
  return `What this session changed on ${words((n) => n.name)} stays on ${machine} reached as ${words(reachedAs)}; to undo it, ${again}.`;
}
