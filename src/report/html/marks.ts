import type { Standing } from '../counts.ts';

/** How a standing looks: its class in the style sheet, its sign beside the word, and the line drawn over its square. */
export type Mark = { readonly name: string; readonly sign: string; readonly stroke: string };

/** The marks. Each differs from the others by its sign and its line, not by colour alone. */
export const marks: Readonly<Record<Standing, Mark>> = {
  pass: { name: 'pass', sign: '✔', stroke: '' },
  'not-applicable': { name: 'na', sign: '–', stroke: '' },
  fail: { name: 'fail', sign: '✖', stroke: 'm2 2 6 6m0-6-6 6' },
  'configured-not-active': { name: 'inactive', sign: '◐', stroke: 'm2 8 6-6' },
  'pending-restart': { name: 'restart', sign: '↻', stroke: 'm2 5h6' },
  waived: { name: 'waived', sign: '≈', stroke: 'm2 4h6m-6 2h6' },
  manual: { name: 'manual', sign: '✎', stroke: 'm5 2v6' },
  unknown: { name: 'unknown', sign: '?', stroke: 'm5 2v6m-3-3h6' },
  missing: { name: 'missing', sign: '·', stroke: 'm4 4h2v2h-2z' },
};

/** The standings in the order in which they are drawn, best first. */
export const drawn: readonly Standing[] = [
  'pass',
  'not-applicable',
  'waived',
  'pending-restart',
  'configured-not-active',
  'manual',
  'unknown',
  'missing',
  'fail',
];
