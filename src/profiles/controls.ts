import type { Control } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import type { ProfileDocument } from './document.ts';
import type { Findings } from './findings.ts';
import type { Listing } from './listed.ts';
import { type ControlData, controlSchema, controlsSchema, type ListedControlData } from './schema.ts';
import { checkControl, type ValidateWant } from './wants.ts';
import { fillingsOf } from './words.ts';

/** A control and where it stands, for what can only be checked with all of them at hand. */
type Placed = { readonly control: Control; readonly document: ProfileDocument; readonly at: number };

/** The controls of a distribution that are whole, and the ids of all, so that a wrong one is not also called missing. */
export type Controls = {
  readonly whole: readonly Control[];
  readonly ids: ReadonlySet<string>;
  /** Where they say that they are listed, from the lowest folder up. */
  readonly listings: readonly Listing[];
};

/**
 * Reads the controls of a distribution; a control in a later folder replaces the one of the same id, and says so. It is listed
 * where the replaced one was, unless it says itself where.
 */
export async function readControls(
  layers: readonly (readonly string[])[],
  distribution: Distribution,
  validateWant: ValidateWant,
  findings: Findings,
): Promise<Controls> {
  const placed = new Map<string, Placed>();
  const ids = new Set<string>();
  const listings = new Map<string, Listing>();
  const fillings = fillingsOf(distribution);
  for (const [layer, files] of layers.entries()) {
    const ofLayer = new Map<string, { readonly document: ProfileDocument; readonly at: number }>();
    for (const file of files) {
      const document = await findings.document(file);
      for (const { at, id, data, listed } of document ? entriesOf(document, findings) : []) {
        if (!document) continue;
        ids.add(id);
        const twin = ofLayer.get(id);
        if (twin) {
          const where = `${twin.document.file}:${twin.document.lineOf([twin.at])}`;
          const message = `${id} is the id of another control, at ${where}; give one of the two an id of its own`;
          findings.take(document.invalid([at, 'id'], message));
          continue;
        }
        ofLayer.set(id, { document, at });
        if (listed) listings.set(id, { control: id, listed, document, at, layer });
        if (!data) continue;
        const control = findings.take(checkControl(document, at, data, distribution, fillings, validateWant));
        if (!control) continue;
        const upper = { control, document, at };
        placed.set(id, placed.has(id) ? overridden(upper) : upper);
      }
    }
  }
  checkNeeds(placed, ids, findings);
  const inOrder = [...listings.values()].toSorted((a, b) => a.layer - b.layer);
  return { whole: [...placed.values()].map((p) => p.control), ids, listings: inOrder };
}

type Entry = {
  readonly at: number;
  readonly id: string;
  readonly data: ControlData | undefined;
  readonly listed: ListedControlData['listed'];
};

/** The controls of a file, those that are wrong without what they say. */
function entriesOf(document: ProfileDocument, findings: Findings): readonly Entry[] {
  const all = findings.validate<readonly ListedControlData[]>(document, controlsSchema);
  if (all) return all.map(entryOf);
  if (!Array.isArray(document.data)) return [];
  return document.data.flatMap((entry: unknown, at): readonly Entry[] => {
    const id: unknown = (entry as { readonly id?: unknown } | null)?.id;
    const read = controlSchema.safeParse(entry);
    if (typeof id !== 'string') return [];
    return [read.success ? entryOf(read.data, at) : { at, id, data: undefined, listed: undefined }];
  });
}

function entryOf({ listed, ...data }: ListedControlData, at: number): Entry {
  return { at, id: data.id, data, listed };
}

function overridden(placed: Placed): Placed {
  const note = `replaced by ${placed.document.file}`;
  return { ...placed, control: { ...placed.control, sources: [...placed.control.sources, note] } };
}

/** What to say of an id that no control has. */
export function noControl(id: string): string {
  return `there is no control ${id}; correct the id, or write that control under controls`;
}

function checkNeeds(placed: ReadonlyMap<string, Placed>, ids: ReadonlySet<string>, findings: Findings): void {
  for (const { control, document, at } of placed.values()) {
    for (const [index, id] of (control.broughtBy ?? []).entries())
      if (!ids.has(id)) findings.take(document.invalid([at, 'broughtBy', index], noControl(id)));
    for (const [index, need] of control.needs.entries()) {
      if (!ids.has(need)) findings.take(document.invalid([at, 'needs', index], noControl(need)));
      const round = wayBack((id) => placed.get(id)?.control.needs, need, control.id, []);
      if (round)
        findings.take(
          document.invalid(
            [at, 'needs', index],
            `goes round in a circle: ${[control.id, ...round].join(' needs ')}; take one of these needs out`,
          ),
        );
    }
  }
}

/** The needs that lead from a control to `goal`, if any do. */
export function wayBack(
  needsOf: (id: string) => readonly string[] | undefined,
  from: string,
  goal: string,
  seen: readonly string[],
): readonly string[] | undefined {
  if (from === goal) return [...seen, goal];
  if (seen.includes(from)) return undefined;
  for (const need of needsOf(from) ?? []) {
    const way = wayBack(needsOf, need, goal, [...seen, from]);
    if (way) return way;
  }
  return undefined;
}
