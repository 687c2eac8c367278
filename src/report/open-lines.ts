import { count, names, oneLine } from './clean.ts';
import { standingWords } from './counts.ts';
import type { OpenItem } from './summary.ts';

/** Open items that say the same, told once for all their places. */
export type OpenGroup = {
  readonly item: OpenItem;
  readonly places: readonly string[];
  readonly controls: number;
};

/** Groups open items: what was never asked by place, everything else by control and finding. */
export function groupOpen(open: readonly OpenItem[]): readonly OpenGroup[] {
  const groups = new Map<string, OpenItem[]>();
  for (const item of open) {
    const { control, place, standing, found, wanted, reason, skipped } = item;
    const asked = standing !== 'missing';
    const key = JSON.stringify(
      asked ? [control, standing, found, wanted, reason, skipped] : [place, reason, skipped],
    );
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].flatMap((items) => {
    const [item] = items;
    return item ? [{ item, places: [...new Set(items.map((i) => i.place))], controls: items.length }] : [];
  });
}

/** The name of a control in a list: its numbers, then its title. */
export function controlName(control: {
  readonly numbers: readonly string[];
  readonly title: string;
}): string {
  return oneLine([...control.numbers, control.title].join(' '));
}

/** What is wrong, in a few words: found and wanted, the reason, and why it was skipped. */
export function openWhy({
  found,
  wanted,
  reason,
  skipped,
}: Pick<OpenItem, 'found' | 'wanted' | 'reason' | 'skipped'>): string {
  const values = [found && `found ${found}`, wanted && `wanted ${wanted}`].filter(Boolean).join(', ');
  return oneLine([values, reason, skipped !== undefined && `skipped: ${skipped}`].filter(Boolean).join('; '));
}

/** One group in one plain line. */
export function openLine({ item, places, controls }: OpenGroup, words = standingWords): string {
  if (item.standing === 'missing')
    return `${names(places)}: ${count(controls, 'control')} not asked; ${openWhy(item)}`;
  const why = openWhy(item);
  return `${controlName(item)}: ${words[item.standing]} on ${names(places, 5)}${why && `; ${why}`}`;
}
