import { manyLines, oneLine } from './clean.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text on one line as it may stand in XML and HTML, between tags and in quotes: nothing in it is markup any more. */
export function markupLine(text: string): string {
  return harmless(oneLine(text));
}

/** Text with its lines, as it may stand between tags. */
export function markupLines(text: string): string {
  return harmless(manyLines(text));
}

function harmless(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
