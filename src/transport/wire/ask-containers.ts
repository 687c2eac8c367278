import type { Answer } from '../../domain/answer.ts';
import { parseContainer } from '../../domain/container.ts';

/** What docker said of one container among several; undefined when it neither described it nor said that there is none. */
export function containerAmong(name: string, text: string, complaint: string): Answer | undefined {
  const found = text
    .split('\n')
    .map(parseContainer)
    .find((container) => container?.name === name);
  if (found) return { kind: 'said', text: JSON.stringify(found) };
  return complaint.split('\n').some((line) => saysGone(line, name)) ? { kind: 'absent' } : undefined;
}

/** Docker and podman each have their own words, and each changed them. */
function saysGone(line: string, name: string): boolean {
  const gone = /no such (?:object|container):? *"?\/?([\w.-]+)"?/i.exec(line)?.[1];
  return gone === name;
}
