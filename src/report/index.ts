import { checkText } from './check.ts';
import type { Format } from './input.ts';
import { json } from './json.ts';
import { recordLines } from './record.ts';
import { summaryText } from './summary-text.ts';
import { transcript } from './transcript.ts';

export { exitCode } from './exit-code.ts';
export { summaryText } from './summary-text.ts';
export { upgradeExit, upgradeJson, upgradeText } from './upgrade.ts';

/** Every form in which a session can be exported; the first is the one for people. */
export const formats: readonly Format[] = [
  {
    id: 'markdown',
    title: 'Markdown',
    about: 'for people: every control, every command, every answer, in order',
    extension: 'md',
    render: transcript,
  },
  {
    id: 'json',
    title: 'JSON',
    about: 'for programs: the same facts under a published schema',
    extension: 'json',
    render: json,
  },
  {
    id: 'summary',
    title: 'Summary',
    about: 'plain text, one page: before and after, what is open and why',
    extension: 'txt',
    render: (input) => `${summaryText(input.session, input.profile)}\n${recordLines(input).join('\n')}\n`,
  },
];

/** How `check` prints what it found. */
export const checks = { text: checkText, json } as const;
