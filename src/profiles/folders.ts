import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok, type Result } from '../domain/failure.ts';
import { systemWords } from '../domain/system-error.ts';

/** Folders beside the distributions that hold something else. */
export const reservedFolders = new Set(['practice', 'troubles']);

/** The files of one distribution: of each benchmark and of the description the one that lies on top, of controls all. */
export type DistributionFiles = {
  readonly id: string;
  readonly description: string | undefined;
  readonly benchmarks: readonly {
    readonly id: string;
    readonly file: string;
    /** The first of the lists of controls that lies with it or above it. */
    readonly from: number;
  }[];
  /** What versions no longer take, lowest folder first. */
  readonly gates: readonly string[];
  /** One list a folder, lowest folder first. */
  readonly controls: readonly (readonly string[])[];
};

/**
 * Finds the files of every distribution in folders of which later ones lie over earlier ones. The first must be there; a
 * later one that is not there has nothing to lay over it.
 */
export function findDistributions(folders: readonly string[]): Result<readonly DistributionFiles[]> {
  const found = new Map<string, DistributionFiles>();
  for (const [index, folder] of folders.entries()) {
    if (index > 0 && !isThere(folder)) continue;
    const listed = list(folder);
    if (!listed.ok) return listed;
    for (const { name: id, isFolder } of listed.value) {
      if (!isFolder || reservedFolders.has(id) || id.startsWith('.')) continue;
      const layer = readLayer(join(folder, id), id);
      if (!layer.ok) return layer;
      found.set(id, over(found.get(id), layer.value));
    }
  }
  return ok([...found.values()]);
}

/** Below `troubles`: each trouble's file, and `every`, of which that in the last folder counts; none where there is no such folder. */
export function findTroubles(
  folders: readonly string[],
): Result<readonly { readonly id: string; readonly file: string }[]> {
  const found = new Map<string, string>();
  for (const folder of folders.map((each) => join(each, 'troubles'))) {
    if (!isThere(folder)) continue;
    const listed = list(folder);
    if (!listed.ok) return listed;
    for (const { name } of listed.value.filter((e) => !e.isFolder && isYaml(e.name)))
      found.set(name.replace(/\.yaml$/, ''), join(folder, name));
  }
  const byName = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return ok(byName.map(([id, file]) => ({ id, file })));
}

function readLayer(folder: string, id: string): Result<DistributionFiles> {
  const listed = list(folder);
  if (!listed.ok) return listed;
  const yaml = listed.value.filter((e) => !e.isFolder && isYaml(e.name)).map((e) => e.name);
  const benchmarks = yaml
    .filter((name) => name !== 'distribution.yaml' && name !== 'upgrades.yaml')
    .map((name) => ({ id: name.replace(/\.yaml$/, ''), file: join(folder, name), from: 0 }));
  const description = yaml.includes('distribution.yaml') ? join(folder, 'distribution.yaml') : undefined;
  const gates = yaml.includes('upgrades.yaml') ? [join(folder, 'upgrades.yaml')] : [];
  if (!listed.value.some((e) => e.isFolder && e.name === 'controls')) {
    return ok({ id, description, benchmarks, gates, controls: [] });
  }
  const below = list(join(folder, 'controls'));
  if (!below.ok) return below;
  const controls = below.value.filter((e) => isYaml(e.name)).map((e) => join(folder, 'controls', e.name));
  return ok({ id, description, benchmarks, gates, controls: [controls] });
}

function over(lower: DistributionFiles | undefined, upper: DistributionFiles): DistributionFiles {
  if (!lower) return upper;
  const above = upper.benchmarks.map((b) => ({ ...b, from: lower.controls.length }));
  const replaced = new Map([...lower.benchmarks, ...above].map((b) => [b.id, b]));
  return {
    id: upper.id,
    description: upper.description ?? lower.description,
    benchmarks: [...replaced.values()],
    gates: [...lower.gates, ...upper.gates],
    controls: [...lower.controls, ...upper.controls],
  };
}

function list(folder: string): Result<readonly { readonly name: string; readonly isFolder: boolean }[]> {
  try {
    const listed = readdirSync(folder, { withFileTypes: true }).map((e) => ({
      name: e.name,
      isFolder: e.isSymbolicLink() ? isFolder(join(folder, e.name)) : e.isDirectory(),
    }));
    return ok(listed.toSorted((a, b) => (a.name < b.name ? -1 : 1)));
  } catch (error) {
    return fail({ code: 'file-unreadable', path: folder, message: systemWords(error) });
  }
}

/** Whether a link leads to a folder; one that leads nowhere is taken for a file, so that reading it says so. */
function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Whether anything is at a path; what cannot be looked at counts as there, so that reading it says why. */
export function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}

function isYaml(name: string): boolean {
  return name.endsWith('.yaml') && !name.startsWith('.');
}
