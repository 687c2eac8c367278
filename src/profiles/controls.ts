import type { Control } from '../domain/control.ts';
import type { Distribution } from '../domain/distribution.ts';
import { ok, type Result } from '../domain/failure.ts';
import { type ProfileDocument, readDocument } from './document.ts';
import { type ControlData, controlsSchema } from './schema.ts';
import { validate } from './validate.ts';
import { checkControl, type ValidateWant } from './wants.ts';
import { fillingsOf } from './words.ts';

/** A control and where it stands, for what can only be checked with all of them at hand. */
type Placed = { readonly control: Control; readonly document: ProfileDocument; readonly at: number };

/** Reads the controls of a distribution; a control in a later folder replaces the one of the same id, and says so. */
export async function readControls(
  layers: readonly (readonly string[])[],
  distribution: Distribution,
  validateWant: ValidateWant,
): Promise<Result<readonly Control[]>> {
  const placed = new Map<string, Placed>();
  const fillings = fillingsOf(distribution);
  for (const files of layers) {
    const ofLayer = new Map<string, Placed>();
    for (const file of files) {
      const document = await readDocument(file);
      if (!document.ok) return document;
      const read = validate<readonly ControlData[]>(document.value, controlsSchema);
      if (!read.ok) return read;
      for (const [at, data] of read.value.entries()) {
        const twin = ofLayer.get(data.id);
        if (twin) {
          const where = `${twin.document.file}:${twin.document.lineOf([twin.at])}`;
          return document.value.invalid([at, 'id'], `${data.id} is the id of another control, at ${where}`);
        }
        const control = checkControl(document.value, at, data, distribution, fillings, validateWant);
        if (!control.ok) return control;
        ofLayer.set(data.id, { control: control.value, document: document.value, at });
      }
    }
    for (const [id, upper] of ofLayer) placed.set(id, placed.has(id) ? overridden(upper) : upper);
  }
  const checked = checkNeeds(placed);
  return checked.ok ? ok([...placed.values()].map((p) => p.control)) : checked;
}

function overridden(placed: Placed): Placed {
  const note = `replaced by ${placed.document.file}`;
  return { ...placed, control: { ...placed.control, sources: [...placed.control.sources, note] } };
}

function checkNeeds(placed: ReadonlyMap<string, Placed>): Result<void> {
  for (const { control, document, at } of placed.values()) {
    for (const [index, id] of (control.broughtBy ?? []).entries())
      if (!placed.has(id)) return document.invalid([at, 'broughtBy', index], `there is no control ${id}`);
    for (const [index, need] of control.needs.entries()) {
      if (!placed.has(need)) return document.invalid([at, 'needs', index], `there is no control ${need}`);
      const round = wayBack(placed, need, control.id, []);
      if (round)
        return document.invalid(
          [at, 'needs', index],
          `goes round in a circle: ${[control.id, ...round].join(' needs ')}`,
        );
    }
  }
  return ok(undefined);
}

/** The needs that lead from a control to `goal`, if any do. */
function wayBack(
  placed: ReadonlyMap<string, Placed>,
  from: string,
  goal: string,
  seen: readonly string[],
): readonly string[] | undefined {
  if (from === goal) return [...seen, goal];
  if (seen.includes(from)) return undefined;
  for (const need of placed.get(from)?.control.needs ?? []) {
    const way = wayBack(placed, need, goal, [...seen, from]);
    if (way) return way;
  }
  return undefined;
}
