import { documentOf } from './document.ts';
import type { ReportInput } from './input.ts';
import { markdownOf } from './markdown.ts';

/** The transcript for people in Markdown. */
export function transcript(input: ReportInput): string {
  return markdownOf(documentOf(input));
}
