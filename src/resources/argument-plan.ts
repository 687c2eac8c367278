import { type Place, unitAt } from '../domain/distribution.ts';
import type { Plan } from '../domain/resource.ts';
import { type ArgumentTest, argumentHolds, argumentTarget, argumentWish } from './argument-test.ts';
import { type ConfigFiles, planConfigWrite, settingsAfter } from './config-files.ts';
import { accumulates, flagItems, itemsValue } from './flags.ts';
import { configOf, type Found, lookUp, unitSets } from './settings.ts';
import { type TreeStep, valueAt } from './tree.ts';
import { refused } from './write.ts';
import { editYaml } from './yaml-edit.ts';
import { parseYaml, valuesOf } from './yaml-text.ts';

/** The key of the configuration whose list items become arguments, and what it holds now. */
export type Via = { readonly key: string; readonly config: ConfigFiles; readonly found: Found };

type Wanted = ArgumentTest & {
  readonly process: string;
  readonly flag: string;
  /** The way out where no argument can be added, in one sentence. */
  readonly instead?: string | undefined;
};

/** The plan that asks for an argument through the configuration: an item of the operator's is corrected, else one is added. */
export function planArgument(
  wanted: Wanted,
  running: readonly (string | undefined)[],
  via: Via | undefined,
  place: Place,
): Plan {
  const wish = `--${wanted.flag} ${argumentWish(wanted)}`;
  if (!via) {
    return refused(
      `${wanted.process} gets its arguments from ${place.distribution.title}, not from a file that we edit`,
      wanted.instead ??
        `The service sets it itself: look for the control that makes it do so (often the profile), to have ${wish}.`,
    );
  }
  const { file, environment, flags } = via.found;
  const own = file?.values.findLast((item) => itemValue(item, wanted.flag) !== undefined);
  const ownValue = own === undefined ? undefined : itemValue(own, wanted.flag);
  if (flags.length === 0 && asksForIt(wanted, file?.values)) return { kind: 'nothing' };
  if (place.managedBy) {
    return refused(`${place.managedBy.who} owns the configuration of ${place.node}`, place.managedBy.instead);
  }
  if (flags.length > 0) {
    return refused(
      unitSets(via.key, place),
      `Set ${wish} in the command of the unit (systemctl edit --full ${unitAt(place)}), or move what it says into the configuration file.`,
    );
  }
  if (environment) {
    return refused(
      `${environment.where} sets ${environment.name}, which comes on top of the configuration files`,
      'Move what it says into the configuration file, then ask again.',
    );
  }
  // A flag that adds up keeps what the process has from elsewhere; of any other, our value is the whole.
  const items = flagItems(ownValue ?? (accumulates(wanted.flag) ? '' : (running[0] ?? '')));
  const target = argumentTarget(wanted, items);
  const from = file?.from.findLast((s) => own !== undefined && s.values.includes(own));
  if (target === undefined) {
    return refused(
      own === undefined
        ? `${wish} cannot be reached by adding an argument`
        : `${from?.path}:${from?.line} asks for ${own}, and taking that out is a decision of yours`,
      wanted.instead ?? 'See where the flag comes from, and take it out there.',
    );
  }
  const item = `${wanted.flag}=${target}`;
  const path = from?.path ?? configOf(place).ours;
  const text = via.config.settings.files.find((f) => f.path === path)?.text ?? '';
  const [at, value] = itemPlace(text, path, via.key, own, item);
  const edited = editYaml(text, at, value, path);
  if (!edited.known) return refused(edited.reason, `Add ${item} to ${via.key} by hand.`);
  const after = lookUp(settingsAfter(via.config.settings, path, edited.value, place), via.key, place);
  const left = after.known ? (after.value.file?.values ?? []) : [];
  const wantedItems = [...(file?.values ?? []).filter((i) => i !== own), item];
  if (!asksForIt(wanted, wantedItems)) {
    return refused(
      `${via.key} asks for --${wanted.flag} more than once, and all of it counts together`,
      'Keep one of the items, then ask again.',
    );
  }
  if (!wantedItems.every((i) => left.includes(i))) {
    const culprit = after.known ? after.value.file?.from[0] : undefined;
    return refused(
      `${culprit?.path ?? 'a later file'}${culprit ? `:${culprit.line}` : ''} sets ${via.key} anew, so what ${path} adds would be lost`,
      `Write the key there as ${via.key}+, or add ${item} in that file.`,
    );
  }
  return planConfigWrite(via.config, path, edited.value, place);
}

/** Where in the file the item goes, and what is written there: in place of the one of its flag, after the last, or as a list. */
function itemPlace(
  text: string,
  path: string,
  key: string,
  own: string | undefined,
  item: string,
): readonly [readonly TreeStep[], unknown] {
  const parsed = parseYaml(text, path);
  const values = parsed.known ? valuesOf(parsed.value, path) : parsed;
  const listOf = (name: string) => [values.known ? valueAt(values.value, [name]) : undefined].flat();
  for (const name of [`${key}+`, key]) {
    const items = listOf(name).filter((i) => i !== undefined && i !== null);
    if (own === undefined ? items.length === 0 : !items.includes(own)) continue;
    if (values.known && Array.isArray(valueAt(values.value, [name]))) {
      return [[name, own === undefined ? items.length : listOf(name).lastIndexOf(own)], item];
    }
    return [[name], own === undefined ? [...items, item] : item];
  }
  return [[`${key}+`], [item]];
}

/** Whether items of the configuration ask for what is wanted: of a list flag all of them count, of any other the last. */
export function asksForIt(
  wanted: ArgumentTest & { readonly flag: string },
  items: readonly string[] = [],
): boolean {
  const value = itemsValue(items, wanted.flag);
  return value !== undefined && argumentHolds(wanted, value);
}

function itemValue(item: string, flag: string): string | undefined {
  return itemsValue([item], flag);
}
