import { checkText } from './check.ts';
import { cklb, noChecklist } from './cklb.ts';
import { csv } from './csv.ts';
import { html } from './html/index.ts';
import type { Format } from './input.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { oscal } from './oscal/index.ts';
import { recordLines } from './record.ts';
import { sarif } from './sarif.ts';
import { summaryText } from './summary-text.ts';
import { transcript } from './transcript.ts';

export { exitCode } from './exit-code.ts';
export { movedJson, movedText, planJson, planMarkdown } from './plan.ts';
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
    id: 'html',
    title: 'HTML',
    about: 'for people: the same with charts, one file for any browser, to print',
    extension: 'html',
    render: html,
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
  {
    id: 'csv',
    title: 'CSV',
    about: 'for spreadsheets: a line for every control on every place',
    extension: 'csv',
    render: csv,
  },
  {
    id: 'junit',
    title: 'JUnit',
    about: 'for build servers: controls as suites, places as test cases',
    extension: 'junit.xml',
    render: junit,
  },
  {
    id: 'sarif',
    title: 'SARIF',
    about: 'for code scanning: what is open, in SARIF 2.1.0',
    extension: 'sarif',
    render: sarif,
  },
  {
    id: 'cklb',
    title: 'Checklist',
    about: 'for STIG Viewer 3: sessions with a DISA STIG only',
    extension: 'cklb',
    refuses: noChecklist,
    render: cklb,
  },
  {
    id: 'oscal',
    title: 'OSCAL',
    about: 'for systems of record: assessment results, OSCAL 1.1',
    extension: 'oscal.json',
    render: oscal,
  },
];

/** How `check` prints what it found. */
export const checks = { text: checkText, json } as const;
