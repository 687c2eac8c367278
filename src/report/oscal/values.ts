import { oneLine } from '../clean.ts';
import { inline } from '../markdown.ts';
import { uuidOf } from '../uuid.ts';

/** Under which our own names stand, so that nobody takes them for those of OSCAL. */
const ns = 'urn:x-k8s-harden:oscal';

/** A text where OSCAL reads Markdown. */
export function prose(text: string): string {
  return inline(text);
}

/** A text where OSCAL wants one that is not empty and has no line ends. */
export function line(text: string): string {
  return oneLine(text) || '-';
}

/** A name where OSCAL wants one without spaces and colons that begins with a letter. */
export function token(text: string): string {
  const name = oneLine(text).replaceAll(/[^\p{L}\p{N}._-]/gu, '_');
  return /^[\p{L}_]/u.test(name) ? name : `_${name}`;
}

/** A time; where the record has none, the beginning of time, for OSCAL takes no document without. */
export function time(at: string): string {
  return /^(19|2\d)\d\d-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8]|29|30|31)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$/.test(
    at,
  )
    ? at
    : '1970-01-01T00:00:00Z';
}

/** A property of our own. */
export function prop(name: string, value: string) {
  return { name, ns, value: line(value) };
}

/** The component that stands for this program, by which everything was found. */
export function toolId(session: string): string {
  return uuidOf(session, 'tool');
}

/** The item of the inventory that stands for a place. */
export function placeId(session: string, place: string): string {
  return uuidOf(session, 'place', place);
}
