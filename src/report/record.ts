import type { Chain, ReportInput } from './input.ts';

/** How whole the record is, after the number of its entries. */
export function chainWords(chain: Chain): string {
  switch (chain) {
    case 'whole':
      return 'the chain is whole up to its end';
    case 'still open':
      return 'the chain is whole so far; this was written while the session was still open, and an export after leaving it gives the final one';
    case 'not ended':
      return 'the chain is whole, but it has no end: later entries may be missing';
    case 'end not on record':
      return 'the chain is whole and has an end, but no head on record says that it is the last: later entries may be missing';
  }
  if (chain.startsWith('cut'))
    return `the record was ${chain}: entries that stood there are missing, and only what is left is shown`;
  if (chain.startsWith('changed'))
    return `the record was ${chain}: it is not the one that was closed, and what it says is no proof`;
  if (chain.startsWith('added'))
    return `the record was ${chain}, where it had been closed: what stands after that line is no proof`;
  return `the chain is ${chain}: only what stands before that is shown`;
}

/** Whether a record is proof, may still grow or have lost its end, or is not the one that was written. */
export function recordState(chain: Chain): 'whole' | 'open' | 'broken' {
  switch (chain) {
    case 'whole':
      return 'whole';
    case 'still open':
    case 'not ended':
    case 'end not on record':
      return 'open';
    default:
      return 'broken';
  }
}

/** What the record is and the hash to keep elsewhere, for the plain summary. */
export function recordLines({ records, chain, head }: ReportInput): readonly string[] {
  return [
    `Record: ${records.length} entries, ${chainWords(chain)}`,
    ...(head === undefined ? [] : [`Last hash: ${head}`]),
  ];
}
