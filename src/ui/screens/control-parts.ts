import { isRepair, type Session } from '../../domain/session.ts';

/** In which order the parts get lines while there are any: part by part, the number of lines it may then have. */
export function orderFor(session: Pick<Session, 'purpose'>): Order {
  return isRepair(session) ? causeOrder : order;
}

type Order = readonly (readonly [label: string, lines: number])[];

/** Who looks for a cause reads first what was found and what it means. */
const causeOrder: Order = [
  ...([
    ['Refused', 2],
    ['Next', 1],
    ['Runs', 1],
    ['Images', 2],
    ['Risk', 1],
    ['Found', 1],
    ['Reason', 2],
    ['Means', 2],
    ['Breaks', 1],
    ['Found', 2],
    ['Skipped', 1],
    ['Healthy', 1],
    ['Asks', 1],
  ] as const),
  ...([
    ['Found', 3],
    ['Risk', 2],
    ['Means', 4],
    ['Next', 2],
    ['Why', 1],
    ['Asks', 3],
    ['Healthy', 3],
    ['Breaks', 3],
  ] as const),
  ...([
    ['Refused', 5],
    ['Images', 8],
    ['Risk', 3],
    ['Runs', 6],
    ['Why', 4],
    ['Wanted', 2],
    ['Found', 6],
    ['Reason', 4],
    ['Means', 6],
    ['Breaks', 6],
    ['Asks', 5],
  ] as const),
];

const order: Order = [
  ...([
    ['Refused', 1],
    ['Plan', 1],
    ['Runs', 1],
    ['Images', 2],
    ['Risk', 1],
    ['Means', 1],
    ['Breaks', 1],
    ['Asks', 1],
    ['Healthy', 1],
    ['Why', 1],
    ['Skipped', 1],
    ['Reason', 2],
    ['Found', 1],
  ] as const),
  ...([
    ['Refused', 2],
    ['Plan', 3],
    ['Why', 2],
    ['Means', 2],
    ['Asks', 2],
    ['Healthy', 2],
    ['Wanted', 1],
    ['Found', 2],
    ['Runs', 2],
    ['Wanted', 2],
    ['Breaks', 2],
  ] as const),
  ...([
    ['Why', 4],
    ['Means', 5],
    ['Asks', 4],
    ['Healthy', 4],
    ['Images', 8],
    ['Risk', 3],
    ['Runs', 6],
    ['Breaks', 4],
    ['Found', 4],
    ['Wanted', 4],
  ] as const),
];

/** What stands where a part was cut: the key that shows the rest. */
export const readsOn: Readonly<Record<string, string>> = {
  Plan: '.. e reads on',
  Reason: '.. e reads on',
  Found: '.. e reads on',
  Wanted: '.. e reads on',
  Risk: '.. e reads on',
  Breaks: '.. e reads on',
  Why: '.. e reads on',
  Asks: '.. e reads on',
  Means: '.. e reads on',
  Healthy: '.. e reads on',
  Images: '.. w has the rest',
  Refused: '.. d has the rest',
};
